using System.Text.Json;

namespace CrmMail.SystemTests.Processor;

/// <summary>Everything that a real EmailEngine sent, in several orders and twice.</summary>
public sealed class RecordingTests(RunningApplication system)
{
    private static readonly string[] Contacts = ["bob@example.org", "carol@example.net", "j.mueller@xn--mller-kva.example.org"];

    [Theory]
    [InlineData("in order")]
    [InlineData("reversed")]
    [InlineData("shuffled")]
    public async Task The_order_and_the_number_of_deliveries_change_nothing(string order)
    {
        await using var reference = await Mailbox.OpenAsync(system);
        await using var mailbox = await Mailbox.OpenAsync(system);
        foreach (var address in Contacts)
        {
            await mailbox.AddContactAsync(address, address);
        }

        var recordings = Recordings("amy");
        await SendAsync(reference, recordings);
        await reference.WaitForOutcomesAsync(recordings.Count);
        var expected = await reference.SnapshotAsync();

        await SendAsync(mailbox, InOrder(recordings, order));
        await mailbox.WaitForOutcomesAsync(recordings.Count);
        Assert.Equal(expected, await mailbox.SnapshotAsync());

        await SendAsync(mailbox, recordings);
        await mailbox.SendAsync(mailbox.MailFrom("last@nowhere.example", "last@nowhere.example"));
        await mailbox.WaitForOutcomesAsync(recordings.Count + 1);
        Assert.Equal(expected, await mailbox.SnapshotAsync());
    }

    private static async Task SendAsync(Mailbox mailbox, IEnumerable<(string EventId, string Body)> recordings)
    {
        foreach (var (eventId, body) in recordings)
        {
            await mailbox.SendAsync(body.Replace("\"account\":\"amy\"", $"\"account\":\"{mailbox.Account}\"", StringComparison.Ordinal), eventId);
        }
    }

    private static (string EventId, string Body)[] InOrder(List<(string EventId, string Body)> recordings, string order)
    {
        (string EventId, string Body)[] sent = [.. recordings];
        if (order == "reversed")
        {
            Array.Reverse(sent);
        }
        else if (order == "shuffled")
        {
            new Random(4711).Shuffle(sent);
        }

        return sent;
    }

    private static List<(string EventId, string Body)> Recordings(string account)
    {
        var found = new List<(string EventId, string Body)>();
        foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "recordings")).Order(StringComparer.Ordinal))
        {
            using var recording = JsonDocument.Parse(File.ReadAllBytes(file));
            var body = recording.RootElement.GetProperty("body").GetString()!;
            if (body.Contains($"\"account\":\"{account}\"", StringComparison.Ordinal))
            {
                found.Add((recording.RootElement.GetProperty("headers").GetProperty("x-ee-wh-event-id").GetString()!, body));
            }
        }

        return found;
    }
}
