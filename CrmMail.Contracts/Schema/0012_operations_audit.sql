-- Who told the system to change data, and what came of it. Rows are added in the transaction of the change; nothing else is ever changed
-- in them than the result, once, by the run that they started.

create table operations_audit (
    id       bigint      generated always as identity primary key,
    at       timestamptz not null default now(),
    -- The name of the API key, or 'system'.
    actor    text        not null,
    -- What was asked for, such as 'dead-letters.requeue'.
    action   text        not null,
    -- The request as it was understood. Nothing of a mail.
    request  jsonb       not null,
    -- The run that does it; null where the request was all.
    run_id   uuid,
    -- What came of it; null while the run goes on.
    result   jsonb
);

create index operations_audit_by_run on operations_audit (run_id);
create index operations_audit_by_action on operations_audit (action, id desc);
