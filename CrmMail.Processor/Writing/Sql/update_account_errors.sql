update accounts
set last_error = failure.error, last_error_at = failure.at
from unnest($1, $2, $3) as failure (id, error, at)
where accounts.id = failure.id
