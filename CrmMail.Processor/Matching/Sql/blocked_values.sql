-- Which of the addresses and domains $1 are on the blocklist, and for which account; null for all. Nothing is looked up while it is empty.
select wanted.value, entry.account_id
from unnest($1) as wanted (value)
cross join lateral (
    select account_id
    from blocklist
    where value = wanted.value
    offset 0
) as entry
where exists (select from blocklist)
