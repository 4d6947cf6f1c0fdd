using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Accounts;

namespace EmailEngineSimulator.Mailboxes;

/// <summary>The <c>flags</c> of an update; <c>set</c> excludes the other two. Labels exist only on Gmail and are ignored, as by EmailEngine.</summary>
internal sealed record FlagUpdate(IReadOnlyList<string> Add, IReadOnlyList<string> Delete, IReadOnlyList<string>? Set)
{
    public static FlagUpdate Parse(JsonObject body)
    {
        var flags = body["flags"] as JsonObject;
        return new FlagUpdate(List("add") ?? [], List("delete") ?? [], List("set"));

        List<string>? List(string key) => flags?[key]?.Deserialize<List<string>>();
    }

    /// <returns>EmailEngine's answer: true for each kind of change that was made.</returns>
    public JsonObject Apply(MailboxActions mailboxes, Account account, IReadOnlyList<StoredMessage> messages)
    {
        foreach (var message in messages)
        {
            if (Set is null)
            {
                mailboxes.ChangeFlags(account, message, Add, Delete);
            }
            else
            {
                mailboxes.ChangeFlags(account, message, Set, [.. message.Flags.Except(Set)]);
            }
        }

        JsonObject done = [];
        Report("set", Set is not null);
        Report("add", Set is null && Add.Count > 0);
        Report("delete", Set is null && Delete.Count > 0);
        return done.Count > 0 ? new JsonObject { ["flags"] = done } : [];

        void Report(string kind, bool isDone)
        {
            if (isDone)
            {
                done[kind] = true;
            }
        }
    }
}
