using System.Diagnostics;
using System.Globalization;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Benchmarks;

/// <summary>What runs the kernels of one sample: native Go and V8 where they are there, and this engine's tiers.</summary>
internal sealed class KernelSides : IDisposable
{
    public const string Native = "native Go";
    public const string V8 = "V8";

    private readonly List<KernelSide> _sides = [];
    private readonly List<IDisposable> _running = [];

    public KernelSides(string sample, IReadOnlyList<string> engines)
    {
        if (Running(NativeGo.TryStart(sample)) is { } native)
            _sides.Add(new(Native, kernel => native.Call(kernel) is var run ? (run.Milliseconds, Text(kernel, run.Result)) : default));
        else
            Console.Error.WriteLine($"No times of native Go: {GoInstallation.Obstacle}");

        if (Running(NodeEngine.TryStart()) is { } node)
        {
            node.Load(Repository.SamplePath(sample));
            node.Instantiate();
            _sides.Add(new(V8, kernel => node.Call(kernel.Export, 1, ("i32", kernel.Size.ToString(CultureInfo.InvariantCulture))) is var run ? (run.Milliseconds, Normal(kernel, run.Result)) : default));
        }
        else
        {
            Console.Error.WriteLine("node is not installed: no times of V8.");
        }

        foreach (var engine in engines)
        {
            var guest = new Guest(ExecutionEngines.Named(engine).Prepare(WasmModule.Load(Repository.Sample(sample))));
            _running.Add(guest);
            _sides.Add(new(engine, kernel => Time(guest, kernel)));
        }
    }

    public IReadOnlyList<KernelSide> All => _sides;

    public void Dispose() => _running.ForEach(side => side.Dispose());

    private static (double Milliseconds, string Result) Time(Guest guest, Kernel kernel)
    {
        var begin = Stopwatch.GetTimestamp();
        var bits = guest.Call(kernel.Export, (ulong)kernel.Size);

        return (Stopwatch.GetElapsedTime(begin).TotalMilliseconds, Text(kernel, bits));
    }

    private static string Text(Kernel kernel, ulong bits) => kernel.Result switch
    {
        ValueType.I32 => ((int)bits).ToString(CultureInfo.InvariantCulture),
        ValueType.I64 => ((long)bits).ToString(CultureInfo.InvariantCulture),
        _ => BitConverter.UInt64BitsToDouble(bits).ToString("R", CultureInfo.InvariantCulture),
    };

    /// <summary>Both write floats so that they read back as the same, though not with the same digits.</summary>
    private static string Normal(Kernel kernel, string result) =>
        kernel.Result == ValueType.F64 ? double.Parse(result, CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture) : result;

    private T? Running<T>(T? side)
        where T : class, IDisposable
    {
        if (side is not null)
            _running.Add(side);

        return side;
    }
}
