using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using PluginHost.Wasm.Modules;
using PluginHost.Wasm.Runtime;

namespace PluginHost.Plugins.HostFunctions;

/// <summary>
/// Makes a function that guests import of a C# method: its WebAssembly type follows from the method's parameters, and the code that moves the values is
/// compiled once. All pointers of a call are checked before the method runs.
/// </summary>
internal static class HostFunctionBinder
{
    /// <summary>The C# types that are one value of WebAssembly's, with the method of <see cref="HostArguments"/> that reads them.</summary>
    private static readonly Dictionary<Type, (ValueType Type, string Reader)> Scalars = new()
    {
        [typeof(bool)] = (ValueType.I32, nameof(HostArguments.Boolean)),
        [typeof(int)] = (ValueType.I32, nameof(HostArguments.Int32)),
        [typeof(uint)] = (ValueType.I32, nameof(HostArguments.UInt32)),
        [typeof(long)] = (ValueType.I64, nameof(HostArguments.Int64)),
        [typeof(ulong)] = (ValueType.I64, nameof(HostArguments.UInt64)),
        [typeof(float)] = (ValueType.F32, nameof(HostArguments.Single)),
        [typeof(double)] = (ValueType.F64, nameof(HostArguments.Double)),
    };

    /// <summary>Those that are a pointer and a length.</summary>
    private static readonly Dictionary<Type, string> Sequences = new()
    {
        [typeof(string)] = nameof(HostArguments.Text),
        [typeof(byte[])] = nameof(HostArguments.Array),
        [typeof(Span<byte>)] = nameof(HostArguments.Bytes),
        [typeof(ReadOnlySpan<byte>)] = nameof(HostArguments.ReadOnlyBytes),
    };

    /// <summary>Those that the host provides.</summary>
    private static readonly Dictionary<Type, string> Provided = new()
    {
        [typeof(HostCaller)] = nameof(HostArguments.Caller),
        [typeof(LinearMemory)] = nameof(HostArguments.Memory),
        [typeof(CancellationToken)] = nameof(HostArguments.Interruption),
    };

    /// <exception cref="ArgumentException">A type cannot pass.</exception>
    public static HostModuleFunction Bind(string module, string name, HostGrant? grant, Delegate function)
    {
        var label = $"{module}.{name}";
        var method = function.GetType().GetMethod("Invoke")!;
        var call = Expression.Parameter(typeof(HostCall).MakeByRefType(), "call");
        var caller = Expression.Variable(typeof(HostCaller), "caller");
        var variables = new List<ParameterExpression> { caller };
        var before = new List<Expression> { Expression.Assign(caller, Read(nameof(HostArguments.Caller), call)) };
        var after = new List<Expression>();
        var arguments = new List<Expression>();
        var parameters = ImmutableArray.CreateBuilder<ValueType>();

        foreach (var parameter in method.GetParameters())
        {
            var type = parameter.ParameterType;
            var slot = Expression.Constant(parameters.Count);

            if (Provided.TryGetValue(type, out var provider))
            {
                arguments.Add(Read(provider, call));
            }
            else if (Sequences.TryGetValue(type, out var sequence))
            {
                arguments.Add(Read(sequence, call, slot));
                parameters.AddRange(ValueType.I32, ValueType.I32);
            }
            else if (type.IsByRef)
            {
                var pointed = type.GetElementType()!;

                if (GuestStructs.Refusal(pointed) is { } reason)
                    throw new ArgumentException($"The parameter '{parameter.Name}' of {label} cannot be a pointer: {reason}.", nameof(function));

                var variable = Expression.Variable(pointed, parameter.Name);
                variables.Add(variable);
                before.Add(Expression.Assign(variable, Read(parameter.IsOut ? nameof(HostArguments.Room) : nameof(HostArguments.Struct), call, slot, pointed)));
                arguments.Add(variable);
                parameters.Add(ValueType.I32);

                if (!parameter.IsIn)
                    after.Add(Expression.Call(typeof(HostArguments), nameof(HostArguments.Write), [pointed], call, slot, variable));
            }
            else if (Scalars.TryGetValue(Scalar(type), out var scalar))
            {
                var value = Read(scalar.Reader, call, slot);
                arguments.Add(type.IsEnum ? Expression.Convert(value, type) : value);
                parameters.Add(scalar.Type);
            }
            else
            {
                throw new ArgumentException($"The parameter '{parameter.Name}' of {label} cannot be a {type.Name}.", nameof(function));
            }
        }

        // Spans cannot be variables of an expression: where nothing has to be denied they go straight from the guest's memory to the method.
        var (result, give) = Result(label, method, function, call, caller, arguments, after);
        var body = new List<Expression>(before);
        Expression run = give;

        if (grant is not null)
        {
            run = Expression.IfThenElse(
                Expression.Call(caller, nameof(HostCaller.Has), null, Expression.Constant(grant)),
                give,
                Expression.Call(typeof(HostReturns), nameof(HostReturns.Deny), null, call, caller, Expression.Constant(label), Expression.Constant(result, typeof(ValueType?))));
        }

        body.Add(run);
        var lambda = Expression.Lambda<HostCallback>(Expression.Block(variables, body), label, [call]);
        return new HostModuleFunction(module, name, grant, new FunctionType(parameters.ToImmutable(), result is { } single ? [single] : []), Guarded(new Lazy<HostCallback>(lambda.Compile)));
    }

    /// <summary>A method that was cancelled by the call's own interruption has not failed: the call ends as it would have.</summary>
    /// <param name="callback">Compiled when the first guest calls: a server starts without waiting for what none may ever call.</param>
    private static HostCallback Guarded(Lazy<HostCallback> callback) => (ref call) =>
    {
        try
        {
            callback.Value(ref call);
        }
        catch (OperationCanceledException) when (call.Instance.Interruption.IsCancellationRequested)
        {
            call.ThrowIfInterrupted();
            throw;
        }

        // Guest code looks after thousands of branches only, and before each of them it may have waited.
        call.ThrowIfInterrupted();
    };

    private static (ValueType? Type, Expression Give) Result(
        string label, MethodInfo method, Delegate function, ParameterExpression call, ParameterExpression caller, List<Expression> arguments, List<Expression> after)
    {
        Expression value = Expression.Invoke(Expression.Constant(function), arguments);
        var type = method.ReturnType;

        if (type == typeof(Task))
        {
            value = Expression.Call(typeof(HostReturns), nameof(HostReturns.WaitForNothing), null, call, value);
            type = typeof(void);
        }
        else if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>))
        {
            type = type.GetGenericArguments()[0];
            value = Expression.Call(typeof(HostReturns), nameof(HostReturns.Wait), [type], call, value);
        }

        if (type == typeof(void))
            return (null, Expression.Block([value, .. after, Expression.Empty()]));

        var scalar = Scalar(type);
        ValueType result;

        if (Scalars.TryGetValue(scalar, out var known))
            result = known.Type;
        else if (type == typeof(HostResult) || type == typeof(string) || type == typeof(byte[]))
            result = ValueType.I64;
        else
            throw new ArgumentException($"The result of {label} cannot be a {type.Name}.", nameof(function));

        // Structs are written first: the result takes the slots of the arguments, where their pointers stand.
        var held = Expression.Variable(scalar, "result");
        var converted = type.IsEnum ? Expression.Convert(value, scalar) : value;
        return (result, Expression.Block([held], [Expression.Assign(held, converted), .. after, Expression.Call(typeof(HostReturns), nameof(HostReturns.Set), null, call, caller, held)]));
    }

    private static Type Scalar(Type type) => type.IsEnum ? Enum.GetUnderlyingType(type) : type;

    private static MethodCallExpression Read(string reader, ParameterExpression call) => Expression.Call(typeof(HostArguments), reader, null, call);

    private static MethodCallExpression Read(string reader, ParameterExpression call, Expression slot, Type? pointed = null) =>
        Expression.Call(typeof(HostArguments), reader, pointed is null ? null : [pointed], call, slot);
}
