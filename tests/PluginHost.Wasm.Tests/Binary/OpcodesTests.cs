using PluginHost.Wasm.Binary;

namespace PluginHost.Wasm.Tests.Binary;

public sealed class OpcodesTests
{
    [Fact]
    public void Table_HasOneRowForEachOpcode() =>
        Assert.Equal(Enum.GetValues<Opcode>(), Opcodes.All.ToArray().Select(row => row.Opcode));

    [Fact]
    public void Find_EachOpcode_GivesItsRow() =>
        Assert.All(Enum.GetValues<Opcode>(), opcode => Assert.Equal(opcode, Opcodes.Find(opcode)?.Opcode));

    [Fact]
    public void Row_OfNumericInstruction_HasTheResultThatItsNameSays() => Assert.All(
        Opcodes.All.ToArray().Where(row => row is { Immediates: Immediates.None, Operands.Length: > 0 } && row.Mnemonic.Contains('.', StringComparison.Ordinal)),
        row =>
        {
            var name = row.Mnemonic.Split('.');
            var isComparison = name[1].Split('_')[0] is "eqz" or "eq" or "ne" or "lt" or "gt" or "le" or "ge";

            if (name[0] != "ref")
                Assert.Equal(isComparison ? "i32" : name[0], Assert.Single(row.Results).ToString().ToLowerInvariant());
        });

    [Fact]
    public void Find_UnassignedCode_GivesNothing()
    {
        Assert.Null(Opcodes.Find((Opcode)0x06));
        Assert.Null(Opcodes.Find((Opcode)0xFC12));
    }
}
