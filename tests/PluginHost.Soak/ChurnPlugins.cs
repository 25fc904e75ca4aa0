namespace PluginHost.Soak;

/// <summary>The plugins that come and go, each owned by one worker.</summary>
internal static class ChurnPlugins
{
    public const string Prefix = "churn-";

    public static string Name(int worker, int slot) => $"{Prefix}{worker}-{slot}";
}
