namespace CrmMail.Api.Problems;

/// <summary>Every kind of error that the Api answers with. Programs tell them apart by <see cref="Type"/>, which never changes.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Name">The last part of the type.</param>
/// <param name="Title">For people; the same for every occurrence.</param>
internal sealed record ProblemKind(int Status, string Name, string Title)
{
    public static readonly ProblemKind InvalidRequest = new(400, "invalid-request", "The request is not valid.");
    public static readonly ProblemKind MalformedRequest = new(400, "malformed-request", "The request could not be read.");
    public static readonly ProblemKind EmailEngineRefused = new(400, "emailengine-refused", "EmailEngine refuses the request.");
    public static readonly ProblemKind Unauthenticated = new(401, "unauthenticated", "A valid API key is needed.");
    public static readonly ProblemKind MissingScope = new(403, "missing-scope", "The API key does not allow this.");
    public static readonly ProblemKind NotFound = new(404, "not-found", "There is nothing at this address.");
    public static readonly ProblemKind AccountNotFound = new(404, "account-not-found", "There is no such account.");
    public static readonly ProblemKind BodyNotStored = new(404, "body-not-stored", "There is no body of this mail.");
    public static readonly ProblemKind MethodNotAllowed = new(405, "method-not-allowed", "This address does not take the method.");
    public static readonly ProblemKind RequestTimeout = new(408, "request-timeout", "The request came too slowly.");
    public static readonly ProblemKind AddressTaken = new(409, "address-taken", "Another contact has the address.");
    public static readonly ProblemKind AmbiguousEvent = new(409, "ambiguous-event", "Several accounts have an event with this id.");
    public static readonly ProblemKind BeingDelivered = new(409, "being-delivered", "The mail is being delivered at this moment.");
    public static readonly ProblemKind OutcomeUnknown = new(409, "outcome-unknown", "What became of the first request is not known.");
    public static readonly ProblemKind DomainTaken = new(409, "domain-taken", "Another company has the domain.");
    public static readonly ProblemKind SlugTaken = new(409, "slug-taken", "Another company has the slug.");
    public static readonly ProblemKind NoMasterKey = new(409, "no-master-key", "There is no master key for bodies.");
    public static readonly ProblemKind NoInboundDomain = new(409, "no-inbound-domain", "There is no inbound domain for routing addresses.");
    public static readonly ProblemKind TargetMerged = new(409, "target-merged", "The contact was merged into another one itself.");
    public static readonly ProblemKind LaterMerge = new(409, "later-merge", "A later merge has to be undone first.");
    public static readonly ProblemKind MergeRunning = new(409, "merge-running", "A merge has not come to its end.");
    public static readonly ProblemKind ContactBeingErased = new(409, "contact-being-erased", "The contact is being erased.");
    public static readonly ProblemKind ContactMerged = new(410, "contact-merged", "The contact was merged into another one.");
    public static readonly ProblemKind BodyTooLarge = new(413, "body-too-large", "The body is too large.");
    public static readonly ProblemKind UnsupportedMediaType = new(415, "unsupported-media-type", "The body is of a type that is not taken here.");
    public static readonly ProblemKind IdempotencyKeyReused = new(422, "idempotency-key-reused", "The idempotency key belongs to another request.");
    public static readonly ProblemKind TooManyAddresses = new(422, "too-many-addresses", "The contact would have too many addresses.");
    public static readonly ProblemKind AttachmentRefused = new(422, "attachment-refused", "Files like this are not handed out.");
    public static readonly ProblemKind RateLimited = new(429, "rate-limited", "Too many requests.");
    public static readonly ProblemKind EmailEngineRateLimited = new(429, "emailengine-rate-limited", "EmailEngine takes no more requests for now.");
    public static readonly ProblemKind InternalError = new(500, "internal-error", "The request failed for no fault of yours.");
    public static readonly ProblemKind BodyUnreadable = new(500, "body-unreadable", "The body is not what was stored.");
    public static readonly ProblemKind AttachmentUnavailable = new(503, "attachment-unavailable", "The file cannot be had where it is.");
    public static readonly ProblemKind BodyKeyMissing = new(503, "body-key-missing", "The master key of the body is not configured.");
    public static readonly ProblemKind DatabaseUnavailable = new(503, "database-unavailable", "The database does not answer.");
    public static readonly ProblemKind EmailEngineUnavailable = new(503, "emailengine-unavailable", "EmailEngine does not answer.");
    public static readonly ProblemKind KafkaUnavailable = new(503, "kafka-unavailable", "Kafka does not answer.");
    public static readonly ProblemKind MailboxUnavailable = new(503, "mailbox-unavailable", "The mailbox is not connected at present.");

    /// <summary>The stable URI of the kind (RFC 9457, section 3.1.1).</summary>
    public string Type => $"https://crmmail.dev/problems/{Name}";

    /// <summary>The kind for a status that the framework decided upon; <see cref="InternalError"/> for one that it never answers with.</summary>
    public static ProblemKind Of(int status) => status switch
    {
        StatusCodes.Status400BadRequest => MalformedRequest,
        StatusCodes.Status401Unauthorized => Unauthenticated,
        StatusCodes.Status403Forbidden => MissingScope,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status408RequestTimeout => RequestTimeout,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => UnsupportedMediaType,
        StatusCodes.Status429TooManyRequests => RateLimited,
        _ => InternalError,
    };
}
