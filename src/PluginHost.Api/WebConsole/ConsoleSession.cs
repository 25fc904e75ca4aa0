using Microsoft.AspNetCore.Components.Authorization;
using PluginHost.Api.Security;
using PluginHost.Plugins;
using PluginHost.Plugins.Access;
using PluginHost.Plugins.Auditing;

namespace PluginHost.Api.WebConsole;

/// <summary>Who uses a page, and what they may do. It is asked anew for each thing that a page does: a page stays open while keys are revoked.</summary>
internal sealed class ConsoleSession(AuthenticationStateProvider authentication, CallerDirectory callers, AuditLog audit)
{
    private const string Address = "console";

    /// <summary>Null where nobody is known, or the key counts no more.</summary>
    public async Task<Caller?> CallerAsync() => (await authentication.GetAuthenticationStateAsync()).User is Caller caller && callers.Counts(caller) ? caller : null;

    /// <summary>Why the user may not do something, or null.</summary>
    /// <param name="plugin">The plugin that it is about; null for what concerns others too.</param>
    public async Task<string?> RefusalAsync(Scope scope, string? plugin) => await CallerAsync() switch
    {
        null => "The key has expired or was revoked: sign in again.",
        { } caller when !caller.May(scope) => $"This needs a key with the scope '{scope.Text()}'.",
        { Plugin: { } only } when !string.Equals(plugin, only, StringComparison.Ordinal) => $"The key is for the plugin '{only}' only.",
        _ => null,
    };

    /// <summary>Makes a change, which the audit log has then.</summary>
    /// <param name="action">What is done, in a few words.</param>
    public async Task<ConsoleResult<T>> ChangeAsync<T>(Scope scope, string? plugin, string action, Func<Task<Outcome<T>>> change)
        where T : class
    {
        var refusal = await RefusalAsync(scope, plugin);
        var caller = await CallerAsync();
        var draft = audit.Begin(caller?.Id ?? "", caller?.Name ?? "", Address, $"console: {action}", "", plugin);

        if (refusal is not null)
        {
            audit.End(draft, "forbidden", isLimited: true);
            return new ConsoleResult<T>(null, refusal);
        }

        var outcome = await change();
        audit.End(draft, outcome.Succeeded ? "unchanged" : outcome.Failure.Code.Text(), isLimited: false);
        return outcome.Succeeded ? new ConsoleResult<T>(outcome.Value, null) : new ConsoleResult<T>(null, Text(outcome.Failure));
    }

    /// <summary>All that a failure says, for people.</summary>
    public static string Text(PluginFailure failure) => string.Join(
        '\n',
        ((string?[])[
            failure.Detail,
            failure.Hint,
            failure.Panic,
            .. failure.Errors?.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}") ?? [],
            .. failure.UnresolvedImports?.Select(import => import.ToString()) ?? [],
            .. failure.Functions ?? [],
            .. failure.Frames?.Take(20).Select(frame => $"  at {frame}") ?? []]).OfType<string>());
}
