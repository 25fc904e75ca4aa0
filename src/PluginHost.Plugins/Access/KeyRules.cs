namespace PluginHost.Plugins.Access;

/// <summary>What a request for a key may ask for.</summary>
internal static class KeyRules
{
    public const int MaximumRate = 1_000_000;

    private const int MaximumName = 100;

    /// <returns>All that is wrong, by JSON pointer; null where nothing is.</returns>
    public static PluginFailure? Check(KeyRequest request, DateTimeOffset now, out Scope scopes)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        scopes = Scope.None;

        if (string.IsNullOrWhiteSpace(request.Name) || request.Name.Length > MaximumName || request.Name.Any(char.IsControl))
            errors["/name"] = [$"A name has 1 to {MaximumName} characters, none of them a control character."];

        foreach (var name in request.Scopes ?? [])
        {
            if (Scopes.TryParse(name, out var scope))
                scopes |= scope;
            else
                errors["/scopes"] = [$"A scope is one of {string.Join(", ", Scopes.Names)}."];
        }

        if (scopes == Scope.None)
            errors["/scopes"] = [$"A key has at least one scope of {string.Join(", ", Scopes.Names)}."];

        if (request.Plugin is { } plugin && !PluginName.IsValid(plugin))
            errors["/plugin"] = [PluginName.Invalid().Detail];

        if (request.ExpiresAt <= now)
            errors["/expiresAt"] = ["A key expires in the future."];

        if (request.RequestsPerSecond is < 1 or > MaximumRate)
            errors["/requestsPerSecond"] = [$"Between 1 and {MaximumRate} requests a second."];

        if (request.Burst is < 1 or > MaximumRate)
            errors["/burst"] = [$"Between 1 and {MaximumRate} requests at once."];

        return errors.Count == 0 ? null : new PluginFailure(FailureCode.InvalidKey, string.Join(' ', errors.Select(error => $"{error.Key}: {error.Value[0]}"))) { Errors = errors };
    }
}
