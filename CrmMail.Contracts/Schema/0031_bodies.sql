-- Bodies of mails, at the level "body". A body is encrypted with a key of its own (content key), that one with a key of each contact who took
-- part (data key), and those with a key of the configuration (master key). Nothing here can be read without the configuration.

alter table storage_settings
    drop constraint storage_settings_level_known,
    add constraint storage_settings_level_known check (level in ('metadata', 'subject', 'snippet', 'body'));

alter table accounts
    drop constraint accounts_storage_level_known,
    add constraint accounts_storage_level_known check (storage_level in ('metadata', 'subject', 'snippet', 'body'));

alter table storage_runs
    drop constraint storage_runs_level_known,
    add constraint storage_runs_level_known check (level in ('metadata', 'subject', 'snippet', 'body'));

-- Null asks for nothing.
create or replace function strictest_level(one text, other text) returns text
language sql immutable parallel safe
return case
    when 'metadata' in (one, other) then 'metadata'
    when 'subject' in (one, other) then 'subject'
    when 'snippet' in (one, other) then 'snippet'
    else coalesce(one, other, 'snippet')
end;

create table data_keys (
    -- Bound into the ciphertext: no row can stand for another one.
    id          uuid        primary key,
    -- Null for the one key of the fingerprints. A contact may have several, when two Processors needed the first one at once; all of them count.
    contact_id  uuid        references contacts on delete cascade,
    -- The merge by which the contact got the key: by it no further body is encrypted, for it goes back when the merge is undone.
    merge_id    uuid        references contact_merges on delete set null,
    -- By its id in the configuration.
    master_key  text        not null,
    wrapped     bytea       not null,
    created_at  timestamptz not null default now(),

    -- Nonce, key, tag.
    constraint data_keys_wrapped_whole check (octet_length(wrapped) = 60)
);

create index data_keys_by_contact on data_keys (contact_id);
create index data_keys_by_merge on data_keys (merge_id) where merge_id is not null;
create index data_keys_by_master_key on data_keys (master_key);
create unique index data_keys_of_fingerprints on data_keys ((true)) where contact_id is null;

create table activity_bodies (
    activity_id  bigint      primary key references activities on delete cascade,
    -- That of the activity: retention counts from it.
    occurred_at  timestamptz not null,
    -- Of what is encrypted, in bytes.
    length       integer     not null,
    -- HMAC-SHA256 of what is encrypted. By it a replay finds whether a body is still the same, without reading it.
    fingerprint  bytea       not null,
    -- Nonce, ciphertext, tag. Account and key of the mail are bound into it.
    content      bytea       not null,

    constraint activity_bodies_fingerprint_is_sha256 check (octet_length(fingerprint) = 32)
);

-- What is encrypted cannot be compressed.
alter table activity_bodies alter column content set storage external;

create index activity_bodies_by_age on activity_bodies (occurred_at);

-- The content key of a body, once for each contact who may have it read.
create table body_keys (
    activity_id  bigint  not null references activity_bodies on delete cascade,
    data_key_id  uuid    not null references data_keys on delete cascade,
    wrapped      bytea   not null,

    primary key (activity_id, data_key_id),
    constraint body_keys_wrapped_whole check (octet_length(wrapped) = 60)
);

create index body_keys_by_data_key on body_keys (data_key_id);

-- Both look at the end of the transaction: a link may be made anew, or move to another contact, before that.

-- A contact who is not linked to a mail any more loses its body.
create function take_body_from_unlinked() returns trigger
language plpgsql
set search_path = public
as $$
begin
    delete from body_keys
    using data_keys
    where body_keys.activity_id = old.activity_id
      and data_keys.id = body_keys.data_key_id
      and data_keys.contact_id = old.contact_id
      and not exists (
        select
        from activity_contacts as link
        where link.activity_id = old.activity_id
          and link.contact_id = old.contact_id);
    return null;
end
$$;

create constraint trigger activity_contacts_unlinked
after delete on activity_contacts
deferrable initially deferred
for each row execute function take_body_from_unlinked();

create constraint trigger activity_contacts_moved
after update of contact_id on activity_contacts
deferrable initially deferred
for each row
when (old.contact_id <> new.contact_id)
execute function take_body_from_unlinked();

-- A body that nobody can read any more goes.
create function delete_unreadable_body() returns trigger
language plpgsql
set search_path = public
as $$
begin
    delete from activity_bodies
    where activity_id = old.activity_id
      and not exists (select from body_keys where body_keys.activity_id = old.activity_id);
    return null;
end
$$;

create constraint trigger body_keys_gone
after delete on body_keys
deferrable initially deferred
for each row execute function delete_unreadable_body();
