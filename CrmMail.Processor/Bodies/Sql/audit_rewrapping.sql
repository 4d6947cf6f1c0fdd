insert into operations_audit (actor, action, request, result)
values ('system', $1, jsonb_build_object('masterKey', $2::text), jsonb_build_object('state', 'completed', 'done', $3::bigint))
