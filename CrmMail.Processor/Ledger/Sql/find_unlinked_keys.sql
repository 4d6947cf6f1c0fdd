-- Every key of the mails: their events may know them by different ones.
create temporary table unlinked_keys on commit drop as
select message_keys.key as mail_key
from unlinked
join message_keys on message_keys.activity_id = unlinked.activity_id
union
select mail_key
from unlinked
