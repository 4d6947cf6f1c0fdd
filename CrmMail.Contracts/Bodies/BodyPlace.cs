using System.Text;

namespace CrmMail.Contracts;

/// <summary>Whose body it is. It is bound into all that is encrypted of a body, so that nothing of one mail passes for that of another.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="MailKey">The key of the mail.</param>
public readonly record struct BodyPlace(string AccountId, MessageKey MailKey)
{
    internal byte[] ForContent() => Encoding.UTF8.GetBytes($"body\n{AccountId}\n{KeyText}");

    internal byte[] ForContentKey(Guid dataKey) => Encoding.UTF8.GetBytes($"content-key\n{dataKey:n}\n{AccountId}\n{KeyText}");

    private string KeyText => Convert.ToHexStringLower(MailKey.Bytes.Span);
}
