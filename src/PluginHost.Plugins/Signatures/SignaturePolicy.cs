using Microsoft.Extensions.Options;

namespace PluginHost.Plugins.Signatures;

/// <summary>Decides by its signature whether a module may become a version.</summary>
internal sealed class SignaturePolicy
{
    private const string Hint = "Sign the module with a trusted key – cosign sign-blob --key cosign.key, or openssl dgst -sha256 -sign key.pem | base64 -w0 – and send the base64 as the form's part \"signature\" or in the header PluginHost-Signature.";
    private const int MaximumText = 1024;
    private const int MaximumKeys = 64;
    private const int MaximumKeyBytes = 16 * 1024;

    private readonly TrustedKey[] _keys;
    private readonly bool _isRequired;

    /// <exception cref="PluginHostStartException">A key cannot be read, or there is none and signatures are required.</exception>
    public SignaturePolicy(IOptions<PluginHostOptions> options)
    {
        var settings = options.Value.Signatures;

        if (settings.Keys.Count > MaximumKeys)
            throw new PluginHostStartException($"PluginHost:Signatures:Keys has {settings.Keys.Count} keys, and {MaximumKeys} is the limit.");

        _keys = [.. settings.Keys.Select(Read)];
        _isRequired = settings.Required;

        if (_isRequired && _keys.Length == 0)
            throw new PluginHostStartException("PluginHost:Signatures:Required is set and PluginHost:Signatures:Keys names no key: nothing could be uploaded.");
    }

    /// <summary>Whose signature it is; a failure where it is nobody's that is trusted, null where there is none and none is needed.</summary>
    /// <param name="digest">Of the module, as <c>sha256:…</c>.</param>
    /// <param name="path">Where the module is.</param>
    /// <param name="text">The signature in base64.</param>
    public (ModuleSignature? Value, PluginFailure? Failure) Check(string digest, string path, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return _isRequired
                ? (null, new PluginFailure(FailureCode.SignatureRequired, "This server takes in signed modules only, and the upload has no signature.") { Hint = Hint })
                : (null, null);
        }

        if (_keys.Length == 0)
            return Invalid("The upload has a signature, and this server trusts no key (PluginHost:Signatures:Keys).");

        text = text.Trim();
        var signature = new byte[MaximumText];

        if (text.Length > MaximumText || !Convert.TryFromBase64String(text, signature, out var length))
            return Invalid("The signature is not base64.");

        signature = signature[..length];

        var hash = Convert.FromHexString(digest.AsSpan("sha256:".Length));
        byte[]? bytes = null;

        foreach (var key in _keys)
        {
            if (key.Verifies(hash, () => bytes ??= File.ReadAllBytes(path), signature))
                return (new ModuleSignature(key.Id, key.Algorithm, Convert.ToBase64String(signature)), null);
        }

        return Invalid($"The signature is none of this module's ({digest}) by a key that the server trusts: {string.Join(", ", _keys.Select(key => key.Id))}.");
    }

    private static (ModuleSignature? Value, PluginFailure? Failure) Invalid(string detail) => (null, new PluginFailure(FailureCode.SignatureInvalid, detail) { Hint = Hint });

    private static TrustedKey Read(string setting, int index)
    {
        var name = FormattableString.Invariant($"PluginHost:Signatures:Keys:{index}");

        try
        {
            if (setting.StartsWith("-----BEGIN", StringComparison.Ordinal))
                return TrustedKey.Read(setting);

            if (new FileInfo(setting) is { Exists: true, Length: > MaximumKeyBytes })
                throw new FormatException("the file is too large for a key");

            return TrustedKey.Read(File.ReadAllText(setting));
        }
        catch (Exception exception) when (exception is FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new PluginHostStartException($"{name} cannot be used: {exception.Message.TrimEnd('.')}.");
        }
    }
}
