using System.Text.Json;
using CrmMail.SystemTests.Api;

namespace CrmMail.SystemTests.Story;

/// <summary>What the Api shows, as lines that a test can be read by.</summary>
internal sealed class StoryBook(ApiClient api)
{
    /// <summary>The mails of a contact, oldest first: subject, who has it, its deals with the reason, its tags.</summary>
    public async Task<string> TimelineAsync(Guid contact, string query = "?include=all")
    {
        var lines = new List<string>();
        foreach (var item in await api.ReadAllAsync($"/api/contacts/{contact}/timeline{query}"))
        {
            var activity = await ReadAsync($"/api/activities/{item.GetProperty("id")}");
            lines.Insert(0, string.Join(" | ", Subject(item), Join(item, "captures", "accountId"), Join(activity, "deals", "name", "reason"), string.Join(' ', item.GetProperty("tags").EnumerateArray())).TrimEnd(' ', '|'));
        }

        return string.Join('\n', lines);
    }

    /// <summary>The mails of an account, oldest first.</summary>
    public async Task<string> AccountAsync(string account) =>
        string.Join(", ", (await api.ReadAllAsync($"/api/accounts/{account}/timeline")).Select(Subject).Reverse());

    /// <summary>A conversation: its mails that are not hidden, how many it has and how many are hidden, and its contacts, companies and deals.</summary>
    public async Task<string> ThreadAsync(string id)
    {
        var thread = await ReadAsync($"/api/threads/{id}");
        var messages = string.Join(", ", thread.GetProperty("messages").GetProperty("items").EnumerateArray().Select(Subject));
        var deals = thread.GetProperty("deals").EnumerateArray().Select(deal => $"{deal.GetProperty("name")} {string.Join(' ', deal.GetProperty("reasons").EnumerateArray())}");
        return $"""
            {messages}
            {thread.GetProperty("messageCount")} mails, {thread.GetProperty("hiddenCount")} hidden
            {Join(thread, "contacts", "name")} | {Join(thread, "companies", "name")} | {string.Join(", ", deals)}
            """;
    }

    /// <summary>The conversation of a contact's mail.</summary>
    public async Task<string> ThreadIdAsync(Guid contact, string subject) =>
        (await FindAsync(contact, subject)).GetProperty("threadId").GetString()!;

    /// <summary>A mail of a contact.</summary>
    public async Task<JsonElement> FindAsync(Guid contact, string subject) =>
        (await api.ReadAllAsync($"/api/contacts/{contact}/timeline?include=all")).Single(item => Subject(item) == subject);

    private async Task<JsonElement> ReadAsync(string path)
    {
        var answer = await api.GetAsync(path);
        answer.AssertStatus(200);
        return answer.Json;
    }

    private static string Subject(JsonElement item) => item.GetProperty("subject").GetString()!;

    private static string Join(JsonElement item, string list, params string[] members) =>
        string.Join(' ', item.GetProperty(list).EnumerateArray().Select(element => string.Join(' ', members.Select(member => element.GetProperty(member)))));
}
