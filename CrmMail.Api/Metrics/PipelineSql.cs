namespace CrmMail.Api.Metrics;

/// <summary>
/// The definitions of the figures: docs/metrics.md shows these statements, and a test holds it to that. <c>$1</c> and <c>$2</c> (timestamptz) are
/// the beginning and the end of the time span.
/// </summary>
internal static class PipelineSql
{
    /// <summary>Gives how many mails were captured, of how many.</summary>
    public const string CaptureRate = """
        with mails as (
            select source <> 'reconcile' and written_at <= received_at + interval '5 minutes' as is_captured
            from activities
            where received_at >= $1
              and received_at < $2
              and exists (
                select
                from activity_contacts
                join contacts on contacts.id = contact_id
                where activity_id = activities.id
                  and contacts.created_at <= activities.received_at)
            union all
            select false
            from dead_letters
            where first_failed_at >= $1
              and first_failed_at < $2
              and state = 'open'
              and event in ('messageNew', 'messageSent', 'mail')
        )
        select count(*) filter (where is_captured), count(*)
        from mails
        """;

    /// <summary>Gives how many activities there are, for how many mails.</summary>
    public const string Duplication = """
        select count(*), count(distinct (account_id, mail_key))
        from activities
        where received_at >= $1
          and received_at < $2
        """;

    /// <summary>Gives the seconds that half of the mails, and 19 of 20, took at most, and how many mails there were.</summary>
    public const string Latency = """
        select percentile_cont(array[0.5, 0.95]) within group (order by greatest(0, extract(epoch from written_at - received_at))), count(*)
        from activities
        where received_at >= $1
          and received_at < $2
          and exists (
            select
            from activity_contacts
            join contacts on contacts.id = contact_id
            where activity_id = activities.id
              and contacts.created_at <= activities.received_at)
        """;

    /// <summary>Gives how many events became dead letters, by reason.</summary>
    public const string Failures = """
        select reason, count(*)
        from dead_letters
        where first_failed_at >= $1
          and first_failed_at < $2
        group by reason
        order by reason
        """;

    /// <summary>Gives how many events there were that are no dead letters: activities, and skips.</summary>
    public const string Events = """
        select
            (select count(*) from activities where received_at >= $1 and received_at < $2),
            (select count(*) from skipped_events where recorded_at >= $1 and recorded_at < $2)
        """;

    /// <summary>Gives how many mails have a contact, of how many that have an external party.</summary>
    public const string ContactCoverage = """
        with mails as (
            select true as has_contact
            from activities
            where received_at >= $1
              and received_at < $2
            union all
            select false
            from skipped_events
            where recorded_at >= $1
              and recorded_at < $2
              and reason = 'no-contact'
        )
        select count(*) filter (where has_contact), count(*)
        from mails
        """;

    /// <summary>Gives how many files were handed out, of how many that were asked for and could have been.</summary>
    public const string AttachmentSuccess = """
        select count(*) filter (where state = 'linked'), count(*) filter (where state <> 'refused')
        from attachment_links
        where asked_at >= $1
          and asked_at < $2
        """;
}
