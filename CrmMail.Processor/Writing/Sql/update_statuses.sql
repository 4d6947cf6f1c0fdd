update activities
set status = report.status, status_detail = report.status_detail, status_at = report.status_at
from unnest($1, $2, $3, $4) as report (id, status, status_detail, status_at)
where activities.id = report.id
