namespace PluginHost.Plugins;

/// <summary>The directories of the host within which plugins may be granted some.</summary>
internal sealed class GuestFileRoots(IEnumerable<string> roots)
{
    private const int MaximumLinks = 40;

    private readonly string[] _roots = [.. roots.Select(Path.GetFullPath)];

    /// <summary>Why a directory cannot be granted, or null when it can.</summary>
    public string? Refusal(string directory) => Refusal(directory, out _, out _);

    /// <summary>Why a directory cannot be granted, or null when it can.</summary>
    /// <param name="path">The directory without symbolic links.</param>
    /// <param name="within">Where it lies, without symbolic links.</param>
    public string? Refusal(string directory, out string path, out string within)
    {
        path = "";
        within = "";

        if (directory.Contains('\0', StringComparison.Ordinal) || !Path.IsPathRooted(directory))
            return "must be an absolute path.";

        if (_roots.Length == 0)
            return $"cannot be granted: the server's setting {PluginHostOptions.Section}:{nameof(PluginHostOptions.GuestFileRoots)} names no directory.";

        try
        {
            path = Resolve(Path.GetFullPath(directory));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "cannot be read.";
        }

        // Said before whether the directory exists, which outside the roots is nobody's business.
        var found = path;

        if (_roots.Select(Resolve).FirstOrDefault(root => IsWithin(found, root)) is not { } containing)
            return $"is not within a directory of the server's setting {PluginHostOptions.Section}:{nameof(PluginHostOptions.GuestFileRoots)}.";

        within = containing;
        return Directory.Exists(path) ? null : "is not a directory.";
    }

    private static bool IsWithin(string path, string root) =>
        string.Equals(path, root, StringComparison.Ordinal) ||
        path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    /// <summary>The path without symbolic links, as far as it exists.</summary>
    private static string Resolve(string path)
    {
        var links = 0;
        var pending = new Stack<string>(path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse());
        var root = Path.GetPathRoot(path)!;
        var resolved = root;

        while (pending.TryPop(out var name))
        {
            var next = Path.GetFullPath(Path.Combine(resolved, name));

            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaximumLinks)
                throw new IOException("Too many symbolic links.");

            if (Path.IsPathRooted(target))
                resolved = root;

            foreach (var part in target.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Reverse())
                pending.Push(part);
        }

        return resolved;
    }
}
