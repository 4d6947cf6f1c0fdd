-- The deal of a conversation: that of the first of its mails that has one by its address or by a person.

-- Whether there is any mail by which conversations have deals; there is nothing to ask otherwise.
create index activity_routes_of_threads on activity_routes (activity_id) where deal_reason in ('routing-address', 'thread');
create index deal_mails_linked on deal_mails (mail_key) where is_linked;

-- The mails behind the ids of a conversation, with what is needed to say which deal it has. The draft of a replay has a view of this name that
-- looks into both, its own tables and these.
create view thread_mails as
select
    message_keys.key,
    message_keys.account_id,
    activities.id as activity_id,
    activities.mail_key,
    activities.occurred_at,
    -- A mail from which a person was erased stays where it is.
    activities.redacted_at is null as is_routable,
    route.deal_id,
    route.deal_reason
from message_keys
join activities on activities.id = message_keys.activity_id
left join activity_routes as route on route.activity_id = activities.id;
