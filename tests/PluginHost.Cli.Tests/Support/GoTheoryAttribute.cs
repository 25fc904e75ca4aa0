namespace PluginHost.Cli.Tests.Support;

/// <summary>A theory that builds plugins. Without Go it is skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GoTheoryAttribute : TheoryAttribute
{
    public GoTheoryAttribute()
    {
        if (GoInstallation.Found is null)
            Skip = GoInstallation.Obstacle;
    }
}
