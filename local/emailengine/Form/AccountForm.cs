using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EmailEngineSimulator.Accounts;
using EmailEngineSimulator.Http;
using EmailEngineSimulator.Settings;
using Microsoft.AspNetCore.WebUtilities;

namespace EmailEngineSimulator.Form;

/// <summary>The hosted form by which a person connects a mailbox: its signed link, and what its submission does.</summary>
internal sealed class AccountForm(EngineSettings settings, AccountLifecycle lifecycle, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);
    private readonly ConcurrentDictionary<string, byte> _usedNonces = new(StringComparer.Ordinal);

    /// <summary>The link, under <c>serviceUrl</c>; it can be used once, for a day.</summary>
    public string CreateLink(JsonObject request)
    {
        var serviceUrl = settings.ServiceUrl ?? throw new ApiError(HttpStatusCode.InternalServerError, "Service URL not set up", "MissingServiceURLSetup");
        var ticket = request.DeepClone().AsObject();
        ticket["n"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        ticket["t"] = time.GetUtcNow().ToUnixTimeMilliseconds();
        var data = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(ticket, EngineJson.Options));
        var url = new Uri(new Uri(serviceUrl), "accounts/new").ToString();
        return QueryHelpers.AddQueryString(url, new Dictionary<string, string?> { ["data"] = data, ["sig"] = Sign(data), ["type"] = "imap" });
    }

    /// <exception cref="ApiError">403: the link is forged, too old or was used.</exception>
    public JsonObject Open(string? data, string? signature)
    {
        if (data is null || signature is null || !CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), Encoding.UTF8.GetBytes(Sign(data))))
        {
            throw InvalidLink();
        }

        var ticket = JsonNode.Parse(Base64Url.DecodeFromChars(data))!.AsObject();
        var created = DateTimeOffset.FromUnixTimeMilliseconds(ticket["t"]!.GetValue<long>());
        var isUsed = _usedNonces.ContainsKey(ticket["n"]!.GetValue<string>());
        return !isUsed && time.GetUtcNow() - created < Lifetime ? ticket : throw InvalidLink();
    }

    /// <summary>Registers the mailbox.</summary>
    /// <returns>Where the person goes next.</returns>
    /// <exception cref="ApiError">403: the link was used in the meantime.</exception>
    public string Complete(JsonObject ticket, string name, string email, string password)
    {
        if (!_usedNonces.TryAdd(ticket["n"]!.GetValue<string>(), 0))
        {
            throw InvalidLink();
        }

        var (account, isNew) = lifecycle.Register(Registration(ticket, name, email, password));
        var redirect = new UriBuilder(ticket["redirectUrl"]!.GetValue<string>());
        var query = QueryHelpers.ParseQuery(redirect.Query);
        query["account"] = account.Id;
        query["state"] = isNew ? "new" : "existing";
        redirect.Query = QueryString.Create(query).Value;
        return redirect.Uri.AbsoluteUri;
    }

    private static JsonObject Registration(JsonObject ticket, string name, string email, string password)
    {
        var registration = ServerSettings.Registration(null, name, email, password);
        foreach (var key in new[] { "account", "expectedEmail", "notifyFrom", "subconnections", "path" })
        {
            if (ticket[key] is { } value)
            {
                registration[key] = value.DeepClone();
            }
        }

        return registration;
    }

    private string Sign(string data) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(settings.ServiceSecret), Encoding.UTF8.GetBytes(data)));

    private static ApiError InvalidLink() => new(HttpStatusCode.Forbidden, "Invalid or expired account setup URL");
}
