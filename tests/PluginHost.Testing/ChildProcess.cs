using System.ComponentModel;
using System.Diagnostics;

namespace PluginHost.Testing;

/// <summary>A process that a test starts and waits for, with its streams as bytes.</summary>
public static class ChildProcess
{
    /// <exception cref="TimeoutException">It did not end in time, and was killed.</exception>
    /// <exception cref="Win32Exception">There is no such program.</exception>
    public static async Task<RunResult> RunAsync(string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default, IReadOnlyDictionary<string, string>? environment = null, string? folder = null, TimeSpan? patience = null)
    {
        using var process = new Process();
        process.StartInfo = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };

        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
            process.StartInfo.Environment[name] = value;

        process.Start();
        using var end = new CancellationTokenSource(patience ?? TimeSpan.FromMinutes(2));
        var (output, error) = (ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));

        try
        {
            await WriteAsync(process.StandardInput, input);
            await process.WaitForExitAsync(end.Token);
            return new RunResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in time. Its output ends with: {Tail(await output)} {Tail(await error)}", late);
        }
    }

    private static async Task<byte[]> ReadAsync(StreamReader reader)
    {
        using var bytes = new MemoryStream();
        await reader.BaseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static async Task WriteAsync(StreamWriter writer, ReadOnlyMemory<byte> input)
    {
        try
        {
            await writer.BaseStream.WriteAsync(input);
            writer.Close();
        }
        catch (IOException)
        {
            // It ended without reading all of it.
        }
    }

    private static string Tail(byte[] bytes) => System.Text.Encoding.UTF8.GetString(bytes.AsSpan(Math.Max(0, bytes.Length - 2000)));
}
