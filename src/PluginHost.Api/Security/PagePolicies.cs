namespace PluginHost.Api.Security;

/// <summary>What browsers may do with answers.</summary>
internal static class PagePolicies
{
    /// <summary>Answers of the API are data: nothing of them runs, loads or is framed.</summary>
    public const string Data = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>Swagger UI has its scripts in files and its icons in the style sheet.</summary>
    public const string Swagger = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>The console has its scripts in files; its components set sizes by the style attribute, and speak with the server over a web socket of the same origin.</summary>
    public const string Console = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>A year of TLS only.</summary>
    public const string StrictTransport = "max-age=31536000";
}
