using System.Net;
using PluginHost.Plugins;

namespace PluginHost.Api.Security;

/// <summary>Whose bearer tokens are accepted: the section <c>PluginHost:Oidc</c>.</summary>
internal sealed class OidcSettings
{
    private const string Section = "PluginHost:Oidc";

    /// <summary>The issuer's address, below which its discovery document is.</summary>
    public string? Authority { get; set; }

    /// <summary>The address of the discovery document, where it is not the usual one.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>Who a token must be for.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim that has the scopes: separated by spaces, or several.</summary>
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>The claim that restricts a token to one plugin; tokens without it are for all.</summary>
    public string? PluginClaim { get; set; }

    public bool IsEnabled => Authority is not null || MetadataAddress is not null;

    /// <summary>Where the discovery document is.</summary>
    public string Metadata => MetadataAddress ?? $"{Authority?.TrimEnd('/')}/.well-known/openid-configuration";

    /// <exception cref="PluginHostStartException">The settings would accept tokens that are for somebody else, or keys from anybody.</exception>
    public static OidcSettings Of(IConfiguration configuration)
    {
        var settings = configuration.GetSection(Section).Get<OidcSettings>() ?? new OidcSettings();

        if (!settings.IsEnabled)
            return settings;

        if (string.IsNullOrWhiteSpace(settings.Audience))
            throw new PluginHostStartException($"{Section}:Audience must say who tokens are for: without it every token of the issuer's would be accepted.");

        if (!Uri.TryCreate(settings.Metadata, UriKind.Absolute, out var metadata) || (metadata.Scheme != Uri.UriSchemeHttps && !IsLoopback(metadata)))
            throw new PluginHostStartException($"{Section}: '{settings.Metadata}' must be an https address; http is for an issuer on this machine.");

        if (string.IsNullOrWhiteSpace(settings.ScopeClaim))
            throw new PluginHostStartException($"{Section}:ScopeClaim must name a claim.");

        return settings;
    }

    private static bool IsLoopback(Uri address) => address.Scheme == Uri.UriSchemeHttp && (address.Host == "localhost" || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var parsed) && IPAddress.IsLoopback(parsed)));
}
