-- By which addresses mails were looked up, and whom that led to: so that a contact that is made later finds its past mail, and one that loses
-- an address loses the mail that came by it.

-- What all addresses have in common that some rule takes for one another. EmailAddress.Mailbox says the same.
create function address_mailbox(address text) returns text
language sql immutable strict parallel safe
return coalesce(gmail_mailbox(address), regexp_replace(address, '^([^+]+)[+].*(@[^@]*)$', '\1\2'));

-- One row for each event, header and address that is none of our own. What is here follows from the events and the contacts alone.
--   insert ... on conflict (account_id, source, event_id, role, address_key) do update set contact_id = excluded.contact_id
create table address_ledger (
    account_id   text         not null,
    source       text         not null,
    event_id     text         not null,
    role         text         not null,
    -- The SHA-256 of the address, which may be longer than a key of an index.
    address_key  bytea        not null,
    address      text         collate "C" not null,
    mailbox      text         collate "C" not null,
    -- The contact to whom the address led when the event was last written.
    contact_id   uuid,
    direction    text         not null,
    -- A key of the mail: it leads to the activity, if there is one.
    mail_key     bytea        not null,
    -- When the mail was written, as far as this event tells.
    occurred_at  timestamptz  not null,
    partition    integer      not null,
    "offset"     bigint       not null,
    -- Contacts have changed, and the event is to be written once more.
    is_due       boolean      not null default false,

    primary key (account_id, source, event_id, role, address_key),
    constraint address_ledger_key_is_sha256 check (octet_length(address_key) = 32 and octet_length(mail_key) = 32),
    constraint address_ledger_role_known check (role in ('from', 'to', 'cc', 'bcc', 'reply_to')),
    constraint address_ledger_direction_known check (direction in ('incoming', 'sent'))
) with (fillfactor = 85);

create index address_ledger_by_mailbox on address_ledger (mailbox, address, occurred_at);
create index address_ledger_by_mail on address_ledger (mail_key, account_id);
create index address_ledger_due on address_ledger (partition, "offset") where is_due;

-- Mailboxes whose contacts have changed. A mail that was looked up before the change may be written after it: so the ledger is looked at
-- several times, the last time when no such batch can be on its way any more.
create table address_changes (
    mailbox  text         collate "C" primary key,
    -- Counts changes: what comes while the one before is worked on is not forgotten.
    version  bigint       not null default 1,
    looks    integer      not null default 0,
    look_at  timestamptz  not null default now()
);

create index address_changes_in_order on address_changes (look_at);

-- Whoever gives or takes an address: requests, imports, erasures, people at a console.
create function note_address_changes() returns trigger
language plpgsql
as $$
begin
    insert into address_changes (mailbox)
    select distinct address_mailbox(address) as mailbox
    from changed
    order by mailbox
    on conflict (mailbox) do update
    set version = address_changes.version + 1, looks = 0, look_at = now();
    return null;
end
$$;

create trigger contact_addresses_given after insert on contact_addresses
referencing new table as changed
for each statement execute function note_address_changes();

create trigger contact_addresses_taken after delete on contact_addresses
referencing old table as changed
for each statement execute function note_address_changes();
