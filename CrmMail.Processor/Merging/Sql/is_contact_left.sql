-- Whether anything of the contact $1 is still to be moved.
select exists (select from timeline_entries where contact_id = $1)
    or exists (select from activity_contacts where contact_id = $1)
