namespace CrmMail.Processor.Classifying;

/// <summary>What the folder of a mail says about its direction.</summary>
internal enum Placement
{
    /// <summary>The inbox: it came to the account.</summary>
    Inbox,

    /// <summary>The Sent folder, or the label that stands for it: the account sent it.</summary>
    Sent,

    /// <summary>A folder that holds both kinds. Whether the author is the account itself decides.</summary>
    Elsewhere,

    /// <summary>A team address, which mails reach in To, Cc or Bcc: what one of us wrote was sent, to whomever else it names; all else came.</summary>
    TeamAddress,
}
