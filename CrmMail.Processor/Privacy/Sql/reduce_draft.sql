-- The draft was written when the level of the account $1 may have been another one.
with without_body as (
    delete from activity_bodies
    using activities
    where activities.account_id = $1
      and activity_bodies.activity_id = activities.id
      and storage_level($1) <> 'body'
)
update activities
set subject = stored_subject(storage_level($1), subject),
    snippet = stored_snippet(storage_level($1), snippet),
    attachments = stored_attachments(storage_level($1), attachments)
where account_id = $1
  and storage_level($1) not in ('snippet', 'body')
