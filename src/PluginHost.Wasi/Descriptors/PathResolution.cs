using Microsoft.Win32.SafeHandles;

namespace PluginHost.Wasi.Descriptors;

/// <summary>
/// Finds what a guest's path names below a directory, and never anything outside of it. The result is the open directory in which the last name stands, so
/// that what follows works on that name alone, whatever is renamed or replaced meanwhile.
/// </summary>
internal static class PathResolution
{
    /// <summary>The bytes that a path may have, with the targets of the links in it; what Linux takes, without the end mark.</summary>
    public const int MaximumPathBytes = 4095;

    private const int MaximumLinks = 40;

    /// <summary>The directories that a walk holds open at a time, as it must to go back up.</summary>
    private const int MaximumDepth = 256;

    /// <summary>How often a path is looked up anew that others rename at the same moment.</summary>
    private const int Attempts = 8;

    private static readonly byte[] Here = [(byte)'.', 0];

    /// <summary>Whether the kernel resolves below a directory by itself (Linux 5.6 and no filter against it). Otherwise it is done here, component by component.</summary>
    public static bool KernelResolves { get; } = Posix.IsSupported && ProbeKernel();

    /// <summary>Finds the directory and the last name of a path.</summary>
    /// <param name="follow">Whether to go on where the last name is a symbolic link.</param>
    /// <param name="kernelResolves">Whether to leave the directories of the path to the kernel.</param>
    public static Errno Resolve(SafeFileHandle root, ReadOnlySpan<byte> path, bool follow, bool kernelResolves, out ResolvedPath resolved)
    {
        resolved = default;
        var rest = path.ToArray();

        for (var links = 0; links <= MaximumLinks; links++)
        {
            var errno = Split(root, rest, kernelResolves, out resolved);

            if (errno != Errno.Success || !follow || resolved.IsHere)
                return errno;

            errno = ReadLink(resolved.Directory, resolved.Name, out var target);

            // Not a link, or nothing there yet: the name itself is meant.
            if (errno is Errno.Invalid or Errno.NoEntry)
                return Errno.Success;

            var parent = rest[..resolved.ParentLength];
            var mustBeDirectory = resolved.MustBeDirectory;
            resolved.Dispose();

            if (errno == Errno.Success)
                errno = Join(parent, target, mustBeDirectory ? [(byte)'/'] : [], out rest);

            if (errno != Errno.Success)
                return errno;
        }

        return Errno.Loop;
    }

    public static Errno ReadLink(SafeFileHandle directory, byte[] name, out byte[] target)
    {
        var buffer = new byte[MaximumPathBytes + 1];
        var length = Posix.ReadLink(directory, name, buffer, buffer.Length);
        target = buffer[..(int)Math.Max(length, 0)];
        return Posix.Check(length);
    }

    /// <summary>Opens a directory below another, as a place only.</summary>
    public static Errno OpenDirectory(SafeFileHandle root, byte[] path, bool kernelResolves, out SafeFileHandle directory)
    {
        byte[] terminated = [.. path, 0];

        for (var attempt = 0; kernelResolves && attempt < Attempts; attempt++)
        {
            var error = Posix.OpenBeneath(root, terminated, Posix.PathOnly | Posix.Directory, out directory);

            if (error == 0)
                return Errno.Success;

            directory.Dispose();

            if (error != Posix.Again)
                return error == Posix.CrossDevice ? Errno.NotPermitted : Posix.ToErrno(error);
        }

        return Walk(root, path, out directory);
    }

    private static Errno Split(SafeFileHandle root, byte[] path, bool kernelResolves, out ResolvedPath resolved)
    {
        resolved = default;
        var errno = Check(path);

        if (errno != Errno.Success)
            return errno;

        var end = path.AsSpan().TrimEnd((byte)'/').Length;
        var start = path.AsSpan(0, end).LastIndexOf((byte)'/') + 1;
        var name = path.AsSpan(start, end - start);
        var mustBeDirectory = end < path.Length;

        // The last name is only then one that can be worked on in its directory when it neither stays nor goes up.
        if (name is [(byte)'.'] or [(byte)'.', (byte)'.'])
        {
            errno = OpenDirectory(root, path, kernelResolves, out var itself);
            resolved = new ResolvedPath(itself, Here, path.Length, IsHere: true, MustBeDirectory: true, OwnsDirectory: true);
            return errno;
        }

        if (start == 0)
        {
            resolved = new ResolvedPath(root, [.. name, 0], 0, IsHere: false, mustBeDirectory, OwnsDirectory: false);
            return Errno.Success;
        }

        errno = OpenDirectory(root, path[..start], kernelResolves, out var directory);
        resolved = new ResolvedPath(directory, [.. name, 0], start, IsHere: false, mustBeDirectory, OwnsDirectory: true);
        return errno;
    }

    private static Errno Check(ReadOnlySpan<byte> path)
    {
        if (path.IsEmpty)
            return Errno.NoEntry;

        if (path.Length > MaximumPathBytes)
            return Errno.NameTooLong;

        if (path.Contains((byte)0))
            return Errno.Invalid;

        return path[0] == '/' ? Errno.NotPermitted : Errno.Success;
    }

    /// <summary>
    /// Opens a directory one component after the other. Links are followed by hand, and going up means going back to the directory one came from, never to
    /// what the system takes for the parent: so a directory that is moved during the walk leads nowhere else.
    /// </summary>
    private static Errno Walk(SafeFileHandle root, byte[] path, out SafeFileHandle directory)
    {
        var opened = new Stack<SafeFileHandle>();
        directory = new SafeFileHandle();

        try
        {
            var links = 0;
            var position = 0;

            while (position < path.Length)
            {
                var length = path.AsSpan(position).IndexOf((byte)'/');
                var next = length < 0 ? path.Length : position + length;
                var name = path.AsSpan(position, next - position);
                position = next + 1;

                if (name.IsEmpty || name is [(byte)'.'])
                    continue;

                if (name is [(byte)'.', (byte)'.'])
                {
                    if (opened.Count == 0)
                        return Errno.NotPermitted;

                    opened.Pop().Dispose();
                    continue;
                }

                if (opened.Count == MaximumDepth)
                    return Errno.NameTooLong;

                var errno = Posix.Open(opened.TryPeek(out var top) ? top : root, [.. name, 0], Posix.PathOnly | Posix.NoFollow, 0, out var found);
                opened.Push(found);

                if (errno != Errno.Success || (errno = Posix.GetStatus(found, [0], Posix.EmptyPath, out var status)) != Errno.Success)
                    return errno;

                if (status.Type == FileType.Directory)
                    continue;

                if (status.Type != FileType.SymbolicLink)
                    return Errno.NotDirectory;

                errno = links++ == MaximumLinks ? Errno.Loop : ReadLink(found, [0], out var target) is var read and not Errno.Success ? read
                    : Join([], target, position < path.Length ? [(byte)'/', .. path.AsSpan(position)] : [], out path);

                if (errno != Errno.Success)
                    return errno;

                opened.Pop().Dispose();
                position = 0;
            }

            // Of its own even where it is the root, so that whoever gets it may close it.
            return opened.TryPop(out var last)
                ? Give(last, out directory)
                : Posix.Open(root, Here, Posix.PathOnly | Posix.Directory, 0, out directory);
        }
        finally
        {
            foreach (var handle in opened)
                handle.Dispose();
        }
    }

    private static Errno Give(SafeFileHandle handle, out SafeFileHandle given)
    {
        given = handle;
        return Errno.Success;
    }

    /// <summary>Puts the target of a link in its place.</summary>
    private static Errno Join(ReadOnlySpan<byte> before, ReadOnlySpan<byte> target, ReadOnlySpan<byte> after, out byte[] path)
    {
        path = [.. before, .. target, .. after];

        if (target is [(byte)'/', ..])
            return Errno.NotPermitted;

        return target.IsEmpty ? Errno.NoEntry : path.Length > MaximumPathBytes ? Errno.NameTooLong : Errno.Success;
    }

    private static bool ProbeKernel()
    {
        using var root = Posix.Open([(byte)'/', 0], Posix.PathOnly | Posix.Directory, out var opened) == Errno.Success ? opened : null;

        if (root is null)
            return false;

        var error = Posix.OpenBeneath(root, Here, Posix.PathOnly | Posix.Directory, out var found);
        found.Dispose();
        return error == 0;
    }
}
