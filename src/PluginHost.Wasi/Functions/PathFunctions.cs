using PluginHost.Wasi.Descriptors;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasi.Functions;

/// <summary>
/// What works on a path below an open directory. All give badf for a number that is not open, notdir for what is no directory, notcapable where it lacks the
/// right and rofs where it was granted for reading only, fault for a bad pointer; for a path noent when it is empty, nametoolong beyond 4,095 bytes, inval
/// for a NUL in it, and perm when it is absolute or leads out of the directory, by itself or by a link. Names are bytes and need not be UTF-8.
/// </summary>
internal static class PathFunctions
{
    private const uint SymbolicLinkFollow = 1;

    public static void AddTo(FunctionTable table)
    {
        // path_create_directory(fd, path, path_len). exist.
        table.Add("path_create_directory", "iii", static (ref call, context) =>
        {
            var errno = Find(ref call, context, 0, 1, Rights.CreateDirectory, out var directory, out var path);
            return errno == Errno.Success ? directory.CreateDirectory(path) : errno;
        });

        // path_filestat_get(fd, lookupflags, path, path_len, stat): 64 bytes.
        table.Add("path_filestat_get", "iiiii", static (ref call, context) =>
        {
            var errno = Find(ref call, context, 0, 2, Rights.PathFileStatGet, out var directory, out var path);

            if (errno != Errno.Success || (errno = Follow(call.UInt32(1), out var follow)) != Errno.Success)
                return errno;

            errno = directory.GetPathStatus(path, follow, out var status);
            return errno == Errno.Success ? FileStatusLayout.Write(call.Memory, call.UInt32(4), status) : errno;
        });

        // path_filestat_set_times(fd, lookupflags, path, path_len, atim, mtim, fstflags). inval for flags that contradict each other.
        table.Add("path_filestat_set_times", "iiiiIIi", static (ref call, context) =>
        {
            var errno = Find(ref call, context, 0, 2, Rights.PathFileStatSetTimes, out var directory, out var path);

            if (errno != Errno.Success || (errno = Follow(call.UInt32(1), out var follow)) != Errno.Success)
                return errno;

            errno = FileStatusLayout.ReadTimes(context, call.UInt64(4), call.UInt64(5), call.UInt32(6), out var times);
            return errno == Errno.Success ? directory.SetPathTimes(path, follow, times) : errno;
        });

        // path_link(old_fd, lookupflags, old_path, old_path_len, new_fd, new_path, new_path_len): a further name for a file. exist, perm for a directory.
        table.Add("path_link", "iiiiiii", static (ref call, context) =>
        {
            var errno = Find(ref call, context, 0, 2, Rights.LinkSource, out var directory, out var path);

            if (errno != Errno.Success || (errno = Follow(call.UInt32(1), out var follow)) != Errno.Success)
                return errno;

            errno = Find(ref call, context, 4, 5, Rights.LinkTarget, out var target, out var newPath);
            return errno == Errno.Success ? directory.Link(path, follow, target, newPath) : errno;
        });

        // path_open(fd, lookupflags, path, path_len, oflags, rights, inheriting, fdflags, opened): the u32 number of the descriptor. Rights that the
        // directory does not hand on are left out, but for writing: that is notcapable or rofs. acces for what is neither file nor directory
        // (nor a granted device); nfile.
        table.Add("path_open", "iiiiiIIii", Open);

        // path_readlink(fd, path, path_len, buf, buf_len, bufused): the target without an end mark, cut where the buffer ends. inval for what is no link.
        table.Add("path_readlink", "iiiiii", static (ref call, context) =>
        {
            var errno = Find(ref call, context, 0, 1, Rights.ReadLink, out var directory, out var path);

            if (errno != Errno.Success)
                return errno;

            if (!call.Memory.TryGetSpan(call.UInt32(3), call.UInt32(4), out var buffer) || !call.Memory.TryGetSpan(call.UInt32(5), sizeof(uint), out _))
                return Errno.Fault;

            if ((errno = directory.ReadLink(path, out var target)) != Errno.Success)
                return errno;

            var length = Math.Min(target.Length, buffer.Length);
            target.AsSpan(0, length).CopyTo(buffer);
            call.Memory.TryWriteUInt32(call.UInt32(5), (uint)length);
            return Errno.Success;
        });

        // path_remove_directory(fd, path, path_len). notempty, notdir; inval for the directory itself.
        table.Add("path_remove_directory", "iii", static (ref call, context) =>
        {
            var errno = Find(ref call, context, 0, 1, Rights.RemoveDirectory, out var directory, out var path);
            return errno == Errno.Success ? directory.Remove(path, directory: true) : errno;
        });

        // path_rename(fd, old_path, old_path_len, new_fd, new_path, new_path_len), which replaces what was there as POSIX has it.
        table.Add("path_rename", "iiiiii", static (ref call, context) =>
        {
            var errno = Find(ref call, context, 0, 1, Rights.RenameSource, out var directory, out var path);

            if (errno != Errno.Success)
                return errno;

            errno = Find(ref call, context, 3, 4, Rights.RenameTarget, out var target, out var newPath);
            return errno == Errno.Success ? directory.Rename(path, target, newPath) : errno;
        });

        // path_symlink(old_path, old_path_len, fd, new_path, new_path_len): a link at new_path to old_path. perm for an absolute target.
        table.Add("path_symlink", "iiiii", static (ref call, context) =>
        {
            var errno = Find(ref call, context, 2, 3, Rights.SymbolicLink, out var directory, out var path);

            if (errno != Errno.Success || (errno = Path(ref call, 0, out var target)) != Errno.Success)
                return errno;

            return directory.CreateSymbolicLink(target, path);
        });

        // path_unlink_file(fd, path, path_len). isdir for a directory.
        table.Add("path_unlink_file", "iii", static (ref call, context) =>
        {
            var errno = Find(ref call, context, 0, 1, Rights.UnlinkFile, out var directory, out var path);
            return errno == Errno.Success ? directory.Remove(path, directory: false) : errno;
        });
    }

    private static Errno Open(ref HostCall call, WasiContext context)
    {
        var (how, flags, result) = (call.UInt32(4), call.UInt32(7), call.UInt32(8));

        // The other rights are looked at where the flags have been understood.
        var errno = Find(ref call, context, 0, 2, Rights.Open, out var directory, out var path);

        if (errno != Errno.Success || (errno = Follow(call.UInt32(1), out var follow)) != Errno.Success)
            return errno;

        if (how > 15 || flags > 31)
            return Errno.Invalid;

        if (!call.Memory.TryGetSpan(result, sizeof(uint), out _))
            return Errno.Fault;

        // Before anything is created.
        if (context.Descriptors.IsFull)
            return Errno.TooManyOpen;

        errno = directory.OpenPath(path, follow, (OpenFlags)how, (Rights)call.UInt64(5), (Rights)call.UInt64(6), (DescriptorFlags)flags, out var opened);

        if (errno != Errno.Success || (errno = context.Descriptors.Add(opened!, out var number)) != Errno.Success)
            return errno;

        call.Memory.TryWriteUInt32(result, number);
        return Errno.Success;
    }

    /// <summary>The directory whose number and the path whose pointer and length stand in the given arguments.</summary>
    private static Errno Find(ref HostCall call, WasiContext context, int number, int pointer, Rights rights, out DirectoryDescriptor directory, out Span<byte> path)
    {
        path = default;
        directory = (context.Descriptors.Find(call.UInt32(number)) as DirectoryDescriptor)!;

        if (directory is null)
            return context.Descriptors.Find(call.UInt32(number)) is null ? Errno.BadDescriptor : Errno.NotDirectory;

        var errno = directory.Check(rights);
        return errno == Errno.Success ? Path(ref call, pointer, out path) : errno;
    }

    private static Errno Path(ref HostCall call, int pointer, out Span<byte> path)
    {
        if (!call.Memory.TryGetSpan(call.UInt32(pointer), call.UInt32(pointer + 1), out path))
            return Errno.Fault;

        return path.Length > PathResolution.MaximumPathBytes ? Errno.NameTooLong : Errno.Success;
    }

    private static Errno Follow(uint flags, out bool follow)
    {
        follow = flags == SymbolicLinkFollow;
        return flags > SymbolicLinkFollow ? Errno.Invalid : Errno.Success;
    }
}
