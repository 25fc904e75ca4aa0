using PluginHost.Fuzz.Generation;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

/// <summary>Recursion without end, of every kind that there is, on stacks of every size: it traps, and the process and the instance live on.</summary>
public sealed class RecursionTests
{
    private const string Host = "host";

    /// <summary>Types: 0 is () to (), 1 is i32 to i32, 2 has twenty parameters of all kinds, 3 twenty results. Function 0 is imported, 1 returns.</summary>
    private static readonly Dictionary<string, (int Type, CodeWriter Code)> s_kinds = new(StringComparer.Ordinal)
    {
        ["direct"] = (0, new CodeWriter().Op(Opcode.Call, 2)),
        ["through the table"] = (0, new CodeWriter().I32(2).Op(Opcode.CallIndirect, 0).U32(0)),
        ["through an import"] = (0, new CodeWriter().Op(Opcode.Call, 0)),
        ["through an import now and then"] = (0, new CodeWriter()
            .Op(Opcode.GlobalGet, 0).I32(1).Op(Opcode.I32Add).Op(Opcode.GlobalSet, 0)
            .Op(Opcode.GlobalGet, 0).I32(63).Op(Opcode.I32And).Op(Opcode.If, 0x40).Op(Opcode.Call, 2).Op(Opcode.Else).Op(Opcode.Call, 0).Op(Opcode.End)),
        ["with a result"] = (1, new CodeWriter().Get(0).I32(1).Op(Opcode.I32Add).Op(Opcode.Call, 2).I32(3).Op(Opcode.I32Mul)),
        ["mutual, to one that is never compiled"] = (0, new CodeWriter().Op(Opcode.Call, 3)),
        ["below a loop"] = (0, new CodeWriter().Op(Opcode.Loop, 0x40).Op(Opcode.Call, 2).Op(Opcode.Br, 0).Op(Opcode.End)),
        ["with many operands"] = (0, Wide()),
        ["with many arguments"] = (2, ManyArguments()),
        ["with many results"] = (3, new CodeWriter().Op(Opcode.Call, 2)),
    };

    public static TheoryData<string, string, int> Cases
    {
        get
        {
            var data = new TheoryData<string, string, int>();

            foreach (var engine in Tiers.Names)
            {
                foreach (var kind in s_kinds.Keys)
                {
                    foreach (var stack in (int[])[256, 512, 1_536])
                        data.Add(engine, kind, stack);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Calls_WithoutEnd_TrapAndTheInstanceStillAnswers(string engine, string kind, int stack)
    {
        using var instance = Instantiate(engine, Module(s_kinds[kind].Type, s_kinds[kind].Code));
        var function = (WasmFunction)instance.Export("endless");
        var arguments = new ulong[function.Type.Parameters.Length];
        var results = new ulong[function.Type.Results.Length];

        for (var i = 0; i < 3; i++)
        {
            var trap = Assert.Throws<TrapException>(() => SmallStack.Run(stack * 1024, () => instance.Invoke(function, arguments, results)));
            Assert.Equal(TrapKind.CallStackExhausted, trap.Kind);
        }

        instance.Invoke((WasmFunction)instance.Export("fine"), [], []);
    }

    [Theory]
    [TierData]
    public void StartFunction_WithoutEnd_Traps(string engine)
    {
        var module = Module(0, new CodeWriter().Op(Opcode.Call, 2), start: 2);

        var trap = Assert.Throws<TrapException>(() => SmallStack.Run(256 * 1024, () => Instantiate(engine, module).Dispose()));

        Assert.Equal(TrapKind.CallStackExhausted, trap.Kind);
    }

    [Theory]
    [TierData]
    public void TailCalls_WithoutEnd_EndAtTheDeadline(string engine)
    {
        using var instance = Instantiate(engine, Module(0, new CodeWriter().Op(Opcode.ReturnCall, 2)));
        var function = (WasmFunction)instance.Export("endless");

        var trap = Assert.Throws<TrapException>(() => SmallStack.Run(256 * 1024, () => instance.Invoke(function, [], [], new ExecutionBudget(TimeSpan.FromMilliseconds(50)))));

        Assert.Equal(TrapKind.DeadlineExceeded, trap.Kind);
    }

    private static WasmInstance Instantiate(string engine, byte[] module)
    {
        var imports = new Imports().Add(Host, "back", new FunctionType([], []), static (ref call) =>
        {
            Assert.True(call.Instance.TryGetFunction("endless", out var function));
            call.Instance.Invoke(function, [], []);
        });

        return Tiers.Named(engine).Prepare(WasmModule.Load(module)).Instantiate(imports, new InstanceOptions { MaximumCallDepth = 100_000 });
    }

    /// <summary>Function 2 is the one to call, and 3 calls it by what the compiler leaves to the interpreter.</summary>
    private static byte[] Module(int type, CodeWriter code, byte? start = null)
    {
        var many = Enumerable.Range(0, 20).Select(index => (byte)(0x7F - (index % 4))).ToArray();
        var bytes = new ModuleBytes()
            .Section(1, [4, 0x60, 0, 0, 0x60, 1, 0x7F, 1, 0x7F, 0x60, 20, .. many, 0, 0x60, 0, 20, .. many])
            .Section(2, [1, .. ModuleBytes.Name(Host), .. ModuleBytes.Name("back"), 0, 0])
            .Section(3, 3, 0, (byte)type, 0)
            .Section(4, 1, 0x70, 0, 3)
            .Section(6, 1, 0x7F, 1, 0x41, 0, 0x0B)
            .Section(7, [2, .. ModuleBytes.Name("fine"), 0, 1, .. ModuleBytes.Name("endless"), 0, 2]);

        if (start is { } function)
            bytes.Section(8, function);

        byte[] back = type == 0 ? [0, 0x12, 2, 0x0B] : [0, 0x0B];

        return bytes
            .Section(9, [1, 0, .. ModuleBytes.Offset(0), 3, 0, 1, 2])
            .Section(10, [3, .. ModuleBytes.Sized([0, 0x0B]), .. ModuleBytes.Sized([0, .. code.ToArray(), 0x0B]), .. ModuleBytes.Sized(back)])
            .ToArray();
    }

    private static CodeWriter Wide()
    {
        var code = new CodeWriter();

        for (var i = 0; i < 1_000; i++)
            code.Op(Opcode.GlobalGet, 0);

        code.Op(Opcode.Call, 2);

        for (var i = 0; i < 1_000; i++)
            code.Op(Opcode.Drop);

        return code;
    }

    private static CodeWriter ManyArguments()
    {
        var code = new CodeWriter();

        for (var i = 0U; i < 20; i++)
            code.Get(i);

        return code.Op(Opcode.Call, 2);
    }
}
