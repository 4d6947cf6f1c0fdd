-- What was done with some letters, and how far the run is: all of it or nothing. Tells whether the run is to go on.
with handled as (
    insert into dead_letter_run_results (run_id, dead_letter_id, result)
    select $1, id, result
    from unnest($2, $3) as results (id, result)
    on conflict do nothing
    returning dead_letter_id, result
), decided as (
    update dead_letters
    set state = result,
        requeues = requeues + case result when 'requeued' then 1 else 0 end
    from handled
    where id = dead_letter_id
      and result in ('requeued', 'discarded')
)
update dead_letter_runs
set done = done + (select count(*) from handled where result in ('requeued', 'discarded')),
    failed = failed + (select count(*) from handled where result not in ('requeued', 'discarded'))
where id = $1
returning state = 'running'
