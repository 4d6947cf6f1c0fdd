-- Conversations, as a forest of Message-ID hashes. A row joins an id to a smaller one; an id without a row is the smallest of its
-- conversation, and names it. Rows are added and never removed, so whatever the order of the mails, the same ids end up together.
--   insert ... on conflict (key) do nothing
-- joins two conversations of any size: one row, for the greater of their smallest ids. Whoever finds a row there already was not alone,
-- looks again and goes on from where it leads.

create table thread_links (
    key     bytea  primary key,
    parent  bytea  not null,

    constraint thread_links_is_sha256 check (octet_length(key) = 32 and octet_length(parent) = 32),
    -- So there are no circles.
    constraint thread_links_leads_to_a_smaller_id check (parent < key)
);

create index thread_links_by_parent on thread_links (parent);

-- The conversation that the id belongs to: its smallest id.
create function thread_of(id bytea) returns bytea
language sql stable strict parallel safe
return (
    with recursive way (key) as (
        select id
        union all
        select link.parent
        from way
        join thread_links as link on link.key = way.key
    )
    select key
    from way
    order by key
    limit 1);

comment on column activities.thread_key is
    'The key of the first id of References, else of In-Reply-To, else of the mail itself. What belongs to one conversation is told by thread_of(mail_key) and not by this.';
