using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>Keys and signatures are OpenSSL's, so that what verifies here is what other tools make.</summary>
public sealed class SignatureTests : IDisposable
{
    private static readonly byte[] Module = new ModuleBuilder().Function("value", [], [ModuleBuilder.I32], 0x41, 1).ToArray();
    private static readonly byte[] OtherModule = new ModuleBuilder().Function("value", [], [ModuleBuilder.I32], 0x41, 2).ToArray();

    private readonly string _folder = Directory.CreateTempSubdirectory("pluginhost-signatures-").FullName;
    private ApiFixture? _api;

    [Theory]
    [InlineData("ecdsa", "ecdsa-p256-sha256")]
    [InlineData("ed25519", "ed25519")]
    public async Task Upload_SignedByATrustedKey_IsAVersionThatNamesTheKey(string kind, string algorithm)
    {
        var api = Start(Key("ecdsa"), Key("ed25519"));
        var signature = Sign(kind, Module);

        using var header = await UploadAsync(api, "one", Module, signature);
        using var form = await UploadFormAsync(api, "two", Module, signature, signatureFirst: false);
        using var formBackwards = await UploadFormAsync(api, "three", Module, signature, signatureFirst: true);

        foreach (var answer in (HttpResponseMessage[])[header, form, formBackwards])
        {
            Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
            using var version = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            var shown = version.RootElement.GetProperty("signature");
            Assert.Equal(algorithm, shown.GetProperty("algorithm").GetString());
            Assert.Equal(KeyId(kind), shown.GetProperty("keyId").GetString());
            Assert.Equal(signature, shown.GetProperty("value").GetString());
        }
    }

    [Fact]
    public async Task Upload_Unsigned_IsRefusedAndNothingIsStored()
    {
        var api = Start(Key("ecdsa"));

        using var raw = await api.UploadAsync("one", Module);
        using var form = await UploadFormAsync(api, "one", Module, null, signatureFirst: false);
        using var plugin = await api.Client.GetAsync(new Uri("/v1/plugins/one", UriKind.Relative));

        await ProblemAssert.IsAsync(raw, 422, "signature-required");
        var problem = await ProblemAssert.IsAsync(form, 422, "signature-required");
        Assert.Contains("cosign sign-blob", problem.GetProperty("hint").GetString(), StringComparison.Ordinal);
        await ProblemAssert.IsAsync(plugin, 404, "plugin-not-found");
        Assert.Equal(0, api.UnfinishedUploads);
    }

    [Theory]
    [InlineData("ecdsa")]
    [InlineData("ed25519")]
    public async Task Upload_WhatTheSignatureIsNotOf_IsRefused(string kind)
    {
        var api = Start(Key(kind));
        Key("strange-" + kind);
        var signature = Sign(kind, Module);
        var strange = Sign("strange-" + kind, Module);
        var bytes = Convert.FromBase64String(signature);
        byte[] changed = [.. Module[..^1], (byte)(Module[^1] ^ 1)];

        string[] wrong =
        [
            strange,
            "not base64!",
            "AAAA",
            Convert.ToBase64String(bytes[..^1]),
            Convert.ToBase64String([.. bytes, 0]),
            Convert.ToBase64String([.. bytes[..^1], (byte)(bytes[^1] ^ 1)]),
            Convert.ToBase64String([0x30, 0x06, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00]),
            Convert.ToBase64String(new byte[64]),
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(1100)),
        ];

        foreach (var text in wrong)
        {
            using var refused = await UploadAsync(api, "one", Module, text);
            await ProblemAssert.IsAsync(refused, 422, "signature-invalid");
        }

        using var ofAnother = await UploadAsync(api, "one", OtherModule, signature);
        using var ofWhatWasChanged = await UploadAsync(api, "one", changed, signature);
        using var plugin = await api.Client.GetAsync(new Uri("/v1/plugins/one", UriKind.Relative));

        await ProblemAssert.IsAsync(ofAnother, 422, "signature-invalid");
        await ProblemAssert.IsAsync(ofWhatWasChanged, 422, "signature-invalid");
        await ProblemAssert.IsAsync(plugin, 404, "plugin-not-found");
    }

    [Fact]
    public async Task Upload_SignedWhereNoKeyIsTrusted_IsRefused()
    {
        _api = new ApiFixture();
        Key("ecdsa");

        using var answer = await UploadAsync(_api, "one", Module, Sign("ecdsa", Module));

        await ProblemAssert.IsAsync(answer, 422, "signature-invalid");
    }

    [Fact]
    public async Task Upload_AnnouncedDigest_MustBeThatOfTheBytes()
    {
        _api = new ApiFixture();
        var right = Convert.ToHexStringLower(SHA256.HashData(Module));
        var field = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(Module))}:";
        var other = $"sha-256=:{Convert.ToBase64String(SHA256.HashData(OtherModule))}:";

        using var query = await SendAsync("one", $"?digest=sha256:{right}", null, null);
        using var headers = await SendAsync("two", "", "Repr-Digest", "sha-512=:AA==:, " + field);
        using var wrongQuery = await SendAsync("three", $"?digest=sha256:{new string('0', 64)}", null, null);
        using var wrongRepresentation = await SendAsync("three", "", "Repr-Digest", other);
        using var wrongContent = await SendAsync("three", "", "Content-Digest", other);
        using var malformedQuery = await SendAsync("three", "?digest=sha256:xyz", null, null);
        using var malformedHeader = await SendAsync("three", "", "Content-Digest", "sha-256=AAAA");
        using var both = await SendAsync("three", $"?digest=sha256:{right}", "Content-Digest", other);
        using var plugin = await _api.Client.GetAsync(new Uri("/v1/plugins/three", UriKind.Relative));

        Assert.Equal(HttpStatusCode.Created, query.StatusCode);
        Assert.Equal(HttpStatusCode.Created, headers.StatusCode);
        await ProblemAssert.IsAsync(wrongQuery, 422, "digest-mismatch");
        await ProblemAssert.IsAsync(wrongRepresentation, 422, "digest-mismatch");
        await ProblemAssert.IsAsync(wrongContent, 422, "digest-mismatch");
        await ProblemAssert.IsAsync(malformedQuery, 400, "invalid-digest");
        await ProblemAssert.IsAsync(malformedHeader, 400, "invalid-digest");
        await ProblemAssert.IsAsync(both, 400, "invalid-digest");
        await ProblemAssert.IsAsync(plugin, 404, "plugin-not-found");
    }

    public void Dispose()
    {
        _api?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<HttpResponseMessage> UploadAsync(ApiFixture api, string plugin, byte[] module, string signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/plugins/{plugin}/versions", UriKind.Relative)) { Content = new ByteArrayContent(module) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");
        request.Headers.TryAddWithoutValidation("PluginHost-Signature", signature);
        return await api.Client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> UploadFormAsync(ApiFixture api, string plugin, byte[] module, string? signature, bool signatureFirst)
    {
        using var form = new MultipartFormDataContent();

        if (signature is not null && signatureFirst)
            form.Add(new StringContent(signature + "\n"), "signature", "module.sig");

        form.Add(new ByteArrayContent(module), "file", "module.wasm");

        if (signature is not null && !signatureFirst)
            form.Add(new StringContent(signature), "signature");

        return await api.Client.PostAsync(new Uri($"/v1/plugins/{plugin}/versions", UriKind.Relative), form);
    }

    private async Task<HttpResponseMessage> SendAsync(string plugin, string query, string? header, string? value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/v1/plugins/{plugin}/versions{query}", UriKind.Relative)) { Content = new ByteArrayContent(Module) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/wasm");

        if (header is not null)
            request.Headers.TryAddWithoutValidation(header, value);

        return await _api!.Client.SendAsync(request);
    }

    private ApiFixture Start(params string[] keys) =>
        _api = ApiFixture.With([("PluginHost:Signatures:Required", "true"), .. keys.Select((key, index) => ($"PluginHost:Signatures:Keys:{index}", key))]);

    private string Private(string kind)
    {
        var path = Path.Combine(_folder, kind + ".key");

        OpenSsl(kind.Split('-')[^1] switch
        {
            "ecdsa" => ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path],
            _ => ["genpkey", "-algorithm", "ed25519", "-out", path],
        });
        return path;
    }

    /// <summary>Makes a pair of keys.</summary>
    /// <returns>Where the public one is.</returns>
    private string Key(string kind)
    {
        var path = Path.Combine(_folder, kind + ".pem");
        OpenSsl("pkey", "-in", Private(kind), "-pubout", "-out", path);
        return path;
    }

    private string KeyId(string kind)
    {
        var der = Path.Combine(_folder, kind + ".der");
        OpenSsl("pkey", "-pubin", "-in", Path.Combine(_folder, kind + ".pem"), "-pubout", "-outform", "DER", "-out", der);
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(der)));
    }

    private string Sign(string kind, byte[] module)
    {
        var file = Path.Combine(_folder, "module.wasm");
        var signature = Path.Combine(_folder, "module.sig");
        var key = Path.Combine(_folder, kind + ".key");
        File.WriteAllBytes(file, module);
        OpenSsl(kind.EndsWith("ecdsa", StringComparison.Ordinal) ? ["dgst", "-sha256", "-sign", key, "-out", signature, file] : ["pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", file, "-out", signature]);
        return Convert.ToBase64String(File.ReadAllBytes(signature));
    }

    private static void OpenSsl(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }
}
