-- Of whom a contact is made without anybody entering it.

create table contact_settings (
    -- There is one row.
    id          boolean     primary key default true,
    policy      text        not null default 'none',
    updated_at  timestamptz not null default now(),

    constraint contact_settings_one_row check (id),
    constraint contact_settings_policy_known check (policy in ('none', 'sent', 'sent-and-received'))
);

insert into contact_settings default values;

-- How a contact came to be. Of one that the policy made: the event that gave it its name. That is the one of the earliest mail that tells a
-- name, whatever the order in which the events came; the name is followed until a person changes it.
alter table contacts
    add column origin text not null default 'entered',
    add column origin_account_id text collate "C",
    add column origin_source text collate "C",
    add column origin_event_id text collate "C",
    add column origin_at timestamptz,
    add column origin_name text,
    add constraint contacts_origin_known check (origin in ('entered', 'policy-sent', 'policy-received')),
    add constraint contacts_origin_told check (
        num_nulls(origin_account_id, origin_source, origin_event_id, origin_at, origin_name) = case origin when 'entered' then 5 else 0 end);
