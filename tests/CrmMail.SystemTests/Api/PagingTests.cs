using CrmMail.Contracts;

namespace CrmMail.SystemTests.Api;

/// <summary>
/// Whatever mail comes in between, a walk through the pages of a timeline gives what lies behind its place, in order and each mail once:
/// held against a list in memory that is told the same.
/// </summary>
public sealed class PagingTests(RunningApplication system) : IAsyncLifetime
{
    private const int Steps = 120;

    private ScratchApi _api = null!;
    private Guid _contact;

    public async ValueTask InitializeAsync()
    {
        _api = await ScratchApi.StartAsync(system);
        await _api.ExecuteAsync("insert into accounts (id) values ('amy')");
        _contact = await _api.Client.AddContactAsync("Ann", "ann@customer.example");
    }

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Theory]
    [InlineData(1, null, MailTag.Bulk)]
    [InlineData(2, null, MailTag.Calendar)]
    [InlineData(3, "incoming", MailTag.Bounce)]
    [InlineData(4, "sent", MailTag.AutoReply)]
    public async Task Pages_and_mails_in_any_order_repeat_and_miss_nothing(int seed, string? direction, MailTag include)
    {
        var random = new Random(seed);
        var walks = new[]
        {
            new Walk($"/api/contacts/{_contact}/timeline?include={include.ToText()}&", tags => tags.IsEmpty || tags.Contains(include)),
            new Walk($"/api/contacts/{_contact}/timeline?", tags => tags.IsEmpty),
            new Walk("/api/accounts/amy/timeline?", _ => true),
        };
        var mails = new List<Mail>();
        for (var step = 0; step < Steps; step++)
        {
            if (random.Next(3) > 0)
            {
                mails.Add(await WriteAsync(step + 1, minute: random.Next(20), random.Next(2) == 0 ? Direction.Sent : Direction.Incoming, new MailTags(random.Next(8))));
                continue;
            }

            var walk = walks[random.Next(walks.Length)];
            var limit = random.Next(1, 8);
            var page = await _api.Client.GetAsync(ApiClient.WithCursor($"{walk.Path}limit={limit}{(direction is null ? "" : $"&direction={direction}")}", walk.Cursor));
            page.AssertStatus(200);
            var behind = mails.Where(mail => walk.IsShown(mail.Tags) && (direction is null || mail.Direction.ToText() == direction) && (walk.Last is not { } last || mail.IsBehind(last)))
                .OrderByDescending(mail => mail.Minute).ThenByDescending(mail => mail.Id).ToList();
            Assert.Equal(behind.Take(limit).Select(mail => mail.Id), page.Items.Select(item => item.GetProperty("id").GetInt64()));
            Assert.Equal(behind.Count > limit, page.Next is not null);
            (walk.Cursor, walk.Last) = page.Next is null ? (null, null) : (page.Next, behind[limit - 1]);
        }
    }

    [Fact]
    public async Task A_cursor_is_good_for_its_timeline_and_direction_only()
    {
        await WriteAsync(1, 1, Direction.Sent);
        await WriteAsync(2, 2, Direction.Sent);
        var next = (await _api.Client.GetAsync($"/api/contacts/{_contact}/timeline?limit=1")).Next;
        var other = await _api.Client.AddContactAsync("Bob");
        foreach (var path in new[] { $"/api/contacts/{_contact}/timeline?direction=sent", $"/api/contacts/{other}/timeline", "/api/accounts/amy/timeline", "/api/contacts" })
        {
            (await _api.Client.GetAsync(ApiClient.WithCursor(path, next))).AssertProblem(400, "invalid-request", "cursor");
        }

        (await _api.Client.GetAsync("/api/accounts/amy/timeline?direction=0")).AssertProblem(400, "invalid-request", "direction");
        (await _api.Client.GetAsync("/api/accounts/nobody/timeline")).AssertProblem(404, "not-found");
        (await _api.Client.GetAsync("/api/accounts/%01/timeline")).AssertProblem(404, "not-found");
    }

    [Fact]
    public async Task A_mail_to_thousands_shows_some_of_them_and_the_activity_all()
    {
        await WriteAsync(1, 1, Direction.Sent);
        await _api.ExecuteAsync("""
            update activities
            set participants = (select jsonb_build_object('to', jsonb_agg(jsonb_build_object('name', '', 'address', n || '@example.org'))) from generate_series(1, 3000) as n)
            """);
        var item = (await _api.Client.GetAsync("/api/accounts/amy/timeline")).Items.Single();
        Assert.Equal((20, 3000), (item.GetProperty("participants").GetProperty("to").GetArrayLength(), item.GetProperty("participantCount").GetInt32()));
        Assert.Equal(3000, (await _api.Client.GetAsync("/api/activities/1")).Json.GetProperty("participants").GetProperty("to").GetArrayLength());
    }

    private async Task<Mail> WriteAsync(long id, int minute, Direction direction, MailTags tags = default)
    {
        await _api.ExecuteAsync($"""
            insert into activities (id, account_id, mail_key, direction, occurred_at, received_at, source, event_id, topic, partition, "offset", correlation_id, tags, tag_rules)
            values ({id}, 'amy', sha256('{id}'), '{direction.ToText()}', timestamptz '2026-01-01Z' + {minute} * interval '1 minute', now(),
                'emailengine', 'e-{id}', 'mail.events', 0, {id}, md5('{id}'), {tags.Bits}, array_remove(array[case when {tags.Bits} > 0 then 'rule' end], null));

            with entry as (
                insert into timeline_entries (id, contact_id, mail_key, occurred_at, direction, tags)
                select id, '{_contact}', mail_key, occurred_at, direction, tags from activities where id = {id}
                returning id
            )
            insert into activity_contacts (activity_id, contact_id, role, entry_id)
            select {id}, '{_contact}', 'from', id from entry;
            """);
        return new Mail(id, minute, direction, tags);
    }

    private sealed record Mail(long Id, int Minute, Direction Direction, MailTags Tags)
    {
        public bool IsBehind(Mail other) => (Minute, Id).CompareTo((other.Minute, other.Id)) < 0;
    }

    private sealed class Walk(string path, Predicate<MailTags> isShown)
    {
        public string Path => path;

        public Predicate<MailTags> IsShown => isShown;

        public string? Cursor { get; set; }

        public Mail? Last { get; set; }
    }
}
