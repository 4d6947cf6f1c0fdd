using CrmMail.Api.Access;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace CrmMail.UnitTests.Api;

/// <summary>The OpenAPI document of the whole Api, as it is served and as a stranger reads it.</summary>
public sealed class ServedDescription : IAsyncLifetime
{
    public byte[] Json { get; private set; } = [];

    public OpenApiDocument Document { get; private set; } = new();

    public OpenApiDiagnostic Diagnostic { get; private set; } = new();

    public IEnumerable<OpenApiOperation> Operations => Document.Paths.Values.SelectMany(path => path.Operations!.Values);

    public async ValueTask InitializeAsync()
    {
        await using var api = new Factory();
        using var client = api.CreateClient();
        Json = await client.GetByteArrayAsync("/openapi/v1.json", TestContext.Current.CancellationToken);
        using var stream = new MemoryStream(Json);
        var read = await OpenApiDocument.LoadAsync(stream, "json", cancellationToken: TestContext.Current.CancellationToken);
        (Document, Diagnostic) = (read.Document!, read.Diagnostic!);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Nothing that is asked here needs the database.</summary>
    private sealed class Factory : WebApplicationFactory<ApiKey>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
            .ConfigureLogging(logging => logging.ClearProviders())
            .UseSetting("ConnectionStrings:crm", "Host=127.0.0.1;Port=1;Timeout=1")
            .UseSetting("Erasure:Keys:0", "a-key-of-a-test-for-erasures")
            .UseSetting("ConnectionStrings:emailengine", $"Endpoint=http://127.0.0.1:1;Token={new string('0', 64)}");
    }
}
