-- Of each activity $1 that was written at $2 by somebody at the domain $3: the newest deal of the company there that was open then.
select mail.id, deal.deal_id
from unnest($1, $2, $3) as mail (id, written_at, domain)
cross join lateral (
    select deal_periods.deal_id
    from company_domains
    join deals on deals.company_id = company_domains.company_id
    join deal_periods on deal_periods.deal_id = deals.id
    where company_domains.domain = mail.domain
      and deal_periods.opened_at <= mail.written_at
      and (deal_periods.closed_at > mail.written_at or deal_periods.closed_at is null)
    order by deal_periods.opened_at desc, deal_periods.deal_id desc
    limit 1
) as deal
