select activity_id, occurred_at, length, fingerprint
from activity_bodies
where activity_id = any ($1)
