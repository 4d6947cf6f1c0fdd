using Microsoft.Extensions.Configuration;

namespace CrmMail.Ingest.Tests.Running;

/// <summary>Settings that can be changed while the service runs, as a file can.</summary>
internal sealed class Settings : ConfigurationProvider, IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <summary>Writes settings over the present ones; null takes one away.</summary>
    public void Change(params (string Key, string? Value)[] settings)
    {
        foreach (var (key, value) in settings)
        {
            if (value is null)
            {
                Data.Remove(key);
            }
            else
            {
                Data[key] = value;
            }
        }

        OnReload();
    }
}
