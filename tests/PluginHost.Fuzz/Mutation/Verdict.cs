namespace PluginHost.Fuzz.Mutation;

/// <summary>What the engine and the oracles say of a module: each why it refuses it, or null where it accepts it.</summary>
/// <param name="Wabt">Null, too, where wabt was not asked.</param>
internal sealed record Verdict(string? Engine, string? V8, string? Wabt, bool IsWabtAsked)
{
    /// <summary>What the engine's reason starts with where it is no refusal but a mistake.</summary>
    public const string Crash = "crash: ";

    public bool IsUnanimous => !IsCrash && Engine is null == V8 is null && (!IsWabtAsked || Engine is null == Wabt is null);

    public bool IsCrash => Engine?.StartsWith(Crash, StringComparison.Ordinal) == true;

    public override string ToString() => $"engine: {Engine ?? "valid"}; v8: {V8 ?? "valid"}; wabt: {(IsWabtAsked ? Wabt ?? "valid" : "not asked")}";
}
