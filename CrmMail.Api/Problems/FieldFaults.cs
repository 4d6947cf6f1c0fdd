namespace CrmMail.Api.Problems;

/// <summary>What is wrong with the fields of a request, by the caller's own names: <c>name</c>, <c>to[0].address</c>, <c>limit</c>.</summary>
internal sealed class FieldFaults
{
    private readonly Dictionary<string, List<string>> _faults = new(StringComparer.Ordinal);

    public bool Any => _faults.Count > 0;

    /// <summary>What <see cref="ToErrors"/> gave; null for null.</summary>
    public static FieldFaults? Of(IReadOnlyDictionary<string, string[]>? errors)
    {
        var faults = errors is null ? null : new FieldFaults();
        foreach (var (field, texts) in errors ?? new Dictionary<string, string[]>())
        {
            faults!._faults[field] = [.. texts];
        }

        return faults;
    }

    public FieldFaults Add(string field, string fault)
    {
        if (!_faults.TryGetValue(field, out var faults))
        {
            _faults[field] = faults = [];
        }

        faults.Add(fault);
        return this;
    }

    public FieldFaults AddIf(bool isWrong, string field, string fault) => isWrong ? Add(field, fault) : this;

    public Dictionary<string, string[]> ToErrors() => _faults.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
}
