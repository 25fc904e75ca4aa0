using PluginHost.Fuzz;

return CommandLine.Create().Parse(args).Invoke();
