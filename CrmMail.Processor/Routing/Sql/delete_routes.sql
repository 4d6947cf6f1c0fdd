delete from activity_routes
where activity_id = any ($1)
