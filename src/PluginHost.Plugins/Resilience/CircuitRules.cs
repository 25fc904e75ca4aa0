namespace PluginHost.Plugins.Resilience;

/// <summary>What a plugin's circuit is by default. By then nine of ten invocations have failed, and hundreds: no caller among others can bring that about by what it sends.</summary>
internal static class CircuitRules
{
    public const double DefaultFailureRatio = 0.9;
    public const int DefaultMinimumInvocations = 200;
    public const int DefaultWindowSeconds = 30;
    public const int DefaultBreakSeconds = 5;

    /// <summary>A plugin's own circuit, over the server's.</summary>
    public static CircuitConfiguration Merge(CircuitConfiguration own, CircuitConfiguration server) => new()
    {
        Enabled = own.Enabled ?? server.Enabled,
        FailureRatio = own.FailureRatio ?? server.FailureRatio,
        MinimumInvocations = own.MinimumInvocations ?? server.MinimumInvocations,
        WindowSeconds = own.WindowSeconds ?? server.WindowSeconds,
        BreakSeconds = own.BreakSeconds ?? server.BreakSeconds,
    };

    public static void Check(CircuitConfiguration circuit, Dictionary<string, string[]> errors)
    {
        if (circuit.FailureRatio is { } ratio and not (> 0 and <= 1))
            errors["/circuit/failureRatio"] = ["must be above 0 and at most 1."];

        Range("/circuit/minimumInvocations", circuit.MinimumInvocations, 2, 1_000_000);
        Range("/circuit/windowSeconds", circuit.WindowSeconds, 1, 3_600);
        Range("/circuit/breakSeconds", circuit.BreakSeconds, 1, 3_600);

        void Range(string pointer, int? value, int minimum, int maximum)
        {
            if (value < minimum || value > maximum)
                errors[pointer] = [FormattableString.Invariant($"must be between {minimum} and {maximum}.")];
        }
    }
}
