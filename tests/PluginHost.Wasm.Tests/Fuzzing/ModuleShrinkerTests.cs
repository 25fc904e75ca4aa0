using PluginHost.Fuzz.Cases;
using PluginHost.Fuzz.Generation.Go;
using PluginHost.Fuzz.Shrinking;
using PluginHost.Wasm.Binary;
using PluginHost.Wasm.Modules;

namespace PluginHost.Wasm.Tests.Fuzzing;

public sealed class ModuleShrinkerTests
{
    [Fact]
    public void Shrink_OfAModuleWithOneInstructionThatMatters_LeavesLittleElse()
    {
        var bytes = Enumerable.Range(0, 1_000).Select(seed => new GoSource().Create(new FuzzRandom(seed))!).First(Has);

        var shrunk = new ModuleShrinker(Has, TimeSpan.FromMinutes(5)).Shrink(bytes);

        Assert.True(Has(shrunk));
        WasmModule.Load(shrunk);
        Assert.True(shrunk.Length < 250, $"{bytes.Length} bytes became {shrunk.Length}");
    }

    [Fact]
    public void Parts_PutTogetherAgain_AreTheSameFunctions()
    {
        var bytes = new GoSource().Create(new FuzzRandom(1))!;
        var parts = ModuleParts.Parse(bytes);
        var bodies = parts.SizedItems(ModuleParts.CodeSection);

        var again = parts.WithSizedItems(ModuleParts.CodeSection, [.. bodies.Select(body => BodyParts.Parse(body).ToArray())]).ToArray();

        Assert.Equal(bytes, again);
    }

    private static bool Has(byte[] module) => ModuleParts.Parse(module).SizedItems(ModuleParts.CodeSection)
        .Any(body => BodyParts.Parse(body).Instructions.Any(instruction => instruction[0] == (byte)Opcode.I64RemS));
}
