using System.Text;
using System.Text.Json;

namespace PluginHost.Soak;

/// <summary>What the server answered.</summary>
/// <param name="Code">The problem's code, or null.</param>
internal sealed record SoakAnswer(int Status, string? Code, byte[] Body)
{
    public bool Succeeded => Status is >= 200 and < 300;

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }

    public override string ToString() => $"{Status} {(Text.Length > 600 ? Text[..600] + "…" : Text)}";
}
