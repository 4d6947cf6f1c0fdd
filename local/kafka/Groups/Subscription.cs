using KafkaBroker.Protocol;

namespace KafkaBroker.Groups;

/// <summary>The one place where the broker reads what consumers tell their leader: is a topic among those they read?</summary>
internal static class Subscription
{
    public static bool Names(ReadOnlySpan<byte> metadata, string topic)
    {
        try
        {
            var reader = new RequestReader(metadata.ToArray());
            reader.ReadInt16();
            for (var left = reader.ReadArrayLength(); left > 0; left--)
            {
                if (reader.ReadString() == topic)
                {
                    return true;
                }
            }

            return false;
        }
        catch (MalformedRequestException)
        {
            // Of another kind of group: there is no saying what it reads.
            return true;
        }
    }
}
