using System.Reflection;
using System.Runtime.InteropServices;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>Which C# structs lie in memory as Go's with <c>structs.HostLayout</c> do.</summary>
internal static class GuestStructs
{
    private static readonly HashSet<Type> Scalars =
    [
        typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong), typeof(float), typeof(double),
    ];

    /// <summary>Why a type cannot be passed by pointer; null where it can.</summary>
    public static string? Refusal(Type type)
    {
        if (Scalars.Contains(type))
            return null;

        if (!type.IsValueType || type.IsPrimitive || type.IsEnum || type.IsGenericType || type.IsByRefLike)
            return $"{type.Name} is not a scalar and not a struct";

        var layout = type.StructLayoutAttribute!;

        if (layout.Value != LayoutKind.Sequential || layout.Pack is not (0 or 8))
            return $"{type.Name} is not of sequential layout without packing";

        // Every bit pattern of such a field is a value: bool, char and references are not so.
        return type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(field => Refusal(field.FieldType) is { } reason ? $"its field {field.Name} cannot pass: {reason}" : null)
            .FirstOrDefault(reason => reason is not null);
    }
}
