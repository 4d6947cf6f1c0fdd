-- The figures by which the pipeline is judged (docs/metrics.md) are asked of the rows of a time span. Rows lie in the order in which they came,
-- so a block range index finds them, and costs a mail nothing.
create index activities_by_receipt on activities using brin (received_at) with (pages_per_range = 32, autosummarize = on);

create index dead_letters_by_first_failure on dead_letters (first_failed_at);
