with learned as (
    insert into account_addresses (account_id, address)
    select *
    from unnest($1, $2)
    on conflict (address, account_id) do nothing
    returning account_id, address
)
update accounts
set address = learned.address
from learned
where accounts.id = learned.account_id
  and accounts.address is null
