select key, account_id, status, status_detail, status_at
from delivery_reports
where key = any ($1)
