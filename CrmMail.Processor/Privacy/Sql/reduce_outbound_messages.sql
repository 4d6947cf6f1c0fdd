update outbound_messages
set subject = stored_subject(storage_level($1), subject),
    snippet = stored_snippet(storage_level($1), snippet)
where account_id = $1
  and (subject, snippet) <> (stored_subject(storage_level($1), subject), stored_snippet(storage_level($1), snippet))
