namespace CrmMail.Processor.Decoding;

/// <summary>A name and an address as the mail shows them; either may be empty, and the address need not be one.</summary>
internal sealed record Mailbox(string Name, string Address);
