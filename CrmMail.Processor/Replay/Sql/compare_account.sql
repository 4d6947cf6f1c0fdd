-- What differs between the draft and the real tables, about the account $1 of the run $2. "draft" is what the events of the range make,
-- "stored" is what is there. $3: whether activities that came from the range are made anew (rebuild), or only added to (fill).
create temporary table comparison on commit drop as
with draft as (
    select activities.*, seeds.activity_id is not null as is_seed
    from activities
    left join seeds on seeds.activity_id = activities.id
    where account_id = $1
),
-- A stored activity came from the range if the event that made it was read: an offset alone might be that of another topic.
stored as (
    select
        activities.*,
        (source, event_id) in (
            select source, event_id from skipped_events where account_id = $1
            union all
            select source, event_id from draft) as is_read
    from public.activities
    where account_id = $1
),
-- Keys of mails of which events are remembered that the run has not read: what those told is not in the draft.
told_elsewhere as (
    select distinct key
    from public.skipped_events as skip
    cross join unnest(skip.mail_keys) as key
    where skip.account_id = $1
      and skip.reason in ('known-mail', 'delivery-report', 'trash', 'junk')
      and not exists (
        select from skipped_events as read
        where (read.account_id, read.source, read.event_id) = (skip.account_id, skip.source, skip.event_id))
      and not exists (select from draft where (draft.source, draft.event_id) = (skip.source, skip.event_id))
),
-- All that is known of the mail is in the draft.
whole as (
    select stored.id
    from stored
    join replay_partitions as range on range.run_id = $2 and range.partition = stored.partition and range.reaches_end
    where stored.is_read
      and not exists (
        select from public.message_keys join told_elsewhere using (key) where message_keys.activity_id = stored.id)
),
candidates as (
    select draft.id as draft_id, stored.id as stored_id, draft.is_seed, (draft.source, draft.event_id) = (stored.source, stored.event_id) as is_same_event
    from draft
    join message_keys as draft_key on draft_key.activity_id = draft.id
    join public.message_keys as stored_key on stored_key.key = draft_key.key and stored_key.account_id = draft_key.account_id
    join stored on stored.id = stored_key.activity_id
    where (draft.is_seed and stored.id = draft.id) or (not draft.is_seed and stored.is_read)
),
-- One to one, by the same event before by another key.
pairs as (
    select distinct on (stored_id) draft_id, stored_id
    from (
        select distinct on (draft_id) *
        from candidates
        order by draft_id, is_same_event desc, stored_id
    ) as best
    order by stored_id, is_same_event desc, draft_id
),
compared as (
    select
        draft.id as draft_id,
        stored.id as stored_id,
        draft.is_seed,
        stored.is_read,
        whole.id is not null as is_whole,
        stored.account_id, stored.event_id, stored.partition, stored."offset",
        stored.direction as stored_direction,
        not draft.is_seed and draft.direction <> stored.direction as direction,
        (whole.id is not null or draft.folder_at is not null or stored.folder_at is null)
            and (not draft.is_seed or (draft.is_complete and not stored.is_complete))
            and (coalesce(draft.message_id, stored.message_id), draft.subject, draft.snippet, draft.attachment_count, draft.attachments, draft.is_auto_reply, draft.is_complete, draft.in_reply_to, draft.thread_key)
                is distinct from (stored.message_id, stored.subject, stored.snippet, stored.attachment_count, stored.attachments, stored.is_auto_reply, stored.is_complete, stored.in_reply_to, stored.thread_key)
            as content,
        case
            when whole.id is not null and not draft.is_seed then draft_body.fingerprint is distinct from stored_body.fingerprint
            else draft_body.activity_id is not null
                and (stored_body.activity_id is null
                    or (draft_body.length, draft_body.fingerprint) > (stored_body.length, stored_body.fingerprint))
        end as body,
        stored.redacted_at is null
            and case
                when whole.id is not null and not draft.is_seed then draft.participants <> stored.participants
                else draft.is_seed and draft.direction = 'sent' and not stored.participants @> draft.participants
            end as participants,
        exists (
            select
            from message_keys as draft_key
            where draft_key.activity_id = draft.id
              and not exists (
                select from public.message_keys as stored_key where stored_key.key = draft_key.key and stored_key.account_id = draft_key.account_id)) as keys,
        exists (
            select
            from activity_contacts as told
            join contacts on contacts.id = told.contact_id
            where told.activity_id = draft.id
              and not exists (
                select
                from public.activity_contacts as kept
                where kept.activity_id = stored.id
                  and (kept.contact_id, kept.role) = (told.contact_id, told.role)
                  and (told.matched_by is null or kept.matched_by <= told.matched_by)))
        or (whole.id is not null and not draft.is_seed and exists (
            select contact_id, role, matched_by from public.activity_contacts where activity_id = stored.id
            except
            select contact_id, role, matched_by from activity_contacts where activity_id = draft.id)) as links,
        exists (
            select from loose_references where activity_id = draft.id having count(distinct thread_of(key)) > 1) as thread,
        case
            when whole.id is not null and not draft.is_seed then (draft.tags, draft.tag_rules) <> (stored.tags, stored.tag_rules)
            else draft.tags | stored.tags <> stored.tags or not stored.tag_rules @> draft.tag_rules
        end as tags,
        case
            when whole.id is not null and not draft.is_seed then draft.occurred_at <> stored.occurred_at
            else draft.occurred_at < stored.occurred_at
        end as place,
        stored.redacted_at is null
            and (whole.id is not null or draft.is_seed)
            and (draft_route.deal_id, draft_route.deal_reason, draft_route.company_id)
                is distinct from (stored_route.deal_id, stored_route.deal_reason, stored_route.company_id) as route,
        case
            when whole.id is not null and not draft.is_seed then
                (draft.status, draft.status_at) is distinct from (stored.status, stored.status_at)
                or (stored.redacted_at is null and draft.status_detail is distinct from stored.status_detail)
            else draft.status is not null
                and (array_position(array['queued', 'sent', 'failed', 'bounced'], draft.status), draft.status_at)
                    > (coalesce(array_position(array['queued', 'sent', 'failed', 'bounced'], stored.status), 0), coalesce(stored.status_at, '-infinity'))
        end as status,
        not draft.is_seed
            and (draft.source, draft.event_id, draft.topic, draft.partition, draft."offset", draft.received_at)
                is distinct from (stored.source, stored.event_id, stored.topic, stored.partition, stored."offset", stored.received_at) as origin,
        case
            when whole.id is not null and not draft.is_seed then
                (draft.folder_at, draft.remote_id, draft.folder_path, draft.folder_special_use)
                    is distinct from (stored.folder_at, stored.remote_id, stored.folder_path, stored.folder_special_use)
            else draft.folder_at is not null
                and (stored.folder_at is null
                    or draft.folder_at > stored.folder_at
                    or (draft.folder_at = stored.folder_at and draft.remote_id > stored.remote_id collate "C"))
        end as folder
    from pairs
    join draft on draft.id = pairs.draft_id
    join stored on stored.id = pairs.stored_id
    left join whole on whole.id = stored.id
    left join activity_bodies as draft_body on draft_body.activity_id = draft.id
    left join public.activity_bodies as stored_body on stored_body.activity_id = stored.id
    left join activity_routes as draft_route on draft_route.activity_id = draft.id
    left join public.activity_routes as stored_route on stored_route.activity_id = stored.id
),
reasoned as (
    select
        compared.*,
        concat_ws(
            ', ',
            case when direction then 'direction' end,
            case when content then 'content' end,
            case when body then 'body' end,
            case when participants then 'participants' end,
            case when keys then 'keys' end,
            case when links then 'links' end,
            case when thread then 'thread' end,
            case when tags then 'tags' end,
            case when place then 'place' end,
            case when route then 'route' end,
            case when status then 'status' end,
            case when origin then 'origin' end,
            case when folder then 'folder' end) as reason
    from compared
)
select
    case reason when '' then 'unchanged' when 'folder' then 'moved' else 'changed' end as kind,
    stored_id as activity_id,
    reasoned.*
from reasoned
where reason <> '' or is_read
union all
select 'added', draft.id, draft.id, null, false, false, false, draft.account_id, draft.event_id, draft.partition, draft."offset", null,
    false, false, false, false, false, false, false, false, false, false, false, false, false, 'missing'
from draft
where not is_seed
  and not exists (
    select
    from message_keys as draft_key
    join public.message_keys as stored_key on stored_key.key = draft_key.key and stored_key.account_id = draft_key.account_id
    where draft_key.activity_id = draft.id)
union all
select
    case when $3 and whole.id is not null then 'removed' else 'unchanged' end,
    stored.id, null, stored.id, false, true, whole.id is not null, stored.account_id, stored.event_id, stored.partition, stored."offset", stored.direction,
    false, false, false, false, false, false, false, false, false, false, false, false, false,
    coalesce(
        (select reason from skipped_events as skip where (skip.account_id, skip.source, skip.event_id) = (stored.account_id, stored.source, stored.event_id)),
        'known-mail')
from stored
left join whole on whole.id = stored.id
where stored.is_read
  and not exists (select from pairs where pairs.stored_id = stored.id)
