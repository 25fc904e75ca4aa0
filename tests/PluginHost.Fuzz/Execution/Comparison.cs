using PluginHost.Fuzz.Cases;
using PluginHost.Wasm.Modules;

namespace PluginHost.Fuzz.Execution;

/// <summary>Finds the first thing in which two executions of a case differ.</summary>
internal static class Comparison
{
    /// <returns>What differs, for people; null where nothing does.</returns>
    public static string? Difference(FuzzCase test, ExecutionRecord one, ExecutionRecord other)
    {
        if (one.Instantiation.IsLimit || other.Instantiation.IsLimit)
            return null;

        if (!one.Instantiation.Matches(other.Instantiation, FunctionType.Empty))
            return $"instantiation: {one.Engine} {one.Instantiation.Traps}, {other.Engine} {other.Instantiation.Traps}";

        for (var i = 0; i < Math.Min(one.Outcomes.Count, other.Outcomes.Count); i++)
        {
            var (first, second) = (one.Outcomes[i], other.Outcomes[i]);

            if (first.IsLimit || second.IsLimit)
                return null;

            if (!first.Matches(second, test.Calls[i].Type))
                return $"call {i}, {test.Calls[i]}: {one.Engine} {first.Describe(test.Calls[i].Type)}, {other.Engine} {second.Describe(test.Calls[i].Type)}";
        }

        return one.State is null || other.State is null ? null : Difference(test, one, one.State, other, other.State);
    }

    private static string? Difference(FuzzCase test, ExecutionRecord one, FinalState first, ExecutionRecord other, FinalState second)
    {
        if (first.Pages != second.Pages)
            return $"pages of memory: {one.Engine} {first.Pages}, {other.Engine} {second.Pages}";

        if (first.Memory != second.Memory)
            return $"memory: {one.Engine} {first.Memory:x16}, {other.Engine} {second.Memory:x16}";

        if (first.Log != second.Log)
            return $"values given to host functions: {one.Engine} {first.Log:x16}, {other.Engine} {second.Log:x16}";

        for (var i = 0; i < first.Globals.Count; i++)
        {
            var type = test.Module.Globals[(int)test.Globals[i].Index].ValueType;

            if (first.Globals[i] != second.Globals[i])
                return $"global {test.Globals[i].Name}: {one.Engine} {Bits.Format(first.Globals[i], type)}, {other.Engine} {Bits.Format(second.Globals[i], type)}";
        }

        return null;
    }
}
