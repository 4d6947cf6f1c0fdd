update activities
set remote_id = seen.remote_id, folder_path = seen.folder_path, folder_special_use = seen.folder_special_use, folder_at = seen.folder_at
from unnest($1, $2, $3, $4, $5) as seen (id, remote_id, folder_path, folder_special_use, folder_at)
where activities.id = seen.id
