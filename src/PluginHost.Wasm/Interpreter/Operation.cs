namespace PluginHost.Wasm.Interpreter;

/// <summary>
/// What an <see cref="Instruction"/> does. The numeric ones are named as in the specification; those that do the same for another type
/// (f64.load as i64.load, i64.store8 as i32.store8) are one. 32-bit values stand in the low half of a slot; what stands above is not defined.
/// </summary>
internal enum Operation : ushort
{
    // Control.
    /// <summary>Leaves the loop: the return address of the outermost frame.</summary>
    Exit,

    /// <summary>Runs the function's compiled code in this frame, and returns. The immediate: code that calls it with arguments in slots.</summary>
    EnterCompiled,

    Unreachable,
    Jump,
    /// <summary>A: index. Low: number of targets without the default. The jumps follow, four in one instruction, the default last.</summary>
    BranchTable,

    /// <summary>The results stand in place.</summary>
    Return,

    /// <summary>A: the result.</summary>
    ReturnSlot,

    /// <summary>The immediate is the result.</summary>
    ReturnConst,

    /// <summary>A: the first of Low results.</summary>
    ReturnMany,

    /// <summary>A: the first argument, where the callee's frame starts. Low: function.</summary>
    Call,

    /// <summary>A: the first argument. Low: function.</summary>
    CallImport,

    /// <summary>A: the first argument. B: element. C: table. Low: type.</summary>
    CallIndirect,

    /// <summary>A: the first argument. Low: function.</summary>
    TailCall,

    /// <summary>A: the first argument. B: element. C: table. Low: type.</summary>
    TailCallIndirect,

    // Slots, globals, references.
    /// <summary>A := B</summary>
    Move,

    /// <summary>As many slots from A on as the immediate says := those from B on</summary>
    MoveMany,

    /// <summary>A := immediate</summary>
    Const,

    /// <summary>A := Low ? B : C</summary>
    Select,

    /// <summary>A := global Low, which the instance defines</summary>
    GlobalGet,

    /// <summary>global Low := A</summary>
    GlobalSet,

    /// <summary>A := global Low, which the instance imports</summary>
    GlobalGetImported,

    /// <summary>global Low := A</summary>
    GlobalSetImported,

    /// <summary>A := reference to function Low</summary>
    RefFunc,

    // Memory: A := [B + Low] or [A + Low] := B; the sum wraps to 32 bits, then High is added without wrapping.
    I32Load,
    I64Load,
    I32Load8S,
    I32Load8U,
    I32Load16S,
    I32Load16U,
    I64Load8S,
    I64Load16S,
    I64Load32S,
    I32Store,
    I64Store,
    I32Store8,
    I32Store16,
    /// <summary>[A + Low] := C, sign-extended</summary>
    I32StoreConst,

    /// <summary>[A + Low] := C, sign-extended</summary>
    I64StoreConst,

    /// <summary>[A + Low] := C, sign-extended</summary>
    I32Store8Const,

    /// <summary>[A + Low] := C, sign-extended</summary>
    I32Store16Const,

    /// <summary>A</summary>
    MemorySize,

    /// <summary>A := grow by B</summary>
    MemoryGrow,

    /// <summary>A: destination, B: value, C: length</summary>
    MemoryFill,

    /// <summary>A: destination, B: source, C: length</summary>
    MemoryCopy,

    /// <summary>A: destination, B: source, C: length; Low: segment</summary>
    MemoryInit,

    /// <summary>Low: segment</summary>
    DataDrop,

    // Tables.
    /// <summary>A := table Low [B]</summary>
    TableGet,

    /// <summary>table Low [A] := B</summary>
    TableSet,

    /// <summary>A := size of table Low</summary>
    TableSize,

    /// <summary>A := grow table Low by C elements B</summary>
    TableGrow,

    /// <summary>A: destination, B: value, C: length; Low: table</summary>
    TableFill,

    /// <summary>A: destination, B: source, C: length; Low: destination table; High: source table</summary>
    TableCopy,

    /// <summary>A: destination, B: source, C: length; Low: table; High: segment</summary>
    TableInit,

    /// <summary>Low: segment</summary>
    ElemDrop,

    // Numeric: A := B op C.
    I32Eqz,
    I32Eq,
    I32Ne,
    I32LtS,
    I32LtU,
    I32GtS,
    I32GtU,
    I32LeS,
    I32LeU,
    I32GeS,
    I32GeU,
    I64Eqz,
    I64Eq,
    I64Ne,
    I64LtS,
    I64LtU,
    I64GtS,
    I64GtU,
    I64LeS,
    I64LeU,
    I64GeS,
    I64GeU,
    F32Eq,
    F32Ne,
    F32Lt,
    F32Gt,
    F32Le,
    F32Ge,
    F64Eq,
    F64Ne,
    F64Lt,
    F64Gt,
    F64Le,
    F64Ge,
    I32Clz,
    I32Ctz,
    I32Popcnt,
    I32Add,
    I32Sub,
    I32Mul,
    I32DivS,
    I32DivU,
    I32RemS,
    I32RemU,
    I32And,
    I32Or,
    I32Xor,
    I32Shl,
    I32ShrS,
    I32ShrU,
    I32Rotl,
    I32Rotr,
    I64Clz,
    I64Ctz,
    I64Popcnt,
    I64Add,
    I64Sub,
    I64Mul,
    I64DivS,
    I64DivU,
    I64RemS,
    I64RemU,
    I64And,
    I64Or,
    I64Xor,
    I64Shl,
    I64ShrS,
    I64ShrU,
    I64Rotl,
    I64Rotr,
    F32Abs,
    F32Neg,
    F32Ceil,
    F32Floor,
    F32Trunc,
    F32Nearest,
    F32Sqrt,
    F32Add,
    F32Sub,
    F32Mul,
    F32Div,
    F32Min,
    F32Max,
    F32Copysign,
    F64Abs,
    F64Neg,
    F64Ceil,
    F64Floor,
    F64Trunc,
    F64Nearest,
    F64Sqrt,
    F64Add,
    F64Sub,
    F64Mul,
    F64Div,
    F64Min,
    F64Max,
    F64Copysign,
    I32TruncF32S,
    I32TruncF32U,
    I32TruncF64S,
    I32TruncF64U,
    I64ExtendI32S,
    I64ExtendI32U,
    I64TruncF32S,
    I64TruncF32U,
    I64TruncF64S,
    I64TruncF64U,
    F32ConvertI32S,
    F32ConvertI32U,
    F32ConvertI64S,
    F32ConvertI64U,
    F32DemoteF64,
    F64ConvertI32S,
    F64ConvertI32U,
    F64ConvertI64S,
    F64ConvertI64U,
    F64PromoteF32,
    I32Extend8S,
    I32Extend16S,
    I64Extend8S,
    I64Extend16S,
    I64Extend32S,
    I32TruncSatF32S,
    I32TruncSatF32U,
    I32TruncSatF64S,
    I32TruncSatF64U,
    I64TruncSatF32S,
    I64TruncSatF32U,
    I64TruncSatF64S,
    I64TruncSatF64U,

    // Numeric with a constant: A := B op immediate.
    I32AddConst,
    I32AndConst,
    I32OrConst,
    I32XorConst,
    I32ShlConst,
    I32ShrSConst,
    I32ShrUConst,
    I32MulConst,
    I32RotlConst,
    I64AddConst,
    I64AndConst,
    I64OrConst,
    I64XorConst,
    I64ShlConst,
    I64ShrSConst,
    I64ShrUConst,
    I64MulConst,
    I64RotlConst,
    I32EqConst,
    I32NeConst,
    I32LtSConst,
    I32LtUConst,
    I32GtSConst,
    I32GtUConst,
    I32LeSConst,
    I32LeUConst,
    I32GeSConst,
    I32GeUConst,
    I64EqConst,
    I64NeConst,
    I64LtSConst,
    I64LtUConst,
    I64GtSConst,
    I64GtUConst,
    I64LeSConst,
    I64LeUConst,
    I64GeSConst,
    I64GeUConst,
    /// <summary>A := zero-extended low half of B + immediate</summary>
    I64AddExtendedConst,

    // Conditional jumps.
    /// <summary>A</summary>
    JumpIfZero32,

    /// <summary>A</summary>
    JumpIfNotZero32,

    /// <summary>A</summary>
    JumpIfZero64,

    /// <summary>A</summary>
    JumpIfNotZero64,

    /// <summary>A, B</summary>
    JumpIfI32Eq,

    /// <summary>A, B</summary>
    JumpIfI32Ne,

    /// <summary>A, B</summary>
    JumpIfI32LtS,

    /// <summary>A, B</summary>
    JumpIfI32LtU,

    /// <summary>A, B</summary>
    JumpIfI32LeS,

    /// <summary>A, B</summary>
    JumpIfI32LeU,

    /// <summary>A, B</summary>
    JumpIfI64Eq,

    /// <summary>A, B</summary>
    JumpIfI64Ne,

    /// <summary>A, B</summary>
    JumpIfI64LtS,

    /// <summary>A, B</summary>
    JumpIfI64LtU,

    /// <summary>A, B</summary>
    JumpIfI64LeS,

    /// <summary>A, B</summary>
    JumpIfI64LeU,

    /// <summary>A, High</summary>
    JumpIfI32EqConst,

    /// <summary>A, High</summary>
    JumpIfI32NeConst,

    /// <summary>A, High</summary>
    JumpIfI32LtSConst,

    /// <summary>A, High</summary>
    JumpIfI32LtUConst,

    /// <summary>A, High</summary>
    JumpIfI32GtSConst,

    /// <summary>A, High</summary>
    JumpIfI32GtUConst,

    /// <summary>A, High</summary>
    JumpIfI32LeSConst,

    /// <summary>A, High</summary>
    JumpIfI32LeUConst,

    /// <summary>A, High</summary>
    JumpIfI32GeSConst,

    /// <summary>A, High</summary>
    JumpIfI32GeUConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64EqConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64NeConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64LtSConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64LtUConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64GtSConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64GtUConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64LeSConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64LeUConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64GeSConst,

    /// <summary>A, High sign-extended</summary>
    JumpIfI64GeUConst,

    /// <summary>A, B</summary>
    JumpIfF32Eq,

    /// <summary>A, B</summary>
    JumpIfF32Ne,

    /// <summary>A, B</summary>
    JumpIfF32Lt,

    /// <summary>A, B</summary>
    JumpIfF32Le,

    /// <summary>A, B</summary>
    JumpIfF32NotLt,

    /// <summary>A, B</summary>
    JumpIfF32NotLe,

    /// <summary>A, B</summary>
    JumpIfF64Eq,

    /// <summary>A, B</summary>
    JumpIfF64Ne,

    /// <summary>A, B</summary>
    JumpIfF64Lt,

    /// <summary>A, B</summary>
    JumpIfF64Le,

    /// <summary>A, B</summary>
    JumpIfF64NotLt,

    /// <summary>A, B</summary>
    JumpIfF64NotLe,

    // Fused sequences of Go code; SP is the global 0, kept in a slot as well.
    /// <summary>A := B + Low; global High := A</summary>
    AddSetGlobal,

    /// <summary>A := global 0 := A + C, sign-extended; i64 [A] := immediate</summary>
    GoPush,

    /// <summary>GoPush of the value Low with A and C; then calls function High with the argument 0, its frame at B</summary>
    GoCall,

    /// <summary>A := global 0; jumps when B, the result of the call before, is not 0</summary>
    GoResume,

    /// <summary>global 0 := A + Low; returns 0</summary>
    GoReturn,

    /// <summary>jumps when A &gt; i32 [global B + C], unsigned</summary>
    GoStackCheck,
}
