-- No foreign keys, and no indexes but those that the statements need: it is read once and thrown away. Ids come from the real sequence.
create schema {draft};

create table {draft}.accounts (like public.accounts including defaults, primary key (id));
create table {draft}.account_addresses (like public.account_addresses, primary key (address, account_id));
create table {draft}.activities (like public.activities including defaults, primary key (id));
create table {draft}.activity_bodies (like public.activity_bodies, primary key (activity_id));
create table {draft}.message_keys (like public.message_keys, primary key (key, account_id));
create table {draft}.timeline_entries (like public.timeline_entries including identity, unique (contact_id, mail_key));
create table {draft}.activity_contacts (like public.activity_contacts, primary key (activity_id, contact_id, role));
create table {draft}.activity_routes (like public.activity_routes, primary key (activity_id));
create table {draft}.skipped_events (like public.skipped_events including defaults, primary key (account_id, source, event_id));
create table {draft}.address_ledger (like public.address_ledger including defaults, primary key (account_id, source, event_id, role, address_key));
create table {draft}.address_names (like public.address_names, primary key (address, name_key));
create table {draft}.delivery_reports (like public.delivery_reports, primary key (key, account_id));

-- Whom the policy would make a contact. They are found as the real ones are, and by the run alone.
create table {draft}.policy_contacts (id uuid not null, address text collate "C" primary key);

create view {draft}.contacts as
select id from public.contacts
union all
select id from {draft}.policy_contacts;

create view {draft}.contact_addresses as
select address, contact_id from public.contact_addresses
union all
select address, id from {draft}.policy_contacts;

-- Of what is in the draft, that is true; what only the real tables have stays where it is.
create view {draft}.thread_mails as
select
    own.key,
    own.account_id,
    activities.id as activity_id,
    activities.mail_key,
    activities.occurred_at,
    activities.redacted_at is null as is_routable,
    route.deal_id,
    route.deal_reason
from {draft}.message_keys as own
join {draft}.activities on activities.id = own.activity_id
left join {draft}.activity_routes as route on route.activity_id = activities.id
union all
select key, account_id, activity_id, mail_key, occurred_at, false, deal_id, deal_reason
from public.thread_mails as stored
where not exists (select from {draft}.message_keys as own where own.key = stored.key and own.account_id = stored.account_id);

-- What an activity of the draft names as its conversation and is not together in the real tables, where it is kept in both.
create table {draft}.loose_references (activity_id bigint, key bytea);

create index on {draft}.loose_references (activity_id);
create index on {draft}.account_addresses (gmail_mailbox(address)) where gmail_mailbox(address) is not null;
create index on {draft}.activities (account_id);
create index on {draft}.message_keys (activity_id);

-- Activities that were copied from the real tables, because other events than those of the range made them.
create table {draft}.seeds (activity_id bigint primary key);

create table {draft}.seen_accounts (partition integer, account_id text collate "C", primary key (partition, account_id));

insert into {draft}.account_addresses
select *
from public.account_addresses;
