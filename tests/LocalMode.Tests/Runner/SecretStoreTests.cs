using Aspire.Hosting.Local;

namespace LocalMode.Tests.Runner;

public sealed class SecretStoreTests
{
    [Fact]
    public void A_secret_outlives_the_run_and_only_its_owner_may_read_it()
    {
        var folder = Directory.CreateTempSubdirectory("secrets-");
        try
        {
            var file = Path.Combine(folder.FullName, "secrets.json");
            new SecretStore(file).Keep("Parameters:key", "value");

            Assert.Equal("value", new SecretStore(file).Find("Parameters:key"));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, new FileInfo(file).UnixFileMode);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
