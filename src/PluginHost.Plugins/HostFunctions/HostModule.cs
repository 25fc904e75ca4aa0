namespace PluginHost.Plugins.HostFunctions;

/// <summary>
/// Functions of the host's that guests import under one module name, made of C# methods. Add it to the services as a singleton (<see
/// cref="PluginHostServices.AddHostModule"/>); a plugin may import it where its configuration grants the module by its name.
/// </summary>
/// <remarks>
/// What Go passes as a <c>string</c> is a <see cref="string"/>, a <c>ReadOnlySpan&lt;byte&gt;</c> or a <c>byte[]</c>; a pointer and a length that the function
/// fills is a <c>Span&lt;byte&gt;</c>; a pointer to a struct with <c>structs.HostLayout</c> is an <c>in</c>, <c>ref</c> or <c>out</c> struct of sequential layout.
/// Integers, floats, <see cref="bool"/> and enums are themselves. <see cref="HostCaller"/>, <see cref="Wasm.Runtime.LinearMemory"/> and <see
/// cref="CancellationToken"/> – which fires at the call's deadline – take no place in the signature. A result is void, a scalar, or a <see cref="HostResult"/>,
/// <see cref="string"/> or <c>byte[]</c>, which are an i64; or a task of one, for which the guest waits.
/// </remarks>
public sealed class HostModule
{
    private const int MaximumNameCharacters = 64;

    private readonly Dictionary<string, HostModuleFunction> _functions = new(StringComparer.Ordinal);
    private readonly HostGrant? _grant;

    /// <param name="name">What stands in front of the function in Go's <c>//go:wasmimport name function</c>.</param>
    public HostModule(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        if (name.Length > MaximumNameCharacters || !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.'))
            throw new ArgumentException($"A module's name is 1 to {MaximumNameCharacters} letters, digits, '_', '-' and '.'.", nameof(name));

        if (name is BuiltInModule.Name or Wasi.WasiImports.ModuleName)
            throw new ArgumentException($"The module '{name}' is the host's own.", nameof(name));

        Name = name;
        _grant = HostGrant.OfModule(name);
    }

    /// <summary>The host's own module: each function names its grant.</summary>
    internal HostModule() => Name = BuiltInModule.Name;

    public string Name { get; }

    internal IReadOnlyCollection<HostModuleFunction> Functions => _functions.Values;

    /// <summary>Adds a function.</summary>
    /// <param name="function">A method or lambda; it may be called from many threads at one time, one for each instance.</param>
    /// <exception cref="ArgumentException">A parameter or the result is of a type that cannot pass, or there is a function of the name.</exception>
    public HostModule Add(string name, Delegate function) => Add(name, _grant, function);

    internal HostModule Add(string name, HostGrant? grant, Delegate function)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(function);

        if (!_functions.TryAdd(name, HostFunctionBinder.Bind(Name, name, grant, function)))
            throw new ArgumentException($"The module '{Name}' has a function '{name}' already.", nameof(name));

        return this;
    }
}
