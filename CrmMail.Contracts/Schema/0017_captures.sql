-- A mail that several accounts have, as one activity with its captures. In activities it stays one row per account, which the events of that
-- account alone write: so nothing has to be decided while two of them are written at the same time, and nothing to be put right when an
-- account goes. Which row stands for the mail is asked of what is there. A team address (source mailparse) only captures what a mailbox has.

-- The rows of the mail of an activity, itself among them: whatever shares a key is the same mail.
create function mail_copies(activity bigint) returns setof bigint
language sql stable parallel safe
as $$
    select $1
    union
    select shared.activity_id
    from message_keys as own
    join message_keys as shared on shared.key = own.key
    where own.activity_id = $1
$$;

-- The row that stands for the mail: of a mailbox before that of a team address, the sender's before a recipient's, a complete one before what
-- messageSent alone told, and then by account. Never by who came first.
create function shown_copy(activity bigint) returns bigint
language sql stable parallel safe
return (
    select copy.id
    from mail_copies(activity) as copies (id)
    join activities as copy on copy.id = copies.id
    order by copy.source = 'mailparse', copy.direction <> 'sent', not copy.is_complete, copy.account_id collate "C", copy.id
    limit 1);
