namespace MailParseSimulator.Control;

/// <summary>What goes wrong on purpose.</summary>
internal sealed class Switches
{
    private readonly Lock _changing = new();
    private SwitchState _state = new();
    private int _listings;

    /// <summary>Whether webhooks are sent; if not, mails are in the listing alone.</summary>
    public bool SendsWebhooks => Read().Webhooks ?? true;

    /// <summary>Seconds that every reader of the listing is asked to stay away, or null.</summary>
    public int? RetryAfter => Read().RetryAfter is > 0 and var seconds ? seconds : null;

    /// <summary>Cursors of another generation are no longer known.</summary>
    public int Generation => Read().Generation ?? 1;

    /// <summary>One more reader of the listing.</summary>
    public void CountListing() => Interlocked.Increment(ref _listings);

    public SwitchState Read()
    {
        lock (_changing)
        {
            return _state with { Listings = _listings };
        }
    }

    /// <summary>Takes over what is given.</summary>
    public SwitchState Apply(SwitchState change)
    {
        lock (_changing)
        {
            _state = new SwitchState(change.Webhooks ?? _state.Webhooks, change.RetryAfter ?? _state.RetryAfter, change.Generation ?? _state.Generation);
            return _state with { Listings = _listings };
        }
    }
}

/// <param name="Webhooks">Whether webhooks are sent.</param>
/// <param name="RetryAfter">With more than 0, the listing answers 429 with this Retry-After in seconds.</param>
/// <param name="Generation">Another number makes every cursor unknown that was given before.</param>
/// <param name="Listings">How often the listing was read; only told.</param>
internal sealed record SwitchState(bool? Webhooks = null, int? RetryAfter = null, int? Generation = null, int Listings = 0);
