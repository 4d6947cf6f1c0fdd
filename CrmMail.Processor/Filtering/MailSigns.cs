namespace CrmMail.Processor.Filtering;

/// <summary>The conditions of the rules that a mail meets: one bit for each, so that to collect and to compare them allocates nothing.</summary>
internal readonly record struct MailSigns(ulong Bits)
{
    public bool IsEmpty => Bits == 0;

    public MailSigns With(MailSigns other) => new(Bits | other.Bits);

    public bool ContainsAll(MailSigns others) => (Bits & others.Bits) == others.Bits;

    public bool ContainsAny(MailSigns others) => (Bits & others.Bits) != 0;
}
