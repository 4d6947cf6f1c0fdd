-- Contacts that were merged into others, and what it takes to undo that.

create table contact_merges (
    id                 uuid         primary key,
    -- Gone once its mails have moved, and there again from when the merge is undone.
    contact_id         uuid         not null,
    into_id            uuid         not null,
    state              text         not null default 'moving',
    requested_by       text         not null,
    -- By the clock, behind the locks: merges are done in the order in which they were decided.
    requested_at       timestamptz  not null default clock_timestamp(),
    merged_at          timestamptz,
    undo_requested_by  text,
    undo_requested_at  timestamptz,
    undone_at          timestamptz,

    -- What the contact was; empty once it is that again.
    name               text         not null,
    company_id         uuid         references companies on delete set null,
    created_at         timestamptz  not null,
    addresses          text[]       not null,
    deals              uuid[]       not null,
    -- Of these deals, those in which the other one took part, too.
    shared_deals       uuid[]       not null,
    -- Whether the other one had none, and took over that of the contact.
    gives_name         boolean      not null,
    gives_company      boolean      not null,

    -- Links between the contact and mails: how many are to be moved, or moved back, and how many were.
    total              bigint       not null,
    done               bigint       not null default 0,

    constraint contact_merges_of_two check (contact_id <> into_id),
    constraint contact_merges_state_known check (state in ('moving', 'merged', 'undoing', 'undone'))
);

create unique index contact_merges_once on contact_merges (contact_id) where state <> 'undone';
create index contact_merges_by_contact on contact_merges (contact_id);
create index contact_merges_by_into on contact_merges (into_id, requested_at);
create index contact_merges_by_age on contact_merges (requested_at desc, id desc);
create index contact_merges_open on contact_merges (requested_at) where state in ('moving', 'undoing');

-- The links that were moved, as they were: no event need tell of them again to give them back.
create table contact_merge_links (
    merge_id           uuid     not null references contact_merges on delete cascade,
    activity_id        bigint   not null references activities on delete cascade,
    role               text     not null,
    matched_by         text     collate "C",
    -- The other one had such a link itself, and by which rule.
    is_shared          boolean  not null,
    shared_matched_by  text     collate "C",

    primary key (merge_id, activity_id, role)
);

create index contact_merge_links_by_activity on contact_merge_links (activity_id);

-- It is no contact any more: its row goes once its mails have moved.
alter table contacts add column is_merged boolean not null default false;
