using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.Processor.Merging;

/// <summary>The mails of a contact, some at a time, by their keys: what was moved away is not walked over again.</summary>
internal sealed class MailPages(NpgsqlDataSource database)
{
    // Live events of the same accounts wait for one page at most.
    private const int Size = 500;

    private readonly string _sql = SqlFile.Read("mails_of_contact");

    /// <summary>Before it lies everything.</summary>
    public static readonly byte[] Start = [];

    /// <summary>The mails behind this one; null when there are none.</summary>
    public async Task<MailPage?> FindNextAsync(Guid contact, byte[] after, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(_sql);
        command.Parameters.Add(new() { Value = contact });
        command.Parameters.Add(new() { Value = after });
        command.Parameters.Add(new() { Value = Size });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new MailPage(contact, after, row.GetFieldValue<byte[]>(0), row.GetFieldValue<string[]>(1)) : null;
    }
}

/// <summary>Some mails of a contact.</summary>
/// <param name="Contact">The contact.</param>
/// <param name="After">The key of the mail before the first.</param>
/// <param name="Last">The key of the last mail.</param>
/// <param name="Accounts">The accounts that have them, as long as they are not locked: another one may get a copy.</param>
internal sealed record MailPage(Guid Contact, byte[] After, byte[] Last, string[] Accounts);
