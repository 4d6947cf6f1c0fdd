-- The mails that the Api was asked to send: by the keys $1, or by account $2 and id in the outbox $3.
select account_id, message_key, queue_id, subject, snippet, participants, in_reply_to
from outbound_messages
where message_key = any ($1)
union all
select account_id, message_key, queue_id, subject, snippet, participants, in_reply_to
from outbound_messages
join unnest($2, $3) as asked (account_id, queue_id) using (account_id, queue_id)
