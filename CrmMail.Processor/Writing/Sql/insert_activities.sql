-- $30 holds the names of rules with blanks between them: an array of arrays has to be rectangular.
insert into activities (
    id, account_id, mail_key, message_id, remote_id, folder_path, folder_special_use, folder_at,
    direction, subject, snippet, participants, attachment_count, is_auto_reply, is_complete, in_reply_to, thread_key,
    status, status_detail, status_at, occurred_at, received_at,
    source, event_id, topic, partition, "offset", correlation_id,
    tags, tag_rules, attachments)
select
    id, account_id, mail_key, message_id, remote_id, folder_path, folder_special_use, folder_at,
    direction, subject, snippet, participants, attachment_count, is_auto_reply, is_complete, in_reply_to, thread_key,
    status, status_detail, status_at, occurred_at, received_at,
    source, event_id, topic, partition, "offset", correlation_id,
    tags, string_to_array(tag_rules, ' '), attachments
from unnest(
    $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)
    as mail (
        id, account_id, mail_key, message_id, remote_id, folder_path, folder_special_use, folder_at,
        direction, subject, snippet, participants, attachment_count, is_auto_reply, is_complete, in_reply_to, thread_key,
        status, status_detail, status_at, occurred_at, received_at,
        source, event_id, topic, partition, "offset", correlation_id,
        tags, tag_rules, attachments)
