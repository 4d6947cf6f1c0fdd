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
}
