using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using CrmMail.Benchmarks.Load;
using CrmMail.Benchmarks.Replay;
using CrmMail.Benchmarks.Suite;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Benchmarks.Whole;

/// <summary>Sends mails of contacts of its own, twenty a second, and looks at their timelines until they are there.</summary>
internal sealed class TimelineProbe : IDisposable
{
    private const int Contacts = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static readonly AccountId Account = AccountId.Parse("probe");

    private readonly Guid[] _contacts;
    private readonly Uri _ingest;
    private readonly HttpClient _api;
    private int _mails;

    private TimelineProbe(Guid[] contacts, Uri ingest, Uri api)
    {
        (_contacts, _ingest) = (contacts, ingest);
        _api = new HttpClient { BaseAddress = api, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", BenchServers.ApiKey) } };
    }

    public static async Task<TimelineProbe> CreateAsync(NpgsqlDataSource database, Uri ingest, Uri api, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            """
            with people as (insert into contacts (id, name) select gen_random_uuid(), n::text from generate_series(0, $1 - 1) as n returning id, name)
            insert into contact_addresses (address, contact_id) select 'probe-' || name || '@probe.example', id from people order by name::int returning contact_id
            """);
        command.Parameters.Add(new() { Value = Contacts });
        var contacts = new List<Guid>();
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            contacts.Add(row.GetGuid(0));
        }

        return new TimelineProbe([.. contacts], ingest, api);
    }

    /// <returns>How long each mail took from when it was due, in milliseconds, in order.</returns>
    public async Task<List<double>> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        var (started, looks) = (Stopwatch.GetTimestamp(), new List<Task<double>>());
        using var pace = new PeriodicTimer(Interval);
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            await pace.WaitForNextTickAsync(cancellationToken);
            looks.Add(SendAndLookAsync(_mails++, cancellationToken));
        }

        return [.. (await Task.WhenAll(looks)).Order()];
    }

    public void Dispose() => _api.Dispose();

    private async Task<double> SendAndLookAsync(int mail, CancellationToken cancellationToken)
    {
        var due = Stopwatch.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        var contact = mail % Contacts;
        var id = string.Create(CultureInfo.InvariantCulture, $"probe-{mail}");
        using var connection = new HttpConnection();
        await connection.OpenAsync(_ingest, deadline.Token);
        var from = string.Create(CultureInfo.InvariantCulture, $"probe-{contact}@probe.example");
        var status = await connection.SendAsync(WebhookBytes.Of(Guid.NewGuid(), MailLoad.BodyOf(Account, id, from)), deadline.Token);
        if (status != 202)
        {
            throw new InvalidOperationException($"Ingest answered a mail of the probe with {status}.");
        }

        using var often = new PeriodicTimer(Look);
        while (!await IsThereAsync(_contacts[contact], $"Offer {id}", deadline.Token))
        {
            await often.WaitForNextTickAsync(deadline.Token);
        }

        return Stopwatch.GetElapsedTime(due).TotalMilliseconds;
    }

    private async Task<bool> IsThereAsync(Guid contact, string subject, CancellationToken cancellationToken)
    {
        using var answer = await _api.GetAsync(new Uri($"/api/contacts/{contact}/timeline?limit=5", UriKind.Relative), cancellationToken);
        answer.EnsureSuccessStatusCode();
        using var page = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
        foreach (var item in page.RootElement.GetProperty("items").EnumerateArray())
        {
            if (item.GetProperty("subject").GetString() == subject)
            {
                return true;
            }
        }

        return false;
    }
}
