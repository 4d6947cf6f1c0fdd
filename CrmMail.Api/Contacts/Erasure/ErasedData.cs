namespace CrmMail.Api.Contacts;

/// <summary>What was removed of a person.</summary>
internal sealed record ErasedData
{
    public static readonly ErasedData Example = new()
    {
        ErasureId = new Guid("0198d5a5-7c00-7000-8000-0242ac120008"),
        Contacts = 1,
        MergedContacts = 1,
        Addresses = 2,
        Activities = 17,
        Links = 21,
        Mentions = 3,
        Skips = 4,
        OutboundMessages = 5,
        DeliveryReports = 5,
        Bodies = 12,
        DataKeys = 1,
    };

    /// <summary>The erasure, by which its certificate is read; null when there was no such contact.</summary>
    public Guid? ErasureId { get; init; }

    /// <summary>1, or 0 when there was no such contact.</summary>
    public int Contacts { get; init; }

    /// <summary>Contacts that were merged into it.</summary>
    public int MergedContacts { get; init; }

    /// <summary>Addresses of the contact, and those that it had by a merge and that are nobody's any more.</summary>
    public int Addresses { get; init; }

    /// <summary>Activities that no other contact took part in.</summary>
    public int Activities { get; init; }

    /// <summary>Links between the contact and activities.</summary>
    public int Links { get; init; }

    /// <summary>Activities of others that named the person, and no longer do.</summary>
    public int Mentions { get; init; }

    /// <summary>Records of skipped events about the removed activities.</summary>
    public int Skips { get; init; }

    /// <summary>Requests to send mail to the person and nobody else.</summary>
    public int OutboundMessages { get; init; }

    /// <summary>Reports on the delivery of the removed activities.</summary>
    public int DeliveryReports { get; init; }

    /// <summary>Bodies that nobody else could read, of any activity.</summary>
    public int Bodies { get; init; }

    /// <summary>The keys of the contact: what was encrypted with them cannot be read any more, wherever a copy of it is.</summary>
    public int DataKeys { get; init; }
}
