namespace CrmMail.Contracts;

/// <summary>A set of tags, as it is stored: for each tag the bit of its number.</summary>
/// <param name="Bits">The bits; 0 for a mail without a tag.</param>
public readonly record struct MailTags(int Bits)
{
    /// <summary>Every tag that there is, and that there will be.</summary>
    public static MailTags All => new(int.MaxValue);

    /// <summary>Whether there is no tag.</summary>
    public bool IsEmpty => Bits == 0;

    /// <summary>Whether the tag is one of them.</summary>
    public bool Contains(MailTag tag) => (Bits & BitOf(tag)) != 0;

    /// <summary>Whether the sets have a tag in common.</summary>
    public bool Overlaps(MailTags other) => (Bits & other.Bits) != 0;

    /// <summary>With one more.</summary>
    public MailTags With(MailTag tag) => new(Bits | BitOf(tag));

    /// <summary>The tags of both.</summary>
    public MailTags Union(MailTags other) => new(Bits | other.Bits);

    /// <summary>The tags, in the order of their numbers.</summary>
    public IReadOnlyList<MailTag> ToList()
    {
        var tags = new List<MailTag>();
        foreach (var tag in Enum.GetValues<MailTag>())
        {
            if (Contains(tag))
            {
                tags.Add(tag);
            }
        }

        return tags;
    }

    private static int BitOf(MailTag tag) => 1 << (int)tag;
}
