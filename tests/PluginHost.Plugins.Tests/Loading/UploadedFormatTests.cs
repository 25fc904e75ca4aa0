using System.Text;
using PluginHost.Plugins.Loading;

namespace PluginHost.Plugins.Tests.Loading;

public sealed class UploadedFormatTests
{
    public static TheoryData<string, byte[]> Foreign => new()
    {
        { "empty", [] },
        { "cut off", [0, (byte)'a'] },
        { "cut off", [0, (byte)'a', (byte)'s', (byte)'m', 1] },
        { "component", [0, (byte)'a', (byte)'s', (byte)'m', 0x0D, 0, 1, 0] },
        { "unknown version", [0, (byte)'a', (byte)'s', (byte)'m', 2, 0, 0, 0] },
        { "ELF", [0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1] },
        { "Windows", "MZ\u0090\0"u8.ToArray() },
        { "gzip", [0x1F, 0x8B, 8, 0] },
        { "zip archive", "PK\u0003\u0004"u8.ToArray() },
        { "archive of object files", "!<arch>\n"u8.ToArray() },
        { "text format", "(module (func))"u8.ToArray() },
        { "text format", "\n  (module (func))"u8.ToArray() },
        { "Go source", "package main\n"u8.ToArray() },
        { "HTML", "<!doctype html>"u8.ToArray() },
        { "JSON", "{\"error\":\"not found\"}"u8.ToArray() },
        { "Git LFS", "version https://git-lfs.github.com/spec/v1\n"u8.ToArray() },
        { "It is text", "hello"u8.ToArray() },
        { "It is text", Encoding.UTF8.GetBytes(new string('ä', 2_000)) },
        { "begins with ff00", [0xFF, 0, 0, 1] },
    };

    [Theory]
    [MemberData(nameof(Foreign))]
    public void Refusal_SomethingElse_SaysWhatItIsAndTheCommandThatWorks(string word, byte[] bytes)
    {
        var refusal = UploadedFormat.Refusal(bytes);

        Assert.Equal(FailureCode.InvalidModule, refusal?.Code);
        Assert.Contains(word, refusal!.Detail, StringComparison.Ordinal);
        Assert.Contains("-buildmode=c-shared", refusal.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_Module_IsNull() => Assert.Null(UploadedFormat.Refusal(ModuleBuilder.Add));

    [Fact]
    public void Truncation_EveryPrefixThatEndsWithinASection_IsFound()
    {
        var module = ModuleBuilder.Add;
        int[] boundaries = [8, 8 + 2 + 7, 8 + 9 + 2 + 2, 8 + 9 + 4 + 2 + 7, module.Length];

        for (var length = 8; length <= module.Length; length++)
        {
            var truncation = UploadedFormat.Truncation(module.AsSpan(0, length));

            if (boundaries.Contains(length))
                Assert.Null(truncation);
            else
                Assert.Contains("cut off", truncation?.Detail, StringComparison.Ordinal);
        }
    }
}
