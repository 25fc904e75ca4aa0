namespace PluginHost.Plugins.Access;

/// <summary>How scopes are written, and what they include.</summary>
public static class Scopes
{
    /// <summary>The names of all scopes, the least first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["read", "invoke", "deploy", "admin"];

    /// <summary>Whether who has these scopes may do what needs that one.</summary>
    public static bool Include(this Scope granted, Scope needed) => (granted & Including(needed)) != Scope.None;

    /// <summary>The name of one scope.</summary>
    public static string Text(this Scope scope) => scope switch
    {
        Scope.Read => "read",
        Scope.Invoke => "invoke",
        Scope.Deploy => "deploy",
        Scope.Admin => "admin",
        _ => throw new ArgumentOutOfRangeException(nameof(scope), scope, "One scope has a name."),
    };

    /// <summary>The names of several scopes.</summary>
    public static IReadOnlyList<string> Texts(this Scope scopes) => [.. Names.Where(name => TryParse(name, out var scope) && scopes.HasFlag(scope))];

    public static bool TryParse(string? name, out Scope scope)
    {
        scope = name switch
        {
            "read" => Scope.Read,
            "invoke" => Scope.Invoke,
            "deploy" => Scope.Deploy,
            "admin" => Scope.Admin,
            _ => Scope.None,
        };
        return scope != Scope.None;
    }

    /// <summary>The scopes of which any one is enough.</summary>
    private static Scope Including(Scope needed) => needed switch
    {
        Scope.Read => Scope.Read | Scope.Deploy | Scope.Admin,
        Scope.Invoke => Scope.Invoke | Scope.Admin,
        Scope.Deploy => Scope.Deploy | Scope.Admin,
        Scope.Admin => Scope.Admin,
        _ => Scope.None,
    };
}
