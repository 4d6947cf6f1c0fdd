using System.Security.Cryptography;
using CrmMail.Contracts;
using Npgsql;

namespace CrmMail.Api.Bodies;

/// <summary>A body as it is stored, and a key by which it can be read.</summary>
/// <param name="Place">Whose it is.</param>
/// <param name="Content">The body, encrypted.</param>
/// <param name="DataKey">The key of a contact.</param>
/// <param name="ContentKey">The key of the body, encrypted with it.</param>
internal readonly record struct SealedBody(BodyPlace Place, byte[] Content, WrappedDataKey DataKey, byte[] ContentKey)
{
    /// <summary>The columns that <see cref="Read"/> takes.</summary>
    public const string Columns = """
        activities.account_id, activities.mail_key, activity_bodies.content,
        data_keys.id, data_keys.master_key, data_keys.wrapped, body_keys.wrapped
        """;

    public static SealedBody Read(NpgsqlDataReader row, int first) => new(
        new BodyPlace(row.GetString(first), MessageKey.FromBytes(row.GetFieldValue<byte[]>(first + 1))),
        row.GetFieldValue<byte[]>(first + 2),
        new WrappedDataKey(row.GetGuid(first + 3), row.GetString(first + 4), row.GetFieldValue<byte[]>(first + 5)),
        row.GetFieldValue<byte[]>(first + 6));

    /// <exception cref="MissingMasterKeyException">The configuration does not have the key that is needed.</exception>
    /// <exception cref="UnreadableBodyException">It is not what was encrypted here.</exception>
    public MailBody Open(MasterKeys masterKeys)
    {
        try
        {
            return MailBody.FromBytes(masterKeys.Unwrap(DataKey).Unwrap(ContentKey, Place).Open(Content, Place));
        }
        catch (CryptographicException exception)
        {
            throw new UnreadableBodyException(exception);
        }
    }
}
