-- The pass that follows writes the body that should be there; one of which nothing is told any more is gone.
delete from public.activity_bodies as stored
using comparison
where comparison.kind = 'changed'
  and comparison.body
  and comparison.is_whole
  and not comparison.is_seed
  and stored.activity_id = comparison.stored_id
