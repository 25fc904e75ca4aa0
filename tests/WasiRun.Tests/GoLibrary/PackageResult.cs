using System.Text.RegularExpressions;

namespace PluginHost.WasiRun.Tests.GoLibrary;

/// <summary>What the tests of a package came to. Tests within tests and examples count as well.</summary>
internal sealed partial record PackageResult(string Engine, string Package, int ExitCode, int Passed, int Failed, int Skipped)
{
    /// <summary>Reads what <c>go test -v</c> writes.</summary>
    public static PackageResult Read(string engine, string package, int exitCode, string output)
    {
        var outcomes = Outcome().Matches(output).CountBy(match => match.Groups["outcome"].Value, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);

        return new PackageResult(engine, package, exitCode, outcomes.GetValueOrDefault("PASS"), outcomes.GetValueOrDefault("FAIL"), outcomes.GetValueOrDefault("SKIP"));
    }

    [GeneratedRegex("^ *--- (?<outcome>PASS|FAIL|SKIP): ", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Outcome();
}
