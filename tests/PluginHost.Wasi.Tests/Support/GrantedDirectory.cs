namespace PluginHost.Wasi.Tests.Support;

/// <summary>
/// A directory of the host's with something that a guest must not reach: <c>secret.txt</c> beside the directory that is granted.
/// </summary>
internal sealed class GrantedDirectory : IDisposable
{
    private readonly string _outer = Directory.CreateTempSubdirectory("wasi-").FullName;

    public GrantedDirectory()
    {
        Granted = Directory.CreateDirectory(Path.Combine(_outer, "granted")).FullName;
        Secret = Path.Combine(_outer, "secret.txt");
        File.WriteAllText(Secret, "secret");
    }

    /// <summary>The path of what is granted.</summary>
    public string Granted { get; }

    public string Secret { get; }

    /// <summary>The path of something in the granted directory.</summary>
    public string this[string name] => Path.Combine(Granted, name);

    public void Dispose() => Directory.Delete(_outer, recursive: true);
}
