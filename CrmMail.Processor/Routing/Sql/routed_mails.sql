-- What routing asks of the activities $1: where they go now, when they were written, who wrote the incoming ones, and which of the
-- recipients are at the inbound domain, that is, end with $2. A mail from which a person was erased stays where it is. Nothing is read
-- while there are no deals and no addresses of companies.
select
    activities.id,
    activities.occurred_at,
    case when activities.direction = 'incoming' then activities.participants #>> '{from,0,address}' end,
    array(
        select recipient
        from jsonb_path_query(activities.participants - 'from' - 'replyTo', '$.*[*].address') as named (address)
        cross join lateral (select lower(named.address #>> '{}') as recipient) as lowered
        where recipient like '%' || $2
        order by recipient collate "C"
        limit 100),
    route.deal_id,
    route.deal_reason,
    route.company_id,
    activities.mail_key,
    activities.tags
from unnest($1) as wanted (id)
cross join lateral (
    select id, mail_key, occurred_at, direction, participants, tags
    from activities
    where id = wanted.id
      and redacted_at is null
    offset 0
) as activities
left join lateral (
    select deal_id, deal_reason, company_id
    from activity_routes
    where activity_id = wanted.id
    offset 0
) as route on true
where exists (select from deals)
   or exists (select from companies where slug is not null)
   or exists (select from activity_routes)
