using System.Net;
using System.Text.Json;
using PluginHost.Api.Tests.Support;

namespace PluginHost.Api.Tests;

/// <summary>Every call of the samples' tables gives over HTTP what native Go gave, bit for bit.</summary>
public sealed class SampleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("calc")]
    [InlineData("counter")]
    [InlineData("goroutines")]
    [InlineData("text")]
    [InlineData("crypto")]
    [InlineData("kernels")]
    [InlineData("handler")]
    public async Task Sample_EveryRowOfItsTable_GivesWhatNativeGoGives(string sample)
    {
        using var upload = await api.UploadAsync($"table-{sample}", Repository.Sample(sample));
        var rows = SampleRow.Table(sample);
        var wrong = new List<string>();

        foreach (var row in rows)
        {
            using var response = await api.InvokeAsync($"table-{sample}", row.Export, $"{{\"args\":[{row.Json}]}}", "?float=bits");
            var body = await response.Content.ReadAsStringAsync();

            if (response.StatusCode != HttpStatusCode.OK || !Matches(row, body))
                wrong.Add($"{row}: {(int)response.StatusCode} {body}");
        }

        Assert.NotEmpty(rows);
        Assert.Empty(wrong);
    }

    private static bool Matches(SampleRow row, string body)
    {
        using var document = JsonDocument.Parse(body);
        return row.Matches(document.RootElement);
    }
}
