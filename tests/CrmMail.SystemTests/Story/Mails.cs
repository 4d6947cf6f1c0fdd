namespace CrmMail.SystemTests.Story;

/// <summary>
/// The mails of the story: Ann and Bob of one company buy from Amy, Ben and Cleo, partly by way of their team address. Eve wants to be
/// forgotten, and nobody knows Zoe at first.
/// </summary>
/// <param name="dealAddress">The signed address of the deal that the conversation is about.</param>
internal sealed class Mails(string dealAddress)
{
    public const string Ann = "ann@customer.example", Bob = "bob@customer.example", Eve = "eve@partner.example", Zoe = "zoe@newcomer.example";
    public const string Amy = "amy@example.com", Ben = "ben@example.com", Cleo = "cleo@example.com", Team = "team@corp.example";

    public static StoryMail Question { get; } = new("question", "01 09:00", Ann) { To = [Amy] };

    /// <summary>By this one, the conversation comes to the deal.</summary>
    public StoryMail Offer { get; } = new("offer", "01 10:00", Amy) { To = [Ann], Cc = [dealAddress], After = ["question"] };

    public static StoryMail OutOfOffice { get; } = new("away", "01 10:01", Ann)
    {
        To = [Amy],
        After = ["offer"],
        Headers = new() { ["auto-submitted"] = "auto-replied" },
    };

    public static StoryMail Counter { get; } = new("counter", "01 11:00", Ann) { To = [Ben], Cc = [Team], After = ["question", "offer"] };

    public static StoryMail Terms { get; } = new("terms", "02 09:00", Bob) { To = [Cleo, Ben], Cc = [Team], After = ["counter"] };

    /// <summary>Of the conversation too, and by somebody who is not a contact yet.</summary>
    public static StoryMail Introduction { get; } = new("introduction", "02 10:00", Zoe) { To = [Ben], Cc = [Team], After = ["counter", "terms"] };

    public static StoryMail Order { get; } = new("order", "03 09:00", Ann) { To = [Team], After = ["terms"] };

    /// <summary>Somebody guesses at the address of the deal.</summary>
    public StoryMail Forged { get; } = new("forged", "03 10:00", Ann) { To = [Amy, Forge(dealAddress)] };

    public static StoryMail Card { get; } = new("card", "04 09:00", Bob)
    {
        To = [Cleo],
        Subject = "Card 4111 1111 1111 1111",
        Text = "Please charge 4111-1111-1111-1111 for the order.",
    };

    public static StoryMail Private { get; } = new("private", "05 09:00", Eve) { To = [Amy] };

    public static StoryMail ToBoth { get; } = new("to-both", "05 10:00", Amy) { To = [Eve, Bob] };

    /// <summary>Comes after Eve was erased.</summary>
    public static StoryMail Late { get; } = new("late", "06 09:00", "eve+work@partner.example") { To = [Cleo] };

    private static string Forge(string address)
    {
        var (name, domain) = (address[..address.IndexOf('.', StringComparison.Ordinal)], address[address.IndexOf('@', StringComparison.Ordinal)..]);
        return $"{name}.0123456789abcdef01234567{domain}";
    }
}
