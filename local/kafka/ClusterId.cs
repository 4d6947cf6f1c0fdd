using System.Buffers.Text;
using KafkaBroker.Storage;

namespace KafkaBroker;

/// <summary>The name of the data: a client that meets another one knows that it is not where it was.</summary>
internal static class ClusterId
{
    /// <param name="data">The broker's folder.</param>
    public static string ReadOrCreate(string data)
    {
        var path = Path.Combine(data, "cluster-id");
        if (!File.Exists(path))
        {
            DurableFile.Write(path, Base64Url.EncodeToString(Guid.NewGuid().ToByteArray()), flush: true);
        }

        return File.ReadAllText(path);
    }
}
