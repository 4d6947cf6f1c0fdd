-- Companies by their domains, deals, and which mails belong to them.

-- What follows the last "@": contacts are found by it, for a company is known by its domains.
create function mail_domain(address text) returns text
language sql immutable strict parallel safe
return substring(address from '[^@]*$');

create index contact_addresses_by_domain on contact_addresses (mail_domain(address));

-- {slug}@ at the inbound domain is an address of the company.
alter table companies
    add column slug text collate "C",
    add constraint companies_slug_well_formed check (slug ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' and slug !~ '^deal-');

create unique index companies_by_slug on companies (slug) where slug is not null;

-- A domain belongs to one company, and with it every contact that has an address there and no company of its own (contacts.company_id,
-- which is set by hand). Of several addresses the first counts.
create table company_domains (
    domain      text      collate "C" primary key,
    company_id  uuid      not null references companies on delete cascade,
    position    smallint  not null default 0,

    constraint company_domains_not_empty check (domain <> '')
);

create index company_domains_by_company on company_domains (company_id, position);

create table deals (
    id          uuid        primary key,
    name        text        not null,
    company_id  uuid        references companies on delete set null,
    stage       text        not null default '',
    owner       text        not null default '',
    created_at  timestamptz not null default now(),
    updated_at  timestamptz not null default now(),

    constraint deals_named check (name <> '')
);

create index deals_by_company on deals (company_id, id);

create table deal_contacts (
    deal_id     uuid  not null references deals on delete cascade,
    contact_id  uuid  not null references contacts on delete cascade,

    primary key (deal_id, contact_id)
);

create index deal_contacts_by_contact on deal_contacts (contact_id, deal_id);

-- When a deal was open: a row for each time, closed_at null while it is. Routing asks whether it was open when the mail was written, so
-- the answer is the same today and in a replay next year. Of several the newest is the one that was opened last, then that of the larger id.
create table deal_periods (
    deal_id    uuid        not null references deals on delete cascade,
    opened_at  timestamptz not null,
    closed_at  timestamptz,

    primary key (deal_id, opened_at),
    constraint deal_periods_in_order check (closed_at >= opened_at)
);

create unique index deal_periods_open_once on deal_periods (deal_id) where closed_at is null;

-- What the Processor decided, and by which rule: a function of the mail as it is stored and of the deals. No row: neither deal nor company.
create table activity_routes (
    activity_id  bigint  primary key references activities on delete cascade,
    deal_id      uuid    references deals on delete cascade,
    deal_reason  text,
    -- The company to whose address the mail went.
    company_id   uuid    references companies on delete cascade,

    constraint activity_routes_not_empty check (deal_id is not null or company_id is not null),
    constraint activity_routes_with_reason check ((deal_id is null) = (deal_reason is null)),
    constraint activity_routes_reason_known check (deal_reason in ('routing-address', 'thread', 'contact', 'company'))
);

create index activity_routes_by_deal on activity_routes (deal_id) where deal_id is not null;
create index activity_routes_by_company on activity_routes (company_id) where company_id is not null;

-- What a person said: this mail belongs to the deal, or does not. It stands against whatever is decided by rules, before and after, and
-- nothing but a person changes it. By the key of the mail: it is said of the mail in all accounts, and outlives the activity.
create table deal_mails (
    deal_id    uuid        not null references deals on delete cascade,
    mail_key   bytea       not null,
    is_linked  boolean     not null,
    -- The name of the API key.
    said_by    text        not null,
    said_at    timestamptz not null default now(),

    primary key (deal_id, mail_key),
    constraint deal_mails_mail_key_is_sha256 check (octet_length(mail_key) = 32)
);

create index deal_mails_by_mail on deal_mails (mail_key);
