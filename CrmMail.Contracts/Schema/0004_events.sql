-- What became of events that made no activity, and what a record could not hold.

-- Every event without an activity of its own, and why: kept for 30 days. A replay may change the reason, or remove the row when
-- the event now makes an activity.
--   insert ... on conflict (account_id, source, event_id) do update set reason = excluded.reason
create table skipped_events (
    account_id      text        not null,
    source          text        not null,
    event_id        text        not null,
    event           text        not null,
    reason          text        not null,
    -- The keys of the mail, if it has any: they answer "why is this mail not on the timeline?" Not indexed, for most mail ends here.
    mail_keys       bytea[]     not null default '{}',
    topic           text        not null,
    partition       integer     not null,
    "offset"        bigint      not null,
    correlation_id  text        not null,
    recorded_at     timestamptz not null default now(),

    primary key (account_id, source, event_id)
);

create index skipped_events_by_age on skipped_events (recorded_at);
create index skipped_events_by_correlation on skipped_events (correlation_id);

-- What is known of the delivery of a mail, also before the mail itself is known: a bounce may come before the Sent copy.
--   insert ... on conflict (key, account_id) do update ... where the new status is the later one
create table delivery_reports (
    key            bytea       not null,
    account_id     text        not null,
    status         text        not null,
    status_detail  text,
    status_at      timestamptz not null,

    primary key (key, account_id),
    constraint delivery_reports_key_is_sha256 check (octet_length(key) = 32),
    constraint delivery_reports_status_known check (status in ('queued', 'sent', 'failed', 'bounced'))
);

-- Bodies too large for a Kafka record; the record names them by hash. Written before the record is produced:
--   insert ... on conflict (sha256) do nothing
create table spilled_bodies (
    sha256     bytea       primary key,
    body       bytea       not null,
    stored_at  timestamptz not null default now(),

    constraint spilled_bodies_sha256_fits check (octet_length(sha256) = 32)
);
