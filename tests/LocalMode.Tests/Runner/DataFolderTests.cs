using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Local;

namespace LocalMode.Tests.Runner;

public sealed class DataFolderTests
{
    [Fact]
    public async Task A_resource_keeps_its_data_in_the_folder_that_it_is_bound_to()
    {
        var folder = Directory.CreateTempSubdirectory("crmmail-");
        await using var application = new ShellApplication();
        application.Builder.AddResource(new ContainerResource("server"))
            .WithAnnotation(new ContainerMountAnnotation(folder.FullName, "/data", ContainerMountType.BindMount, isReadOnly: false))
            .WithAnnotation(new ProcessRecipeAnnotation((context, _) => Task.FromResult(new ProcessSpec("/bin/sh", ["-c", $"echo {context.DataFolder}"]))));

        await application.StartAsync(TestContext.Current.CancellationToken);

        await application.WaitForLineAsync("server", line => line == folder.FullName);
        folder.Delete();
    }
}
