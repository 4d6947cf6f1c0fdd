-- The next $3 mails of the contact $1 behind the mail $2: the last of them, and the accounts that have them. No row when there are none.
with page as materialized (
    select id, mail_key
    from timeline_entries
    where contact_id = $1
      and mail_key > $2
    order by mail_key
    limit $3
)
select
    mail_key,
    array(
        select distinct activities.account_id
        from page
        join activity_contacts as link on link.entry_id = page.id
        join activities on activities.id = link.activity_id)
from page
order by mail_key desc
limit 1
