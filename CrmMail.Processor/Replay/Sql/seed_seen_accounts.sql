insert into seen_accounts (partition, account_id)
select $1, unnest($2)
on conflict do nothing
