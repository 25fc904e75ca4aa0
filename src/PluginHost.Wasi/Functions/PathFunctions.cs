namespace PluginHost.Wasi.Functions;

/// <summary>What works on a path below an open directory.</summary>
internal static class PathFunctions
{
    public static void AddTo(FunctionTable table)
    {
        // Without directories every one of them has the same answer.
        foreach (var (name, parameters) in new[]
        {
            ("path_create_directory", "iii"), ("path_filestat_get", "iiiii"), ("path_filestat_set_times", "iiiiIIi"), ("path_link", "iiiiiii"),
            ("path_open", "iiiiiIIii"), ("path_readlink", "iiiiii"), ("path_remove_directory", "iii"), ("path_rename", "iiiiii"),
            ("path_symlink", "iiiii"), ("path_unlink_file", "iii"),
        })
        {
            table.Add(name, parameters, static (ref call, context) => Errno.BadDescriptor);
        }
    }
}
