namespace PluginHost.Plugins;

/// <summary>What plugins are selected by: a label of this key and value, or of this key where the value is null.</summary>
public sealed record LabelSelector(string Key, string? Value)
{
    private const int MaximumSelectors = 16;

    public bool Selects(IReadOnlyDictionary<string, string> labels) =>
        labels.TryGetValue(Key, out var value) && (Value is null || string.Equals(value, Value, StringComparison.Ordinal));

    /// <summary>Reads selectors as they stand in a query: <c>team=payments</c>, or <c>team</c> for any value.</summary>
    public static Outcome<IReadOnlyList<LabelSelector>> Read(IReadOnlyList<string> texts)
    {
        if (texts.Count > MaximumSelectors)
            return new PluginFailure(FailureCode.InvalidLabel, $"Plugins are selected by at most {MaximumSelectors} labels, not by {texts.Count}.");

        var selectors = new List<LabelSelector>(texts.Count);

        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            var selector = equals < 0 ? new LabelSelector(text, null) : new LabelSelector(text[..equals], text[(equals + 1)..]);

            if (!LabelRules.IsKey(selector.Key) || (selector.Value is { } value && !LabelRules.IsValue(value)))
                return new PluginFailure(FailureCode.InvalidLabel, "A label is selected as key=value, or by its key alone.");

            selectors.Add(selector);
        }

        return new Outcome<IReadOnlyList<LabelSelector>>(selectors, null);
    }
}
