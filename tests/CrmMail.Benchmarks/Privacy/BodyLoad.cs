using System.Security.Cryptography;
using System.Text;
using CrmMail.Benchmarks.Replay;
using CrmMail.Contracts;

namespace CrmMail.Benchmarks.Privacy;

/// <summary>What encrypting bodies costs, in processor time: other work on the machine does not count. A record is a megabyte.</summary>
internal static class BodyLoad
{
    private const int Size = 1_000_000;
    private const int Rounds = 200;

    private static readonly DataKey Fingerprints = DataKey.Create();
    private static readonly DataKey[] Contacts = [DataKey.Create(), DataKey.Create()];
    private static readonly BodyPlace Place = new("amy", MessageKey.FromBytes(SHA256.HashData("mail"u8)));

    public static int Run()
    {
        Measure(2_000);
        Measure(20_000);
        Measure(200_000);
        return 0;
    }

    /// <summary>Twice as many rounds as are measured: the first ones find the code cold.</summary>
    private static void Measure(int length)
    {
        var body = new MailBody(new string('x', length / 2), new StringBuilder().Insert(0, "<p>a</p>", length / 16).ToString(), IsTruncated: false);
        var cost = new ProcessCost();
        for (var round = 0; round < 2 * Rounds; round++)
        {
            cost = round == Rounds ? new ProcessCost() : cost;
            for (var n = 0; n < Size / length; n++)
            {
                Encrypt(body);
            }
        }

        Console.WriteLine($"bodies of {length} bytes, each for {Contacts.Length} contacts, a record is a megabyte: {cost.PerRecord(Rounds)}");
    }

    /// <summary>As the Processor does it for a new mail.</summary>
    private static void Encrypt(MailBody body)
    {
        var bytes = body.ToBytes();
        var key = ContentKey.Create();
        var size = key.Seal(bytes, Place).Length + Fingerprints.FingerprintOf(bytes, Place.AccountId).Length;
        foreach (var contact in Contacts)
        {
            size += contact.Wrap(key, Place).Length;
        }

        if (size <= bytes.Length)
        {
            throw new InvalidOperationException("It was not encrypted.");
        }
    }
}
