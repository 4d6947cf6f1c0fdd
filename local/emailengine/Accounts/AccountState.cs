namespace EmailEngineSimulator.Accounts;

/// <summary>EmailEngine's names, in camel case, are the answer of the API.</summary>
internal enum AccountState
{
    Init,
    Connecting,
    Connected,
    AuthenticationError,
    ConnectError,
    Unset,
}

/// <summary>What the mail server does with the account, as the control page sets it.</summary>
internal enum ServerBehaviour
{
    Healthy,

    /// <summary>The password is refused.</summary>
    RefusesPassword,

    /// <summary>Nobody listens.</summary>
    Unreachable,
}

/// <summary>What happens to the next mail that is submitted.</summary>
internal enum DeliveryFault
{
    None,

    /// <summary>The SMTP server is busy once; the retry succeeds.</summary>
    Once,

    /// <summary>The SMTP server refuses for good.</summary>
    Permanent,
}
