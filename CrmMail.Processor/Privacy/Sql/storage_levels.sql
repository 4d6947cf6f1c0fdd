-- The levels of the accounts $1, asked for once they are locked: a run over what is stored takes the same lock, so either it finds what is
-- written now, or what is written now is of the level that it applies. Of the real tables, also in a draft.
select accounts.id, strictest_level(storage_settings.level, accounts.storage_level)
from unnest($1) as wanted (id)
join public.accounts on accounts.id = wanted.id
cross join public.storage_settings
