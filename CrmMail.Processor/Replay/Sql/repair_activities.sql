-- Takes over from the draft what differs. The event that made an activity, its direction and the keys by which it is shown once for all
-- accounts stay what they are unless they are told here.
update public.activities as stored
set direction = draft.direction,
    source = draft.source,
    event_id = draft.event_id,
    topic = draft.topic,
    partition = draft.partition,
    "offset" = draft."offset",
    correlation_id = draft.correlation_id,
    received_at = draft.received_at,
    message_id = case when comparison.content then coalesce(draft.message_id, stored.message_id) else stored.message_id end,
    subject = case when comparison.content then draft.subject else stored.subject end,
    snippet = case when comparison.content then draft.snippet else stored.snippet end,
    attachment_count = case when comparison.content then draft.attachment_count else stored.attachment_count end,
    attachments = case when comparison.content then draft.attachments else stored.attachments end,
    is_auto_reply = case when comparison.content then draft.is_auto_reply else stored.is_auto_reply end,
    is_complete = case when comparison.content then draft.is_complete else stored.is_complete end,
    in_reply_to = case when comparison.content then draft.in_reply_to else stored.in_reply_to end,
    thread_key = case when comparison.content then draft.thread_key else stored.thread_key end,
    participants = case when comparison.participants and comparison.is_whole then draft.participants else stored.participants end,
    tags = case when not comparison.tags then stored.tags when comparison.is_whole then draft.tags else stored.tags | draft.tags end,
    tag_rules = case
        when not comparison.tags then stored.tag_rules
        when comparison.is_whole then draft.tag_rules
        else array(select rule from unnest(stored.tag_rules || draft.tag_rules) as rule group by rule order by rule collate "C")
    end,
    occurred_at = case when comparison.place then draft.occurred_at else stored.occurred_at end,
    status = case when comparison.status then draft.status else stored.status end,
    status_detail = case
        when not comparison.status then stored.status_detail
        when stored.redacted_at is not null and draft.status_at = stored.status_at then stored.status_detail
        else draft.status_detail
    end,
    status_at = case when comparison.status then draft.status_at else stored.status_at end,
    remote_id = case when comparison.folder then draft.remote_id else stored.remote_id end,
    folder_path = case when comparison.folder then draft.folder_path else stored.folder_path end,
    folder_special_use = case when comparison.folder then draft.folder_special_use else stored.folder_special_use end,
    folder_at = case when comparison.folder then draft.folder_at else stored.folder_at end
from comparison
join activities as draft on draft.id = comparison.draft_id
where comparison.kind in ('changed', 'moved')
  and stored.id = comparison.stored_id
