using System.Diagnostics.CodeAnalysis;

namespace PluginHost.Plugins;

/// <summary>A value, or the reason why there is none.</summary>
public readonly struct Outcome<T>
    where T : class
{
    internal Outcome(T? value, PluginFailure? failure)
    {
        Value = value;
        Failure = failure;
    }

    public T? Value { get; }

    public PluginFailure? Failure { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => Failure is null;

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(PluginFailure failure) => new(null, failure);
}
