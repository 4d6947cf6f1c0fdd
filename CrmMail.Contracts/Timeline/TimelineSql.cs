namespace CrmMail.Contracts;

/// <summary>
/// The pages of a timeline, newest first. A page continues after the last row of the page before it (keyset), so its cost depends on
/// its own length and not on how much there is, and rows neither repeat nor vanish while mail comes in. Only a mail of which another
/// copy tells an earlier time meanwhile moves, into the past: it is not missed either, and at worst is on two pages.
/// </summary>
/// <remarks>
/// Parameters: <c>@before_occurred_at</c> (timestamptz) and <c>@before_id</c> (bigint) of the last row seen, <c>infinity</c> and the largest
/// bigint for the first page; <c>@limit</c> (integer). Of the pages by direction also <c>@direction</c>, the stable text of a <see cref="Direction"/>.
/// Of the pages with tagged mails also <c>@include</c> (integer), the bits of <see cref="MailTags"/>: shown is what has no tag, or one of these.
/// </remarks>
public static class TimelineSql
{
    /// <summary>
    /// The timeline of the contact <c>@contact_id</c> (uuid) without tagged mails: every mail once, with all accounts that have it. Shown is a
    /// mailbox's copy before that of a team address, the sender's before a recipient's, a complete one before what messageSent alone told, and
    /// then the first account. <c>captures</c> is a JSON array of <c>account_id, source, direction, received_at</c>, one for each account.
    /// </summary>
    public const string ContactPage = $"""
        with page as materialized (
            select id, occurred_at, tags
            from timeline_entries
            where contact_id = @contact_id
            and tags = 0
            {Next}
        )
        {ShownEntries}
        """;

    /// <summary><see cref="ContactPage"/> of one direction: a mail that any account has sent is sent, else it is incoming.</summary>
    public const string ContactPageByDirection = $"""
        with page as materialized (
            select id, occurred_at, tags
            from timeline_entries
            where contact_id = @contact_id
            and direction = @direction
            and tags = 0
            {Next}
        )
        {ShownEntries}
        """;

    /// <summary>
    /// <see cref="ContactPage"/> with the mails of some tags. The sets of tags that the contact has are found by a step of the index for each,
    /// and the pages of those that are shown are merged: however many hidden mails lie between them, none is read.
    /// </summary>
    public static string ContactPageWithTags { get; } = WithTags("contact_id = @contact_id");

    /// <summary><see cref="ContactPageWithTags"/> of one direction.</summary>
    public static string ContactPageWithTagsByDirection { get; } = WithTags("contact_id = @contact_id and direction = @direction");

    /// <summary>
    /// The timeline of the account <c>@account_id</c> (text): every activity of it, whatever contacts and tags it has. What a team address and a mailbox
    /// have is the activity of the mailbox; <c>place_id</c> continues the page.
    /// </summary>
    public const string AccountPage = $"""
        {Activities}
        where account_id = @account_id
        {Next}
        """;

    /// <summary><see cref="AccountPage"/> of one direction.</summary>
    public const string AccountPageByDirection = $"""
        {Activities}
        where account_id = @account_id
        and direction = @direction
        {Next}
        """;

    private const string Next = """
        and (occurred_at, id) < (@before_occurred_at, @before_id)
        order by occurred_at desc, id desc
        limit @limit
        """;

    /// <summary>A mail, of its rows <c>copy</c> of <c>activities</c>.</summary>
    internal const string Copies = """
        jsonb_agg(distinct jsonb_build_object(
            'account_id', copy.account_id, 'source', copy.source, 'direction', copy.direction, 'received_at', copy.received_at)) as captures,
        (array_agg(copy order by copy.source = 'mailparse', copy.direction <> 'sent', not copy.is_complete, copy.account_id collate "C", copy.id))[1] as shown
        """;

    /// <summary>What a timeline shows of <c>(mail.shown)</c>, a row of <c>activities</c>.</summary>
    internal const string Shown = """
        (mail.shown).id as activity_id,
        (mail.shown).account_id,
        (mail.shown).direction,
        (mail.shown).subject,
        (mail.shown).snippet,
        (mail.shown).participants,
        (mail.shown).attachment_count,
        (mail.shown).is_auto_reply,
        (mail.shown).is_complete,
        (mail.shown).status,
        (mail.shown).status_detail,
        (mail.shown).status_at,
        (mail.shown).message_id,
        (mail.shown).in_reply_to,
        thread_of((mail.shown).mail_key) as thread_id,
        (mail.shown).received_at,
        (mail.shown).written_at,
        (mail.shown).correlation_id
        """;

    private const string ShownEntries = $"""
        select
            page.id as entry_id,
            page.occurred_at,
            page.tags,
            mail.roles,
            mail.captures,
            {Shown}
        from page
        cross join lateral (
            select
                array_agg(distinct link.role) as roles,
                {Copies}
            from activity_contacts as link
            join activities as copy on copy.id = link.activity_id
            where link.entry_id = page.id
            having count(*) > 0
        ) as mail
        order by page.occurred_at desc, page.id desc
        """;

    private const string Activities = """
        select
            case source when 'mailparse' then shown_copy(id) else id end as activity_id,
            id as place_id,
            occurred_at,
            tags,
            account_id,
            source,
            direction,
            subject,
            snippet,
            participants,
            attachment_count,
            is_auto_reply,
            is_complete,
            status,
            status_detail,
            status_at,
            message_id,
            in_reply_to,
            thread_of(mail_key) as thread_id,
            received_at,
            written_at,
            correlation_id
        from activities
        """;

    private static string WithTags(string entries) => $"""
        with recursive sets as (
            (
                select tags
                from timeline_entries
                where {entries}
                order by tags
                limit 1
            )
            union all
            select next.tags
            from sets
            cross join lateral (
                select tags
                from timeline_entries
                where {entries}
                  and tags > sets.tags
                order by tags
                limit 1
            ) as next
        ),
        page as materialized (
            select entry.id, entry.occurred_at, entry.tags
            from sets
            cross join lateral (
                select id, occurred_at, tags
                from timeline_entries
                where {entries}
                and tags = sets.tags
                {Next}
            ) as entry
            where sets.tags = 0
               or sets.tags & @include <> 0
            order by occurred_at desc, id desc
            limit @limit
        )
        {ShownEntries}
        """;
}
