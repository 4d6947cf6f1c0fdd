update activities
set message_id = coalesce(activities.message_id, told.message_id),
    subject = told.subject,
    snippet = told.snippet,
    participants = told.participants,
    attachment_count = told.attachment_count,
    is_auto_reply = told.is_auto_reply,
    is_complete = told.is_complete,
    in_reply_to = told.in_reply_to,
    thread_key = told.thread_key,
    attachments = told.attachments
from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    as told (id, message_id, subject, snippet, participants, attachment_count, is_auto_reply, is_complete, in_reply_to, thread_key, attachments)
where activities.id = told.id
