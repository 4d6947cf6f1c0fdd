using System.Text.Json.Serialization;

namespace CrmMail.Contracts;

/// <summary>What is known of a mailbox: EmailEngine's states (<c>GET /v1/account/{account}</c>), and the account's end.</summary>
public enum AccountState
{
    /// <summary>A connection was asked for; EmailEngine has not reported yet.</summary>
    [JsonStringEnumMemberName("new")] New,

    /// <summary>EmailEngine has the account and prepares it.</summary>
    [JsonStringEnumMemberName("init")] Init,

    /// <summary>EmailEngine opens the connection.</summary>
    [JsonStringEnumMemberName("connecting")] Connecting,

    /// <summary>EmailEngine reads the mailbox for the first time, or again.</summary>
    [JsonStringEnumMemberName("syncing")] Syncing,

    /// <summary>Mail flows.</summary>
    [JsonStringEnumMemberName("connected")] Connected,

    /// <summary>The mail server refuses the credentials; the user has to connect again.</summary>
    [JsonStringEnumMemberName("authentication-error")] AuthenticationError,

    /// <summary>The mail server cannot be reached; EmailEngine keeps trying.</summary>
    [JsonStringEnumMemberName("connect-error")] ConnectError,

    /// <summary>The connection is closed; EmailEngine opens it again.</summary>
    [JsonStringEnumMemberName("disconnected")] Disconnected,

    /// <summary>EmailEngine has no worker for the account.</summary>
    [JsonStringEnumMemberName("unset")] Unset,

    /// <summary>The account was removed from EmailEngine; its activities stay.</summary>
    [JsonStringEnumMemberName("deleted")] Deleted,
}
