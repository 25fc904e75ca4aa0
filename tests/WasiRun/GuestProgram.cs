using PluginHost.Wasi;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.WasiRun;

/// <summary>One run of a command module: from its file to its exit code.</summary>
internal static class GuestProgram
{
    private const string EntryPoint = "_start";

    /// <summary>Far above what tests open, and below what a process may.</summary>
    private const int MaximumDescriptors = 1024;

    /// <param name="program">The module's file, then the guest's arguments.</param>
    public static int Run(IExecutionEngine engine, IReadOnlyList<string> program, IReadOnlyList<Preopen> directories, IReadOnlyDictionary<string, string> environment)
    {
        try
        {
            using var output = HostStreams.OpenOutput();
            using var error = HostStreams.OpenError();
            using var input = HostStreams.OpenInput();
            using var context = new WasiContext(new WasiOptions
            {
                Arguments = program,
                Environment = environment,
                Preopens = directories,
                StandardInputStream = input,
                StandardOutputStream = output,
                StandardErrorStream = error,
                MaximumDescriptors = MaximumDescriptors,
            });

            return Run(engine, WasmModule.Load(File.ReadAllBytes(program[0])), context);
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException or MalformedModuleException
            or InvalidModuleException or LinkException or InstantiationException or PlatformNotSupportedException)
        {
            Console.Error.WriteLine($"WasiRun: {program[0]}: {error.Message}");
            return ExitCode.NotRun;
        }
    }

    private static int Run(IExecutionEngine engine, WasmModule module, WasiContext context)
    {
        var imports = new Imports();
        WasiImports.AddTo(imports);

        try
        {
            using var instance = engine.Prepare(module).Instantiate(imports, new InstanceOptions { States = [context] });

            if (!instance.TryGetFunction(EntryPoint, out var start) || start.Type is not { Parameters.Length: 0, Results.Length: 0 })
                throw new InvalidDataException($"no command: it exports no function {EntryPoint} without parameters and results");

            instance.Invoke(start, [], []);
            return 0;
        }
        catch (ProcessExitException exit)
        {
            return unchecked((int)exit.Code);
        }
        catch (TrapException trap)
        {
            Report(trap);
            return ExitCode.Trapped;
        }
    }

    private static void Report(TrapException trap)
    {
        Console.Error.WriteLine($"WasiRun: trap {trap.Kind}: {trap.Message}");

        foreach (var frame in trap.Frames)
            Console.Error.WriteLine($"    at {frame}");

        if (trap.Frames.Length == TrapException.MaximumStackFrames)
            Console.Error.WriteLine("    ...");
    }
}
