namespace PluginHost.Fuzz.Mutation;

/// <summary>The one table of differences between the engine and the oracles that are as they should be.</summary>
internal static class KnownDifferences
{
    public static IReadOnlyList<KnownDifference> All { get; } =
    [
        new(
            "V8 has shared memories (threads), which the engine and wabt without that proposal refuse",
            verdict => EngineAndWabtRefuse(verdict) && Says(verdict.Engine, "limits flags")),
        new(
            "wabt 1.0.32 does not compare the data count with the data section where one of them is missing",
            verdict => EngineAndV8Refuse(verdict) && Says(verdict.Engine, "data count and data section have inconsistent lengths")),
        new(
            "wabt 1.0.32 takes the last end of a body or an expression for granted where an inner one stands before",
            verdict => EngineAndV8Refuse(verdict) && Says(verdict.Engine, "unexpected end")),
        new(
            "wabt 1.0.32 reads value types as numbers that may have several bytes; the specification has one",
            verdict => EngineAndV8Refuse(verdict) && Says(verdict.Engine, "malformed value type")),
        new(
            "wabt 1.0.32 accepts a constant expression without a value",
            verdict => EngineAndV8Refuse(verdict) && Says(verdict.Engine, "a constant expression of type") && Says(verdict.V8, "found 0")),
    ];

    /// <returns>Why the verdict is as it should be; null where nothing explains it.</returns>
    public static string? Reason(Verdict verdict) => verdict.IsCrash ? null : All.FirstOrDefault(difference => difference.Covers(verdict))?.Reason;

    private static bool EngineAndWabtRefuse(Verdict verdict) => verdict.Engine is not null && verdict.V8 is null && verdict.Wabt is not null;

    private static bool EngineAndV8Refuse(Verdict verdict) => verdict.Engine is not null && verdict.V8 is not null && verdict.Wabt is null;

    private static bool Says(string? reason, string words) => reason?.Contains(words, StringComparison.Ordinal) == true;
}
