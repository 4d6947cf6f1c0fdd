-- An erasure outlasts the contact: what went, what is kept and until when, and by which hashes the person is known again.

create table erasures (
    id            uuid        primary key,
    -- Of a contact that is no more.
    contact_id    uuid        not null,
    requested_by  text        not null,
    requested_at  timestamptz not null default now(),
    -- Null while it goes on: the hashes are written first, and then, in one transaction, everything goes.
    completed_at  timestamptz,
    -- {"removed": {...}, "kept": [...]}. Nothing of the person.
    certificate   jsonb,

    constraint erasures_certified check ((completed_at is null) = (certificate is null))
);

create index erasures_by_contact on erasures (contact_id);
create unique index erasures_open on erasures (contact_id) where completed_at is null;

-- Tombstones: HMAC-SHA256 of an address, with a key of the configuration. Nobody with such an address is written into an activity, until
-- somebody enters a contact with it.
create table erased_addresses (
    hash        bytea       primary key,
    erasure_id  uuid        not null references erasures,
    erased_at   timestamptz not null default now(),

    constraint erased_addresses_is_sha256 check (octet_length(hash) = 32)
);

create index erased_addresses_by_age on erased_addresses (erased_at);

-- How long Kafka keeps the records of a topic, as the migrator found it last: requests do not ask Kafka.
create table topic_retention (
    topic         text        primary key,
    -- Null for ever.
    retention     interval,
    -- Records go with their segment, and so up to this much later.
    segment       interval    not null,
    seen_at       timestamptz not null default now()
);
