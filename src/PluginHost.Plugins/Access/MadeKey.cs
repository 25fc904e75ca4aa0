namespace PluginHost.Plugins.Access;

/// <summary>A new key, and the one time that it is shown whole.</summary>
/// <param name="Secret">What clients send: <c>phk_ID_SECRET</c>.</param>
public sealed record MadeKey(AccessKey Key, string Secret)
{
    /// <summary>Without the secret: a record's own text would have it.</summary>
    public override string ToString() => $"MadeKey {Key.Id}";
}
