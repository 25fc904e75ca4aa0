using System.CommandLine;
using System.CommandLine.Parsing;
using PluginHost.Wasi;
using PluginHost.Wasm.Runtime;

namespace PluginHost.WasiRun;

/// <summary>The command line. Options end at FILE, so that <c>go test -exec</c> and <c>go run -exec</c> can put the guest's own behind it.</summary>
internal sealed class RunCommand : RootCommand
{
    public const string Usage = "Usage: WasiRun [--engine NAME] [--dir HOST::GUEST]... [--env NAME[=VALUE]]... FILE [ARGUMENT...]";

    private readonly Option<string> _engine = new("--engine")
    {
        Description = "How to run it",
        HelpName = "NAME",
        DefaultValueFactory = _ => ExecutionEngines.Default.Name,
    };

    private readonly Option<Preopen[]> _directories = new("--dir")
    {
        Description = "A directory of the host's and the absolute path by which the guest knows it, which is the same where only one is named",
        HelpName = "HOST::GUEST",
        CustomParser = result => Parse(result, texts => texts.Select(Directory).ToArray()),
    };

    private readonly Option<KeyValuePair<string, string>[]> _variables = new("--env")
    {
        Description = "A variable of the guest's environment, which has no other; without a value that of the host's, if it has one",
        HelpName = "NAME[=VALUE]",
        CustomParser = result => Parse(result, texts => texts.SelectMany(Variable).ToArray()),
    };

    private readonly Argument<string[]> _program = new("FILE [ARGUMENT...]")
    {
        Description = "The module, which exports _start, and the guest's arguments",
        Arity = ArgumentArity.OneOrMore,
        CaptureRemainingTokens = true,
    };

    public RunCommand()
        : base("Runs a command of WASI preview 1 on PluginHost's engine, with the guest's exit code as its own; 125 where it could not be run, 134 after a trap.")
    {
        Add(_engine.AcceptOnlyFromAmong([.. ExecutionEngines.Names]));
        Add(_directories);
        Add(_variables);
        Add(_program);
        SetAction(parsed => GuestProgram.Run(
            ExecutionEngines.Named(parsed.GetValue(_engine)!),
            parsed.GetValue(_program)!,
            parsed.GetValue(_directories) ?? [],
            new Dictionary<string, string>(parsed.GetValue(_variables) ?? [], StringComparer.Ordinal)));
    }

    /// <summary>Makes of an option's values what it stands for; what is wrong with them is the parser's to report.</summary>
    private static T? Parse<T>(ArgumentResult result, Func<string[], T> make)
        where T : class
    {
        try
        {
            return make([.. result.Tokens.Select(token => token.Value)]);
        }
        catch (FormatException error)
        {
            result.AddError(error.Message);
            return null;
        }
    }

    private static Preopen Directory(string text)
    {
        var separator = text.IndexOf("::", StringComparison.Ordinal);
        var (host, guest) = separator < 0 ? (text, Path.GetFullPath(text)) : (text[..separator], text[(separator + 2)..]);

        return guest.StartsWith('/')
            ? new Preopen(host, guest, IsReadOnly: false) { IncludesDevices = true }
            : throw new FormatException($"'{guest}' is no absolute path for the guest");
    }

    /// <summary>One variable, or none where the host is asked for a value and has none.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Variable(string text)
    {
        var separator = text.IndexOf('=', StringComparison.Ordinal);

        if (text.Length == 0 || separator == 0)
            throw new FormatException($"'{text}' names no variable");

        if (separator > 0)
            return [new(text[..separator], text[(separator + 1)..])];

        return Environment.GetEnvironmentVariable(text) is { } value ? [new(text, value)] : [];
    }
}
