namespace PluginHost.Cli.Tests.Support;

/// <summary>A test that builds plugins. Without Go it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoFactAttribute : FactAttribute
{
    public GoFactAttribute()
    {
        if (GoInstallation.Found is null)
            Skip = GoInstallation.Obstacle;
    }
}
