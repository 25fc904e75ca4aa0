namespace PluginHost.Wasi;

/// <summary>What a descriptor may be used for (type <c>rights</c>).</summary>
[Flags]
public enum Rights : ulong
{
    None = 0,
    DataSync = 1UL << 0,
    Read = 1UL << 1,
    Seek = 1UL << 2,
    SetFlags = 1UL << 3,
    Sync = 1UL << 4,
    Tell = 1UL << 5,
    Write = 1UL << 6,
    Advise = 1UL << 7,
    Allocate = 1UL << 8,
    CreateDirectory = 1UL << 9,
    CreateFile = 1UL << 10,
    LinkSource = 1UL << 11,
    LinkTarget = 1UL << 12,
    Open = 1UL << 13,
    ReadDirectory = 1UL << 14,
    ReadLink = 1UL << 15,
    RenameSource = 1UL << 16,
    RenameTarget = 1UL << 17,
    PathFileStatGet = 1UL << 18,
    PathFileStatSetSize = 1UL << 19,
    PathFileStatSetTimes = 1UL << 20,
    FileStatGet = 1UL << 21,
    FileStatSetSize = 1UL << 22,
    FileStatSetTimes = 1UL << 23,
    SymbolicLink = 1UL << 24,
    RemoveDirectory = 1UL << 25,
    UnlinkFile = 1UL << 26,
    Poll = 1UL << 27,
    Shutdown = 1UL << 28,
    Accept = 1UL << 29,

    /// <summary>Every right there is.</summary>
    All = (1UL << 30) - 1,

    /// <summary>What changes files or directories.</summary>
    Mutating = Write | Allocate | CreateDirectory | CreateFile | LinkSource | LinkTarget | RenameSource | RenameTarget | PathFileStatSetSize
        | PathFileStatSetTimes | FileStatSetSize | FileStatSetTimes | SymbolicLink | RemoveDirectory | UnlinkFile,

    /// <summary>What a regular file knows.</summary>
    OfFile = DataSync | Read | Seek | SetFlags | Sync | Tell | Write | Advise | Allocate | FileStatGet | FileStatSetSize | FileStatSetTimes | Poll,

    /// <summary>What a directory knows.</summary>
    OfDirectory = SetFlags | DataSync | Sync | CreateDirectory | CreateFile | LinkSource | LinkTarget | Open | ReadDirectory | ReadLink | RenameSource | RenameTarget | PathFileStatGet
        | PathFileStatSetSize | PathFileStatSetTimes | FileStatGet | FileStatSetTimes | SymbolicLink | RemoveDirectory | UnlinkFile,
}
