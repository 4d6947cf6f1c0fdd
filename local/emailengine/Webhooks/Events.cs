namespace EmailEngineSimulator.Webhooks;

/// <summary>The events that the simulator announces.</summary>
internal static class Events
{
    public const string AccountAdded = "accountAdded";
    public const string AccountInitialized = "accountInitialized";
    public const string AccountDeleted = "accountDeleted";
    public const string AuthenticationSuccess = "authenticationSuccess";
    public const string AuthenticationError = "authenticationError";
    public const string ConnectError = "connectError";
    public const string MailboxReset = "mailboxReset";
    public const string MailboxNew = "mailboxNew";
    public const string MessageNew = "messageNew";
    public const string MessageUpdated = "messageUpdated";
    public const string MessageDeleted = "messageDeleted";
    public const string MessageSent = "messageSent";
    public const string MessageDeliveryError = "messageDeliveryError";
    public const string MessageFailed = "messageFailed";
    public const string MessageBounce = "messageBounce";
}
