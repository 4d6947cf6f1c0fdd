-- The people of the CRM. Ids are UUIDs of version 7, made by the Api, so new rows go to the end of an index.

create table companies (
    id          uuid        primary key,
    name        text        not null,
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),

    constraint companies_named check (name <> '')
);

-- Search by prefix: lower(name) >= lower($prefix) and lower(name) < the prefix with its last character raised. Collation C keeps it a range.
create index companies_by_name on companies (lower(name) collate "C", id);

create table contacts (
    id          uuid        primary key,
    company_id  uuid        references companies on delete set null,
    name        text        not null default '',
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now()
);

create index contacts_by_name on contacts (lower(name) collate "C", id);
create index contacts_by_company on contacts (company_id, id);

-- An address belongs to one contact. Collation C makes the one index good for equality and for a search by prefix.
create table contact_addresses (
    address     text      collate "C" primary key,
    contact_id  uuid      not null references contacts on delete cascade,
    position    smallint  not null default 0,

    constraint contact_addresses_not_empty check (address <> '')
);

create index contact_addresses_by_contact on contact_addresses (contact_id, position);
