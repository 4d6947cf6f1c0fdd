using System.Text;
using CrmMail.Benchmarks.Replay;
using CrmMail.Contracts;

namespace CrmMail.Benchmarks.Privacy;

/// <summary>What the redaction of ordinary text costs, in processor time: other work on the machine does not count. A record is a megabyte.</summary>
internal static class RedactionLoad
{
    private const int Size = 1_000_000;
    private const int Rounds = 200;

    // As people write, with dates, amounts, telephone numbers and links, and nothing to remove.
    private const string Letter = """
        Dear Ms Smith, thank you for your order no. 20261127-88 of 27 November 2026. We ship 12 of the 345 boxes today and the others by the end of next
        week; please find the delivery note attached. The total is EUR 4,250.00 (net 3,571.43), payable within 30 days. You can follow the parcel at
        https://parcels.example.com/track?id=JD014600003RU. If anything is missing, call me at +49 30 90182006 or write back: I am in the office from 9:30
        to 17:00. For the new portal, choose a password of your own when you sign in for the first time; nobody here will ever ask you for it. By the way,
        the meeting with Mr Adler has moved to Tuesday, room 4.12. I look forward to seeing you there, and remain with kind regards, Bob Buyer, Customer Ltd
        
        """;

    public static int Run()
    {
        var text = new StringBuilder().Insert(0, Letter.ReplaceLineEndings(" "), (Size / Letter.Length) + 1).ToString(0, Size);
        string[] openings = [.. text.Chunk(Snippet.MaxOpeningLength).Select(characters => new string(characters))];
        var redactor = new Redactor(new RedactionOptions());
        var withPattern = new Redactor(new RedactionOptions { Patterns = { @"\bC-\d{6}\b" } });
        Measure("one text", redactor, [text]);
        Measure($"texts of {Snippet.MaxOpeningLength} characters", redactor, openings);
        Measure("one text, and a pattern of the configuration", withPattern, [text]);
        return 0;
    }

    /// <summary>Twice as many rounds as are measured: the first ones find the code cold.</summary>
    private static void Measure(string name, Redactor redactor, string[] texts)
    {
        var cost = new ProcessCost();
        for (var round = 0; round < 2 * Rounds; round++)
        {
            cost = round == Rounds ? new ProcessCost() : cost;
            foreach (var text in texts)
            {
                if (!ReferenceEquals(text, redactor.Redact(text)))
                {
                    throw new InvalidOperationException("There was something to remove.");
                }
            }
        }

        Console.WriteLine($"{name}: {cost.PerRecord(Rounds)}");
    }
}
