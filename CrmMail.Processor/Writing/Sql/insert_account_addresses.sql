with input as (
    select account_id, address, position
    from unnest($1, $2) with ordinality as rows (account_id, address, position)
),
learned as (
    insert into account_addresses (account_id, address)
    select account_id, address
    from input
    on conflict (address, account_id) do nothing
)
update accounts
set address = earliest.address
from (
    select distinct on (account_id) account_id, address
    from input
    order by account_id, position
) as earliest
where accounts.id = earliest.account_id
  and accounts.address is null
