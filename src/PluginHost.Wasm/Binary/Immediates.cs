namespace PluginHost.Wasm.Binary;

/// <summary>What follows an opcode in the binary format (spec 5.4).</summary>
public enum Immediates
{
    None,
    BlockType,
    Label,
    LabelTable,
    Function,
    TypeAndTable,
    ValueTypes,
    Local,
    Global,
    Table,
    TwoTables,
    ElementAndTable,
    Element,
    Memory,
    TwoMemories,
    DataAndMemory,
    Data,
    MemoryArgument,
    ReferenceType,
    I32Const,
    I64Const,
    F32Const,
    F64Const,
}
