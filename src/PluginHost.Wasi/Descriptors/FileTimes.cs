using System.Runtime.InteropServices;

namespace PluginHost.Wasi.Descriptors;

/// <summary>New times of a file, in nanoseconds since 1970; null leaves one as it is.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct FileTimes(ulong? AccessTime, ulong? ModificationTime);
