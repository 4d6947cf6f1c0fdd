-- Keys and links go with them.
delete from public.activities
where id in (select stored_id from comparison where kind = 'removed')
