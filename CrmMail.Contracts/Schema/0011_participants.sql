-- To erase a person is to find every mail that names it, also those of others in which it was only copied.

-- The addresses of a column called participants, as they stand in the mail but for their case: ["ann@example.org", ...]
create function participant_addresses(participants jsonb) returns jsonb
language sql immutable strict parallel safe
return lower(jsonb_path_query_array(participants, '$.*[*].address')::text)::jsonb;

create index activities_by_participant on activities using gin (participant_addresses(participants));
create index outbound_messages_by_participant on outbound_messages using gin (participant_addresses(participants));
