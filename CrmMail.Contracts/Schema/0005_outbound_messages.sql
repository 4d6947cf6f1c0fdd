-- Mails that the Api was asked to send. The row is there before EmailEngine is asked, so a repeated request finds the first one.
--   insert ... on conflict (account_id, idempotency_key) do nothing

create table outbound_messages (
    account_id       text        not null references accounts,
    idempotency_key  text        not null,
    -- The same key with another request is refused.
    request_sha256   bytea       not null,

    state            text        not null default 'pending',
    answer_status    integer,
    answer           jsonb,
    queue_id         text,
    message_id       text,
    message_key      bytea,
    send_at          timestamptz,

    -- What messageSent does not tell of the mail.
    subject          text        not null default '',
    snippet          text        not null default '',
    participants     jsonb       not null default '{}',
    in_reply_to      text,

    correlation_id   text,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),

    primary key (account_id, idempotency_key),
    constraint outbound_messages_request_is_sha256 check (octet_length(request_sha256) = 32),
    constraint outbound_messages_key_is_sha256 check (octet_length(message_key) = 32),
    constraint outbound_messages_state_known check (state in ('pending', 'queued', 'rejected', 'canceled'))
);

create unique index outbound_messages_by_queue_id on outbound_messages (account_id, queue_id) where queue_id is not null;
create index outbound_messages_by_message_key on outbound_messages (message_key, account_id) where message_key is not null;
create index outbound_messages_by_age on outbound_messages (created_at);
