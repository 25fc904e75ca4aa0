using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using PluginHost.Api.Problems;
using PluginHost.Api.Security;
using PluginHost.Plugins.Access;

namespace PluginHost.Api.WebConsole;

/// <summary>The key that somebody has signed in with, in a cookie that only this server can read. It counts as long as the key does.</summary>
internal sealed class ConsoleCookie(CallerDirectory callers, IServiceProvider services)
{
    public const string SignInPath = "/sign-in";

    private const string Name = "pluginhost-console";

    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly Lazy<ITimeLimitedDataProtector> _protector = new(() => services.GetRequiredService<IDataProtectionProvider>().CreateProtector("PluginHost.Console").ToTimeLimitedDataProtector());

    /// <summary>Who has signed in, or null.</summary>
    public Caller? Find(HttpRequest request)
    {
        if (!request.Cookies.TryGetValue(Name, out var cookie))
            return null;

        try
        {
            return Known(_protector.Value.Unprotect(cookie));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Signs in with a key.</summary>
    /// <returns>Whether it is one.</returns>
    public bool SignIn(HttpContext context, string key)
    {
        if (Known(key) is null)
            return false;

        context.Response.Cookies.Append(Name, _protector.Value.Protect(key, Lifetime), Options(context.Request));
        return true;
    }

    public static void SignOut(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context.Request));

    /// <summary>Sends who has not signed in where they can; what is no page is told so.</summary>
    public static Task AskAsync(HttpContext context, ConsolePage page)
    {
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Redirect(SignInPath);
            return Task.CompletedTask;
        }

        return new ProblemResult(401, "unauthenticated", "Unauthenticated", $"The console needs you to sign in at {SignInPath}; the API takes Authorization: Bearer KEY.").ExecuteAsync(context);
    }

    private Caller? Known(string key) => callers.Find($"Bearer {key}");

    private static CookieOptions Options(HttpRequest request) => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.IsHttps, Path = "/", IsEssential = true };
}
