namespace PluginHost.Console.Tests;

/// <summary>A test in a real Chromium, which must be installed; in CI it is.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (!File.Exists(ConsoleFixture.Chromium))
            Skip = $"{ConsoleFixture.Chromium} is not there: install Debian's chromium.";
    }
}
