using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Messages;
using EmailEngineSimulator.Settings;

namespace EmailEngineSimulator.Outbox;

/// <summary>Takes mails for delivery; an answer means queued, not sent.</summary>
internal sealed class Submission(OutboxQueue outbox, Delivery delivery, EngineSettings settings, TimeProvider time)
{
    private static readonly string[] Unsupported = ["raw", "mailMerge"];
    private readonly ConcurrentDictionary<(string Account, string Key), JsonObject> _answers = [];

    /// <exception cref="ApiError">404: no SMTP settings, or the referenced message is missing; 400: not supported here.</exception>
    public JsonObject Submit(Account account, JsonObject body, string? idempotencyKey)
    {
        // Under the gate of the account two requests with one key cannot both miss.
        lock (account.Gate)
        {
            if (string.IsNullOrEmpty(idempotencyKey))
            {
                return Queue(account, body, null);
            }

            var key = (account.Id, idempotencyKey);
            return _answers.TryGetValue(key, out var first)
                ? WithIdempotency(first, idempotencyKey, "HIT")
                : WithIdempotency(_answers[key] = Queue(account, body, idempotencyKey), idempotencyKey, "MISS");
        }
    }

    private JsonObject Queue(Account account, JsonObject body, string? idempotencyKey)
    {
        Refuse(account, body);
        var now = time.GetUtcNow();
        var reference = Reference.Find(account, body["reference"] as JsonObject);
        var mail = SubmittedMail.Read(account, body, reference, now);
        if (body["dryRun"]?.GetValueKind() == JsonValueKind.True)
        {
            return Answer("Dry run", mail, reference, body, ("preview", Convert.ToBase64String(MimeSource.Render(mail))));
        }

        var sendAt = SubmittedMail.Date(body["sendAt"]) ?? now;
        var queued = new QueuedMail
        {
            QueueId = NewQueueId(sendAt),
            Account = account.Id,
            Mail = mail,
            Envelope = SubmittedMail.Envelope(body, mail),
            Created = now,
            Scheduled = sendAt,
            NextAttempt = sendAt,
            Attempts = body["deliveryAttempts"] is { } attempts ? (int)attempts.GetValue<long>() : settings.DeliveryAttempts,
            IdempotencyKey = idempotencyKey,
            Reference = reference?.Message?.Handle,
            IsForward = reference?.Action == ReferenceAction.Forward,
            KeepCopy = body["copy"]?.GetValueKind() != JsonValueKind.False,
            SentMailPath = body["sentMailPath"]?.GetValue<string>(),
        };
        outbox.Add(queued);
        delivery.Schedule(queued);
        return Answer("Queued for delivery", mail, reference, body, ("sendAt", sendAt.ToIso()), ("queueId", queued.QueueId));
    }

    private static void Refuse(Account account, JsonObject body)
    {
        if (!account.HasSmtp)
        {
            throw ApiError.NotFound("SMTP configuration not found", "SMTPUnavailable");
        }

        if (body["template"] is { } template)
        {
            throw ApiError.NotFound($"Requested template was not found [{template}]", "TemplateNotFound");
        }

        var unsupported = Unsupported.Where(body.ContainsKey).Select(key => new FieldError($"\"{key}\" is not supported by the simulator", key)).ToList();
        if (unsupported.Count > 0)
        {
            throw ApiError.Invalid(unsupported);
        }
    }

    private static JsonObject Answer(string response, Mail mail, Reference? reference, JsonObject body, params ReadOnlySpan<(string Key, string Value)> further)
    {
        var answer = new JsonObject { ["response"] = response, ["messageId"] = mail.MessageId };
        foreach (var (key, value) in further)
        {
            answer[key] = value;
        }

        if (reference is not null)
        {
            answer["reference"] = reference.Describe(body["reference"]!["message"]!.GetValue<string>());
        }

        return answer;
    }

    private static JsonObject WithIdempotency(JsonObject answer, string key, string status)
    {
        var copy = answer.DeepClone().AsObject();
        copy["idempotency"] = new JsonObject { ["key"] = key, ["status"] = status };
        return copy;
    }

    /// <summary>The time at which the mail is due and a random number, as EmailEngine makes it, so that ids sort by time.</summary>
    private static string NewQueueId(DateTimeOffset sendAt)
    {
        Span<byte> bytes = stackalloc byte[12];
        BinaryPrimitives.WriteInt64BigEndian(bytes, sendAt.ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(bytes[8..]);
        return Convert.ToHexStringLower(bytes[2..])[1..];
    }
}
