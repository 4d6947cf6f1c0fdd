using System.Security.Claims;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Operations;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.Contacts;

internal static class ContactPolicyEndpoints
{
    private const int MaxRequestBytes = 4 * 1024;

    public static void AddContactPolicy(this IHostApplicationBuilder builder) => builder.Services.AddSingleton<ContactPolicyStore>();

    public static void MapContactPolicy(this IEndpointRouteBuilder routes)
    {
        var settings = routes.MapGroup("/api/settings/contacts").WithTags("Contacts").RequireScope(ApiScope.Ops);
        settings.MapGet("/", ReadAsync).AnswersExample(new ContactPolicySetting(ContactPolicy.None));
        settings.MapPut("/", SetAsync).WithMetadata(new RequestSizeLimitAttribute(MaxRequestBytes))
            .TakesExample(new ContactPolicyRequest(ContactPolicy.Sent)).AnswersExample(new ContactPolicySetting(ContactPolicy.Sent));
    }

    /// <summary>Read of whom contacts are made</summary>
    internal static async Task<Ok<ContactPolicySetting>> ReadAsync(ContactPolicyStore store, CancellationToken cancellationToken) =>
        TypedResults.Ok(await store.ReadAsync(cancellationToken));

    /// <summary>Set of whom contacts are made</summary>
    /// <remarks>
    /// Of people whose address is nobody's: to whom one of us wrote (`sent`), or also who wrote to us (`sent-and-received`). Never of machines,
    /// lists, own domains, blocked or erased addresses, nor by unverified mail. It holds for mails from now on; a `fill` applies it to those
    /// from before, and `verify` tells what that would add. Contacts that were made stay, whatever it is set to.
    /// </remarks>
    internal static async Task<Results<Ok<ContactPolicySetting>, Problem>> SetAsync(
        ContactPolicyRequest request, ClaimsPrincipal caller, ContactPolicyStore store, CancellationToken cancellationToken) =>
        request.Policy is { } policy
            ? TypedResults.Ok(await store.SetAsync(policy, caller.ActorName(), cancellationToken))
            : Problem.Invalid("policy", "The policy is none, sent or sent-and-received.");
}
