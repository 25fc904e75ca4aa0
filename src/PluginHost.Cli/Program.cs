using System.CommandLine;
using System.CommandLine.Invocation;
using PluginHost.Cli.CommandLine;

// '@file' belongs to arguments of plugins, and so does '-5': neither response files nor bundled options.
var configuration = new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null };
var parsed = new ToolRootCommand().Parse(args, configuration);

if (parsed.Action is not ParseErrorAction error)
    return await parsed.InvokeAsync();

error.ShowHelp = args.Length == 0;
await parsed.InvokeAsync();
return (int)ExitCode.Usage;
