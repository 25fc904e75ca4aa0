namespace PluginHost.Soak.Workers;

/// <summary>Calls what goes wrong – panics, exits, endless loops, floods of output, memory without end – and looks whether the plugin answers behind it.</summary>
internal sealed class FaultWorker(SoakClient client, Violations violations, Random random) : Worker(client, violations, random)
{
    private static readonly (string Export, string Arguments, int? Deadline, string Code)[] _faults =
    [
        ("panicText", "", null, "trap"),
        ("panicError", "", null, "trap"),
        ("panicLong", "20000", null, "trap"),
        ("panicInGoroutine", "", null, "trap"),
        ("nilDereference", "", null, "trap"),
        ("index", "7", null, "trap"),
        ("divide", "1,0", null, "trap"),
        ("wildRead", "4294967280", null, "trap"),
        ("deadlock", "", null, "trap"),
        ("goexit", "", null, "trap"),
        ("exit", "3", null, "guest-exit"),
        ("exitInGoroutine", "4", null, "guest-exit"),
        ("loop", "", 30, "deadline-exceeded"),
        ("loopWork", "", 60, "deadline-exceeded"),
        ("loopYield", "", 40, "deadline-exceeded"),
        ("loopCopy", "1000000", 40, "deadline-exceeded"),
        ("spin", "3", 50, "deadline-exceeded"),
        ("sleepForever", "", 100, "deadline-exceeded"),
        ("block", "", 80, "deadline-exceeded"),
        ("outputForever", "", 50, "deadline-exceeded"),
        ("allocateForever", "", null, "guest-out-of-memory"),
        ("recurseForever", "0", null, "guest-out-of-memory"),
    ];

    // They look wrong and are right.
    private static readonly (string Export, string Arguments, string Results)[] _fine =
    [
        ("output", "300000", "\"300000\""),
        ("outputError", "70000", "\"70000\""),
        ("outputLines", "1500", ""),
        ("outputBytes", "", ""),
        ("panicAndRecover", "", "1"),
        ("garbage", "50", "\"3276800\""),
        ("recurse", "2000", "2000"),
        ("openFile", "", "0"),
    ];

    protected override async Task StepAsync(CancellationToken stop)
    {
        if (Random.Next(3) == 0)
        {
            var (export, arguments, results) = _fine[Random.Next(_fine.Length)];
            await ExpectAsync(export, arguments, results);
        }
        else
        {
            var (export, arguments, deadline, code) = _faults[Random.Next(_faults.Length)];

            // A busy machine may not even begin a call within its deadline, which then has the same answer.
            if (await Client.InvokeAsync("invoke a fault", "faults", export, arguments, "", deadline, 422, 504, 507) is { } answer)
                Violations.Require(answer.Code == code, $"faults {export}({arguments}) gave {answer}, not {code}");
        }

        await ExpectAsync("fine", "42", "42");
    }

    private async Task ExpectAsync(string export, string arguments, string results)
    {
        if (await Client.InvokeAsync("invoke faults", "faults", export, arguments, "", null, 200) is { Succeeded: true } answer)
            Violations.Require(answer.Text == $"{{\"results\":[{results}]}}", $"faults {export}({arguments}) gave {answer}");
    }
}
