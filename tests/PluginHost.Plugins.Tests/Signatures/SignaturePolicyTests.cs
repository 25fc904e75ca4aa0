using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using PluginHost.Plugins.Signatures;

namespace PluginHost.Plugins.Tests.Signatures;

public sealed class SignaturePolicyTests
{
    [Theory]
    [InlineData("private", "PRIVATE KEY")]
    [InlineData("p384", "neither")]
    [InlineData("rsa", "neither")]
    [InlineData("cut", "neither")]
    [InlineData("text", "cannot be used")]
    [InlineData("missing", "cannot be used")]
    [InlineData("empty", "cannot be used")]
    public void Create_WithAKeyThatWillNotDo_SaysWhichAndWhy(string kind, string reason)
    {
        using var p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var key = kind switch
        {
            "private" => p256.ExportPkcs8PrivateKeyPem(),
            "p384" => p384.ExportSubjectPublicKeyInfoPem(),
            "rsa" => rsa.ExportSubjectPublicKeyInfoPem(),
            "cut" => PemEncoding.WriteString("PUBLIC KEY", p256.ExportSubjectPublicKeyInfo().AsSpan()[..^5]),
            "text" => "-----BEGIN nothing",
            "missing" => Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("n"), "key.pem"),
            _ => "",
        };

        var exception = Assert.Throws<PluginHostStartException>(() => new SignaturePolicy(Settings(false, p256.ExportSubjectPublicKeyInfoPem(), key)));

        Assert.StartsWith("PluginHost:Signatures:Keys:1 ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_RequiredWithoutKeys_SaysThatNothingCouldBeUploaded()
    {
        var exception = Assert.Throws<PluginHostStartException>(() => new SignaturePolicy(Settings(true)));

        Assert.Contains("PluginHost:Signatures:Keys", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Check_ASignatureByAnyOfTheKeys_NamesThatKey()
    {
        using var first = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var second = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var policy = new SignaturePolicy(Settings(true, first.ExportSubjectPublicKeyInfoPem(), second.ExportSubjectPublicKeyInfoPem()));
        byte[] module = [1, 2, 3];

        var (signature, failure) = policy.Check(
            "sha256:" + Convert.ToHexStringLower(SHA256.HashData(module)),
            "",
            Convert.ToBase64String(second.SignData(module, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)));

        Assert.Null(failure);
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(second.ExportSubjectPublicKeyInfo())), signature?.KeyId);
    }

    private static IOptions<PluginHostOptions> Settings(bool required, params string[] keys)
    {
        var options = new PluginHostOptions();
        options.Signatures.Required = required;

        foreach (var key in keys)
            options.Signatures.Keys.Add(key);

        return Options.Create(options);
    }
}
