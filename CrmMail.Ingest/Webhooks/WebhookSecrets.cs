using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using CrmMail.Ingest.MailParse;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CrmMail.Ingest.Webhooks;

/// <summary>A secret that signed a webhook.</summary>
/// <param name="Instance">The configured name of the EmailEngine instance, <c>default</c>, or <c>mailparse</c>.</param>
/// <param name="Position">The position in its list, from 0.</param>
internal readonly record struct ActiveSecret(string Instance, int Position);

/// <summary>The secrets that are good now. After a change for the worse the last good ones stay, and the log says why.</summary>
internal sealed partial class WebhookSecrets : IDisposable
{
    private const string DefaultInstance = "default";
    private const string MailParseInstance = "mailparse";

    // Whoever has one webhook can try out every shorter secret. EmailEngine takes any, so that this is no reason to refuse its events.
    private const int FairLength = 16;

    // An unknown name costs as much as a known one with one secret, and cannot be told from it.
    private static readonly Entry Unknown = new(DefaultInstance, [RandomNumberGenerator.GetBytes(32)]);

    private readonly IOptionsFactory<WebhookOptions> _options;
    private readonly ILogger<WebhookSecrets> _logger;
    private readonly IDisposable _changes;
    private volatile Snapshot _current;

    public WebhookSecrets(
        IOptionsFactory<WebhookOptions> options, IOptionsChangeTokenSource<WebhookOptions> changes, ILogger<WebhookSecrets> logger)
    {
        _options = options;
        _logger = logger;
        _current = Read();
        _changes = ChangeToken.OnChange(changes.GetChangeToken, Reload);
    }

    /// <summary>Finds the secret of the instance that signed the body; false when none did, or when there is no such instance.</summary>
    /// <param name="instance">The name in the address, or null for the address without one.</param>
    /// <param name="signature">What the sender claims.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="secret">Which secret it was.</param>
    public bool TryVerify(string? instance, in WebhookSignature signature, ReadOnlySpan<byte> body, out ActiveSecret secret)
    {
        var entry = _current.Find(instance);
        var position = signature.FindSigner(body, entry.Secrets);
        secret = new ActiveSecret(entry.Name, position);
        return position >= 0;
    }

    /// <summary>Finds the secret of MailParse that signed the body at that time; false when none did, or when there is none.</summary>
    /// <param name="signature">What the sender claims.</param>
    /// <param name="body">The raw body.</param>
    /// <param name="secret">Which secret it was.</param>
    public bool TryVerify(in MailParseSignature signature, ReadOnlySpan<byte> body, out ActiveSecret secret)
    {
        var entry = _current.MailParse;
        var position = signature.FindSigner(body, entry.Secrets);
        secret = new ActiveSecret(entry.Name, position);
        return position >= 0;
    }

    public void Dispose() => _changes.Dispose();

    private Snapshot Read()
    {
        var options = _options.Create(Options.DefaultName);
        if (options.Secrets.Concat(options.Instances.Values.SelectMany(instance => instance.Secrets)).Concat(options.MailParse.Secrets).Any(secret => secret.Length < FairLength))
        {
            LogShort(FairLength);
        }

        return Snapshot.Of(options);
    }

    private void Reload()
    {
        try
        {
            _current = Read();
            LogReloaded();
        }
        catch (OptionsValidationException wrong)
        {
            LogNotReloaded(wrong.Message);
        }
    }

    [LoggerMessage(300, LogLevel.Information, "Webhook secrets were read again")]
    private partial void LogReloaded();

    [LoggerMessage(301, LogLevel.Error, "The changed webhook secrets are not taken, the former ones stay. {Reason}")]
    private partial void LogNotReloaded(string reason);

    [LoggerMessage(302, LogLevel.Warning, "A webhook secret has fewer than {FairLength} characters and could be guessed. Make a long one, such as that of: openssl rand -hex 32")]
    private partial void LogShort(int fairLength);

    private sealed record Entry(string Name, byte[][] Secrets);

    private sealed class Snapshot(Entry unnamed, Entry mailParse, FrozenDictionary<string, Entry> named)
    {
        public Entry MailParse => mailParse;

        public static Snapshot Of(WebhookOptions options) => new(
            ToEntry(DefaultInstance, options.Secrets),
            ToEntry(MailParseInstance, options.MailParse.Secrets),
            options.Instances.ToFrozenDictionary(
                instance => instance.Key,
                instance => new Entry(instance.Key, ToKeys(instance.Value.Secrets)),
                StringComparer.OrdinalIgnoreCase));

        public Entry Find(string? instance) =>
            instance is null ? unnamed : named.GetValueOrDefault(instance, Unknown);

        private static Entry ToEntry(string name, IList<string> secrets) => secrets.Count == 0 ? Unknown : new Entry(name, ToKeys(secrets));

        private static byte[][] ToKeys(IEnumerable<string> secrets) => [.. secrets.Select(Encoding.UTF8.GetBytes)];
    }
}
