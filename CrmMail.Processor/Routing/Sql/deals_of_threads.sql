-- The conversations of the activities $1 that have a deal, have had one, or get one by $2, those of $1 that went to the address of a deal.
-- Of each activity in them:
--   the first mail that gives the conversation a deal, as it is stored; not those of $1 by their addresses, which are about to be read anew
--   where the mails that are not in $1 are by their conversation; null for those that are not anywhere by it
--   the deals from which a person removed the activity
-- Nothing is read while no mail gives a deal: neither here nor, for the draft of a replay, in the real tables. "offset 0" keeps the planner to
-- index probes.
with recursive asked as materialized (
    select mail.id, thread_of(mail.mail_key) as thread, mail.mail_key
    from unnest($1) as wanted (id)
    cross join lateral (
        select id, mail_key
        from activities
        where id = wanted.id
        offset 0
    ) as mail
    where cardinality($2) > 0
       or exists (select from activity_routes where deal_reason in ('routing-address', 'thread'))
       or exists (select from public.activity_routes where deal_reason in ('routing-address', 'thread'))
       or exists (select from deal_mails where is_linked)
),
ids (thread, key) as (
    select distinct thread, thread
    from asked
    union all
    select ids.thread, part.key
    from ids
    cross join lateral (
        select key
        from thread_links
        where parent = ids.key
        offset 0
    ) as part
),
mails as materialized (
    select distinct ids.thread, mail.activity_id, mail.mail_key, mail.occurred_at, mail.is_routable, mail.deal_id, mail.deal_reason, asked.id is not null as is_asked
    from ids
    cross join lateral (
        select activity_id, mail_key, occurred_at, is_routable, deal_id, deal_reason
        from thread_mails
        where key = ids.key
        offset 0
    ) as mail
    left join asked on asked.id = mail.activity_id
),
said as materialized (
    select mails.thread, mails.mail_key, min(mails.occurred_at) as occurred_at, said.deal_id, said.is_linked
    from mails
    cross join lateral (
        select deal_id, is_linked
        from deal_mails
        where mail_key = mails.mail_key
        offset 0
    ) as said
    group by mails.thread, mails.mail_key, said.deal_id, said.is_linked
),
first as (
    select distinct on (thread) thread, occurred_at, mail_key, is_said, deal_id
    from (
        select thread, occurred_at, mail_key, true as is_said, deal_id
        from said
        where is_linked
        union all
        select thread, occurred_at, mail_key, false, deal_id
        from mails
        where deal_reason = 'routing-address'
          and not is_asked
          and not exists (select from said where said.mail_key = mails.mail_key and said.deal_id = mails.deal_id and not said.is_linked)
    ) as givers
    order by thread, occurred_at, mail_key, is_said desc, deal_id
),
concerned as (
    select thread from first
    union
    select thread from mails where deal_reason = 'thread'
    union
    select thread from asked where id = any ($2)
),
others as (
    select thread, array_agg(distinct case deal_reason when 'thread' then deal_id end) as deals
    from mails
    where is_routable
      and not is_asked
      and deal_reason is distinct from 'routing-address'
    group by thread
)
select
    asked.id,
    asked.thread,
    coalesce(others.deals, '{}'),
    array(select deal_id from said where said.mail_key = asked.mail_key and not said.is_linked),
    first.deal_id,
    first.occurred_at,
    first.mail_key,
    first.is_said
from concerned
join asked on asked.thread = concerned.thread
left join first on first.thread = concerned.thread
left join others on others.thread = concerned.thread
