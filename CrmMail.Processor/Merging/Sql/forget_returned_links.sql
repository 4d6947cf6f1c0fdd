delete from contact_merge_links
where merge_id = $1
  and activity_id > $2
  and activity_id <= $3
