using System.Diagnostics;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Validation;

namespace PluginHost.Fuzz.Shrinking;

/// <summary>
/// Makes a valid module smaller as long as it shows what it is kept for: takes out sections, functions, exports, and runs of instructions, where what is
/// left is valid.
/// </summary>
internal sealed class ModuleShrinker(Func<byte[], bool> isInteresting, TimeSpan patience)
{
    private const byte ExportSection = 7;

    // What may stand in for instructions that took or gave values.
    private static readonly byte[][] s_substitutes =
    [
        [],
        [(byte)Opcode.Drop],
        [(byte)Opcode.I32Const, 0],
        [(byte)Opcode.I64Const, 0],
        [(byte)Opcode.Drop, (byte)Opcode.I32Const, 0],
        [(byte)Opcode.Drop, (byte)Opcode.I64Const, 0],
        [(byte)Opcode.F32Const, 0, 0, 0, 0],
        [(byte)Opcode.F64Const, 0, 0, 0, 0, 0, 0, 0, 0],
        [(byte)Opcode.Drop, (byte)Opcode.Drop],
    ];

    private readonly Stopwatch _clock = new();
    private byte[] _best = [];

    public byte[] Shrink(byte[] bytes)
    {
        _best = bytes;
        _clock.Restart();

        for (var length = int.MaxValue; _best.Length < length && _clock.Elapsed < patience;)
        {
            length = _best.Length;
            TakeOutSections();
            TakeOutExports();
            TakeOutFunctions();
            TakeOutInstructions();
        }

        return _best;
    }

    private bool Try(ModuleParts parts)
    {
        var candidate = parts.ToArray();

        if (candidate.Length >= _best.Length || _clock.Elapsed > patience || !IsValid(candidate) || !isInteresting(candidate))
            return false;

        _best = candidate;
        return true;
    }

    private static bool IsValid(byte[] bytes)
    {
        try
        {
            WasmModule.Load(bytes);
            return true;
        }
        catch (Exception exception) when (exception is MalformedModuleException or InvalidModuleException)
        {
            return false;
        }
    }

    private void TakeOutSections()
    {
        for (var i = ModuleParts.Parse(_best).Sections.Count - 1; i >= 0; i--)
        {
            Try(ModuleParts.Parse(_best).WithoutSection(i));

            // Two may need each other, as data and their count do.
            for (var j = i - 1; j >= 0 && i < ModuleParts.Parse(_best).Sections.Count; j--)
                Try(ModuleParts.Parse(_best).WithoutSection(i).WithoutSection(j));
        }
    }

    private void TakeOutExports()
    {
        var exports = WasmModule.Load(_best).Exports.ToList();

        for (var i = exports.Count - 1; i >= 0; i--)
        {
            var rest = exports.Where((_, index) => index != i).ToList();
            var items = rest.SelectMany(export => (byte[])[.. ModuleBytes.Name(export.Name), (byte)export.Kind, .. ModuleBytes.U32(export.Index)]);

            if (Try(ModuleParts.Parse(_best).With(ExportSection, [.. ModuleBytes.U32((uint)rest.Count), .. items])))
                exports = rest;
        }
    }

    private void TakeOutFunctions()
    {
        for (var i = Bodies().Length - 1; i >= 0; i--)
            TryBody(i, new BodyParts([0], [[(byte)Opcode.Unreachable], [(byte)Opcode.End]]));
    }

    private void TakeOutInstructions()
    {
        for (var i = Bodies().Length - 1; i >= 0; i--)
        {
            for (var count = Math.Max(Body(i).Instructions.Count / 2, 1); count > 0; count /= 2)
                TakeOutRuns(i, count);

            TakeOutBlocks(i);
        }
    }

    private void TakeOutRuns(int body, int count)
    {
        for (var start = Body(body).Instructions.Count - 1 - count; start >= 0; start = Math.Min(start - Math.Max(count / 2, 1), Body(body).Instructions.Count - 1 - count))
        {
            var parts = Body(body);

            // Past the first, substitutes pay for short runs only.
            foreach (var substitute in count > 16 ? s_substitutes.AsSpan(0, 3) : s_substitutes)
            {
                if (TryBody(body, parts.Replace(start, count, substitute)))
                    break;
            }
        }
    }

    private void TakeOutBlocks(int body)
    {
        for (var start = Body(body).Instructions.Count - 1; start >= 0; start--)
        {
            var parts = Body(body);

            if (start < parts.Instructions.Count && parts.EndOfBlock(start) is var end and > 0)
                TryBody(body, parts.Replace(end, 1).Replace(start, 1));
        }
    }

    private byte[][] Bodies() => ModuleParts.Parse(_best).SizedItems(ModuleParts.CodeSection);

    private BodyParts Body(int index) => BodyParts.Parse(Bodies()[index]);

    private bool TryBody(int index, BodyParts body)
    {
        var parts = ModuleParts.Parse(_best);
        var bodies = parts.SizedItems(ModuleParts.CodeSection);
        bodies[index] = body.ToArray();
        return Try(parts.WithSizedItems(ModuleParts.CodeSection, bodies));
    }
}
