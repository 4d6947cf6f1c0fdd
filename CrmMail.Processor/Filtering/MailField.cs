using System.Text.Json.Serialization;

namespace CrmMail.Processor.Filtering;

/// <summary>What a rule can look at besides headers.</summary>
internal enum MailField
{
    /// <summary>What stands before the <c>@</c> of the first author.</summary>
    [JsonStringEnumMemberName("sender")] Sender,

    /// <summary>The content type of an attachment, with its parameters where the source tells them.</summary>
    [JsonStringEnumMemberName("attachment-type")] AttachmentType,

    /// <summary>The file name of an attachment.</summary>
    [JsonStringEnumMemberName("attachment-name")] AttachmentName,

    /// <summary>The method of an attachment that is an invitation, as EmailEngine tells it.</summary>
    [JsonStringEnumMemberName("attachment-method")] AttachmentMethod,

    /// <summary>There where EmailEngine takes the mail for a bounce.</summary>
    [JsonStringEnumMemberName("is-bounce")] IsBounce,

    /// <summary>There where EmailEngine takes the mail for an automatic reply.</summary>
    [JsonStringEnumMemberName("is-auto-reply")] IsAutoReply,

    /// <summary>There where MailParse takes the mail for spam.</summary>
    [JsonStringEnumMemberName("spam-flag")] SpamFlag,

    /// <summary>What MailParse's check of SPF gave.</summary>
    [JsonStringEnumMemberName("auth-spf")] AuthSpf,

    /// <summary>What MailParse's check of DKIM gave.</summary>
    [JsonStringEnumMemberName("auth-dkim")] AuthDkim,
}
