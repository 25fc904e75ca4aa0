namespace PluginHost.Wasi.Tests.Support;

/// <summary>
/// A function of WASI called with every combination of lies in its pointers and lengths; its other arguments are right.
/// </summary>
/// <param name="Arguments">
/// The arguments in order, apart by spaces: numbers as they are, <c>p</c> for a pointer, <c>n</c> for a length in bytes or elements.
/// </param>
/// <param name="Outputs">
/// Where the function may write: <c>2:24</c> for 24 bytes at argument 2, <c>2:#3</c> for as many as argument 3 says, <c>2:*3</c> for the buffers listed at
/// argument 2, of which argument 3 has the number.
/// </param>
internal sealed record PointerLies(string Name, string Arguments, params string[] Outputs)
{
    /// <summary>Where pointers lead that are right; what is read there depends on the function.</summary>
    public const uint Place = 4096;

    private const uint ListedBytes = 8;

    /// <summary>Nothing, the last address, around the end, two that overlap, the second not aligned.</summary>
    private static readonly ulong[] Pointers = [0, uint.MaxValue, Guest.End - 1, Guest.End, Guest.End + 1, Place, Place + 3];

    private static readonly ulong[] Lengths = [0, uint.MaxValue, Guest.End - 1, Guest.End, Guest.End + 1, 1, 2, 8];

    /// <summary>All functions that take a pointer: 3 is a directory, 4 a file, 5 a connected socket that does not block.</summary>
    public static IReadOnlyDictionary<string, PointerLies> All { get; } = new PointerLies[]
    {
        new("args_get", "p p", "0:4", "1:7"),
        new("args_sizes_get", "p p", "0:4", "1:4"),
        new("environ_get", "p p", "0:4", "1:4"),
        new("environ_sizes_get", "p p", "0:4", "1:4"),
        new("clock_res_get", "0 p", "1:8"),
        new("clock_time_get", "1 0 p", "2:8"),
        new("fd_fdstat_get", "4 p", "1:24"),
        new("fd_filestat_get", "4 p", "1:64"),
        new("fd_prestat_get", "3 p", "1:8"),
        new("fd_prestat_dir_name", "3 p n", "1:5"),
        new("fd_read", "4 p n p", "1:*2", "3:4"),
        new("fd_pread", "4 p n 1 p", "1:*2", "4:4"),
        new("fd_write", "1 p n p", "3:4"),
        new("fd_pwrite", "4 p n 6 p", "4:4"),
        new("fd_readdir", "3 p n 0 p", "1:#2", "4:4"),
        new("fd_seek", "4 0 1 p", "3:8"),
        new("fd_tell", "4 p", "1:8"),
        new("path_create_directory", "3 p n"),
        new("path_filestat_get", "3 0 p n p", "4:64"),
        new("path_filestat_set_times", "3 0 p n 0 0 0"),
        new("path_link", "3 0 p n 3 p n"),
        new("path_open", "3 0 p n 0 2 0 0 p", "8:4"),
        new("path_readlink", "3 p n p n p", "3:#4", "5:4"),
        new("path_remove_directory", "3 p n"),
        new("path_rename", "3 p n 3 p n"),
        new("path_symlink", "p n 3 p n"),
        new("path_unlink_file", "3 p n"),
        new("poll_oneoff", "p p n p", "1:4096", "3:4"),
        new("random_get", "p n", "0:#1"),
        new("sock_accept", "5 0 p", "2:4"),
        new("sock_recv", "5 p n 1 p p", "1:*2", "4:4", "5:2"),
        new("sock_send", "5 p n 0 p", "4:4"),
    }.ToDictionary(lies => lies.Name, StringComparer.Ordinal);

    public IEnumerable<ulong[]> Combinations()
    {
        ulong[][] choices = [.. Arguments.Split(' ').Select(Choices)];
        var arguments = new ulong[choices.Length];
        var count = choices.Aggregate(1, (product, choice) => product * choice.Length);

        for (var number = 0; number < count; number++)
        {
            for (int i = 0, rest = number; i < choices.Length; rest /= choices[i++].Length)
                arguments[i] = choices[i][rest % choices[i].Length];

            yield return arguments;
        }
    }

    /// <summary>Whether the call may change the byte at the address.</summary>
    /// <param name="before">The memory before the call.</param>
    public bool MayWrite(uint address, ulong[] arguments, ReadOnlySpan<byte> before)
    {
        foreach (var output in Outputs)
        {
            var separator = output.IndexOf(':', StringComparison.Ordinal);
            var pointer = arguments[int.Parse(output.AsSpan(0, separator), System.Globalization.CultureInfo.InvariantCulture)];
            var what = output[(separator + 1)..];
            var number = uint.Parse(what.TrimStart('#', '*'), System.Globalization.CultureInfo.InvariantCulture);

            if (what[0] == '*' ? IsListed(address, pointer, arguments[number], before) : address >= pointer && address - pointer < (what[0] == '#' ? arguments[number] : number))
                return true;
        }

        return false;
    }

    private static bool IsListed(uint address, ulong list, ulong count, ReadOnlySpan<byte> before)
    {
        for (ulong i = 0; i < count; i++)
        {
            var pair = before.Slice((int)(list + (i * ListedBytes)), (int)ListedBytes);
            var start = BitConverter.ToUInt32(pair);

            if (address >= start && address - start < BitConverter.ToUInt32(pair[4..]))
                return true;
        }

        return false;
    }

    private static ulong[] Choices(string argument) => argument switch
    {
        "p" => Pointers,
        "n" => Lengths,
        _ => [ulong.Parse(argument, System.Globalization.CultureInfo.InvariantCulture)],
    };
}
