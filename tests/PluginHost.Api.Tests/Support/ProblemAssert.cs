using System.Text.Json;

namespace PluginHost.Api.Tests.Support;

/// <summary>What every error must be.</summary>
internal static class ProblemAssert
{
    /// <summary>Asserts that the answer is a whole problem with this status and code.</summary>
    public static async Task<JsonElement> IsAsync(HttpResponseMessage answer, int status, string code)
    {
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(status == (int)answer.StatusCode, body);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        using var problem = JsonDocument.Parse(body);
        Assert.Equal(code, problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEqual("", problem.RootElement.GetProperty("detail").GetString());
        return problem.RootElement.Clone();
    }
}
