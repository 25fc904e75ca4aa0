using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Generation.Go;
using PluginHost.Wasm.Interpreter;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;
using PluginHost.Wasm.Validation;

namespace PluginHost.Wasm.Tests.Fuzzing;

public sealed class GoSourceTests
{
    // What the generator leaves to others: tables, references, branches that carry several values, and what only a frame's end has.
    private static readonly Operation[] s_notReached =
    [
        Operation.Exit, Operation.EnterCompiled, Operation.MoveMany, Operation.RefFunc, Operation.TableGet, Operation.TableSet, Operation.TableSize, Operation.TableGrow, Operation.TableFill, Operation.TableCopy,
        Operation.TableInit, Operation.ElemDrop,
    ];

    [Fact]
    public void Create_ForManySeeds_ReachesEveryOperationOfTheInterpreter()
    {
        var reached = new HashSet<Operation>();
        using var caller = InterpreterEngine.Instance.Prepare(WasmModule.Load(ModuleBytes.WithBody(0x0B))).Instantiate(new Imports());

        for (var seed = 0; seed < 600; seed++)
        {
            var module = WasmModule.Load(new GoSource().Create(new FuzzRandom(seed))!);
            var executable = (InterpreterModule)InterpreterEngine.Instance.Prepare(module);

            for (var i = 0; i < module.FunctionBodies.Length; i++)
                reached.UnionWith(Operations(executable, caller, module, (uint)(module.ImportedFunctionCount + i)));
        }

        Assert.Empty(Enum.GetValues<Operation>().Except(reached).Except(s_notReached));
    }

    private static List<Operation> Operations(InterpreterModule executable, WasmInstance caller, WasmModule module, uint function)
    {
        var selector = new SelectorScan();
        FunctionValidator.Validate(module, function, ref selector);
        var lowering = new FunctionLowering(executable, caller, new CodeBuffer(), selector.IsSelectorDead, entries: null);
        FunctionValidator.Validate(module, function, ref lowering);
        var operations = new List<Operation>();
        var code = lowering.Finish();

        for (var i = 0; i < code.Length; i++)
        {
            operations.Add(code[i].Operation);

            // Behind a table's head stand its targets, four in an instruction's place, the default last.
            if (code[i].Operation == Operation.BranchTable)
                i += ((int)code[i].Low + 4) / 4;
        }

        return operations;
    }
}
