namespace PluginHost.WasiRun;

/// <summary>The exit codes that are the tool's and not the guest's.</summary>
internal static class ExitCode
{
    /// <summary>The guest did not run: wrong options, no such file, not a command module. The code that container tools have for it.</summary>
    public const int NotRun = 125;

    /// <summary>The guest trapped: 128 and the number of SIGABRT, which is how a shell shows that a program aborted.</summary>
    public const int Trapped = 134;
}
