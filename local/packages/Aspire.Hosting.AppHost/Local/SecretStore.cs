using System.Text.Json;
using System.Text.Json.Serialization;

namespace Aspire.Hosting.Local;

/// <summary>Generated secrets that are kept for the next run, readable by their owner alone.</summary>
/// <param name="file">Where they are kept; null keeps them for this process only.</param>
internal sealed class SecretStore(string? file)
{
    private readonly Lock _gate = new();
    private SortedDictionary<string, string>? _values;

    public string? Find(string key)
    {
        lock (_gate)
        {
            return Values().GetValueOrDefault(key);
        }
    }

    public void Keep(string key, string value)
    {
        lock (_gate)
        {
            Values()[key] = value;
            if (file is not null)
            {
                PrivateFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(Values(), SecretStoreJson.Default.SortedDictionaryStringString));
            }
        }
    }

    private SortedDictionary<string, string> Values() => _values ??= file is not null && File.Exists(file)
        ? JsonSerializer.Deserialize(File.ReadAllBytes(file), SecretStoreJson.Default.SortedDictionaryStringString) ?? []
        : [];
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
internal sealed partial class SecretStoreJson : JsonSerializerContext;
