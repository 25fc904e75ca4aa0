using System.Text;

namespace PluginHost.Plugins.Tests.Support;

/// <summary>Writes small modules by hand, section by section.</summary>
internal sealed class ModuleBytes
{
    public const byte I32 = 0x7F;
    public const byte I64 = 0x7E;
    public const byte FuncRef = 0x70;

    private readonly List<byte[]> _types = [];
    private readonly List<byte[]> _imports = [];
    private readonly List<byte> _functions = [];
    private readonly List<byte[]> _exports = [];
    private readonly List<byte[]> _bodies = [];
    private bool _memory;
    private byte? _start;
    private byte[]? _custom;

    /// <summary>A module that exports add: (i32, i32) -> i32.</summary>
    public static byte[] Add { get; } = new ModuleBytes().Function("add", [I32, I32], [I32], 0x20, 0, 0x20, 1, 0x6A).ToArray();

    public ModuleBytes Import(string module, string name, byte[] parameters, byte[] results)
    {
        _types.Add(Type(parameters, results));
        _imports.Add([.. Text(module), .. Text(name), 0x00, (byte)(_types.Count - 1)]);
        return this;
    }

    /// <summary>Adds a function; imports come before.</summary>
    /// <param name="code">Without the final end.</param>
    public ModuleBytes Function(string? export, byte[] parameters, byte[] results, params byte[] code)
    {
        _types.Add(Type(parameters, results));
        _functions.Add((byte)(_types.Count - 1));
        _bodies.Add([.. Length(code.Length + 2), 0x00, .. code, 0x0B]);

        if (export is not null)
            _exports.Add([.. Text(export), 0x00, (byte)(_imports.Count + _functions.Count - 1)]);

        return this;
    }

    public ModuleBytes Memory()
    {
        _memory = true;
        _exports.Add([.. Text("memory"), 0x02, 0x00]);
        return this;
    }

    /// <summary>Makes a function of the index the module's start function.</summary>
    public ModuleBytes Start(byte function)
    {
        _start = function;
        return this;
    }

    /// <summary>Makes the module larger by a custom section.</summary>
    public ModuleBytes Custom(byte[] content)
    {
        _custom = content;
        return this;
    }

    public byte[] ToArray()
    {
        var bytes = new List<byte> { 0, (byte)'a', (byte)'s', (byte)'m', 1, 0, 0, 0 };

        Section(bytes, 1, _types);
        Section(bytes, 2, _imports);
        Section(bytes, 3, [.. _functions.Select(function => new[] { function })]);

        if (_memory)
            Section(bytes, 5, [[0x00, 0x01]]);

        Section(bytes, 7, _exports);

        if (_start is { } start)
            bytes.AddRange([8, 1, start]);

        Section(bytes, 10, _bodies);

        if (_custom is not null)
        {
            bytes.Add(0);
            bytes.AddRange(Length(_custom.Length + 2));
            bytes.AddRange([1, (byte)'x']);
            bytes.AddRange(_custom);
        }

        return [.. bytes];
    }

    private static void Section(List<byte> bytes, byte id, List<byte[]> items)
    {
        if (items.Count == 0)
            return;

        byte[] content = [.. Length(items.Count), .. items.SelectMany(item => item)];

        bytes.Add(id);
        bytes.AddRange(Length(content.Length));
        bytes.AddRange(content);
    }

    private static byte[] Type(byte[] parameters, byte[] results) => [0x60, (byte)parameters.Length, .. parameters, (byte)results.Length, .. results];

    private static byte[] Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return [.. Length(utf8.Length), .. utf8];
    }

    private static byte[] Length(int value) => value < 128 ? [(byte)value] : [(byte)(value | 0x80), .. Length(value >> 7)];
}
