using System.Collections.Immutable;

namespace PluginHost.Wasm.Modules;

/// <summary>The parameters and results of a function (spec 2.3.5), compared by value.</summary>
public sealed class FunctionType(ImmutableArray<ValueType> parameters, ImmutableArray<ValueType> results) : IEquatable<FunctionType>
{
    public static FunctionType Empty { get; } = new([], []);

    private static readonly Dictionary<ValueType, FunctionType> SingleResults = ((ValueType[])[ValueType.I32, ValueType.I64, ValueType.F32, ValueType.F64, ValueType.FuncRef, ValueType.ExternRef])
        .ToDictionary(type => type, type => new FunctionType([], [type]));

    public ImmutableArray<ValueType> Parameters { get; } = parameters;

    public ImmutableArray<ValueType> Results { get; } = results;

    /// <summary>A frame holds the arguments first and the results afterwards in the same slots: this many slots serve both.</summary>
    public int SlotCount => Math.Max(Parameters.Length, Results.Length);

    /// <summary>The type of a block that takes nothing and gives one value.</summary>
    internal static FunctionType OfResult(ValueType result) => SingleResults[result];

    public bool Equals(FunctionType? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Parameters.AsSpan().SequenceEqual(other.Parameters.AsSpan()) && Results.AsSpan().SequenceEqual(other.Results.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as FunctionType);

    public override int GetHashCode()
    {
        var hash = default(HashCode);

        foreach (var parameter in Parameters)
            hash.Add(parameter);

        hash.Add(0);

        foreach (var result in Results)
            hash.Add(result);

        return hash.ToHashCode();
    }

    /// <summary>The type as the field writes it: <c>(i32, i32) -> (i64)</c>.</summary>
    public override string ToString() =>
        $"({string.Join(", ", Parameters.Select(type => type.Name()))}) -> ({string.Join(", ", Results.Select(type => type.Name()))})";
}
