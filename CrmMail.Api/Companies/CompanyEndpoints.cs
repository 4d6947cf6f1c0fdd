using System.ComponentModel;
using CrmMail.Api.Access;
using CrmMail.Api.Description;
using CrmMail.Api.Pages;
using CrmMail.Api.Problems;
using CrmMail.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.Companies;

internal static class CompanyEndpoints
{
    private const int MaxRequestBytes = 64 * 1024;

    private static readonly DateTimeOffset ExampleTime = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly CompanyRequest ExampleRequest = new("Customer Ltd", ["customer.example", "customer.test"], "customer");
    private static readonly Company Example = new(
        new Guid("0198d5a5-7c00-7000-8000-0242ac120003"), "Customer Ltd", ["customer.example", "customer.test"], "customer", ExampleTime, ExampleTime);

    public static void AddCompanies(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CompanyStore>();
        builder.Services.AddSingleton<CompanyList>();
    }

    public static void MapCompanies(this IEndpointRouteBuilder routes)
    {
        var companies = routes.MapGroup("/api/companies").WithTags("Companies").RequireScope(ApiScope.Crm);
        var small = new RequestSizeLimitAttribute(MaxRequestBytes);
        companies.MapPost("/", CreateAsync).WithMetadata(small)
            .TakesExample(ExampleRequest).AnswersExample(Example, StatusCodes.Status201Created)
            .FailsWith(ProblemKind.DomainTaken, ProblemKind.SlugTaken);
        companies.MapGet("/", ListAsync).AnswersExample(new Page<Company>([Example], null));
        companies.MapGet("/{id}", ReadAsync).AnswersExample(Example).FailsWith(ProblemKind.NotFound);
        companies.MapPatch("/{id}", ChangeAsync).WithMetadata(small)
            .TakesExample(new CompanyRequest(Domains: ["customer.example"])).AnswersExample(Example with { Domains = ["customer.example"] })
            .FailsWith(ProblemKind.NotFound, ProblemKind.DomainTaken, ProblemKind.SlugTaken);
    }

    /// <summary>Make a company</summary>
    /// <remarks>Contacts with an address at one of its domains belong to it from now on, unless their company is set. A domain belongs to one company.</remarks>
    internal static async Task<Results<Created<Company>, Problem>> CreateAsync(CompanyRequest request, CompanyStore store, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (!CompanyDraft.TryRead(request with { Name = request.Name ?? "" }, faults, out var draft))
        {
            return Problem.Invalid(faults);
        }

        var company = await store.CreateAsync(draft, cancellationToken);
        return TypedResults.Created($"/api/companies/{company.Id}", company);
    }

    /// <summary>List companies</summary>
    /// <remarks>By name; with `q` those whose name begins with it, whatever the case.</remarks>
    internal static async Task<Results<Ok<Page<Company>>, Problem>> ListAsync(
        [Description("The beginning of a name.")] string? q, [AsParameters] PageQuery page, CompanyList list, CancellationToken cancellationToken) =>
        SearchPrefix.TryRead(q, out var prefix, out var problem) ? TypedResults.Ok(await list.ReadAsync(prefix, page, cancellationToken)) : problem;

    /// <summary>Read a company</summary>
    internal static async Task<Results<Ok<Company>, Problem>> ReadAsync([Description("The company.")] Guid id, CompanyStore store, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } company ? TypedResults.Ok(company) : NoSuchCompany();

    /// <summary>Change a company</summary>
    /// <remarks>What the body leaves out stays as it is; `domains` replaces all domains, and an empty `slug` removes the slug.</remarks>
    internal static async Task<Results<Ok<Company>, Problem>> ChangeAsync(
        [Description("The company.")] Guid id, CompanyRequest request, CompanyStore store, CancellationToken cancellationToken)
    {
        var faults = new FieldFaults();
        if (!CompanyDraft.TryRead(request, faults, out var draft))
        {
            return Problem.Invalid(faults);
        }

        return await store.ChangeAsync(id, draft, cancellationToken) is { } company ? TypedResults.Ok(company) : NoSuchCompany();
    }

    private static Problem NoSuchCompany() => new(ProblemKind.NotFound, "There is no company with this id.");
}
