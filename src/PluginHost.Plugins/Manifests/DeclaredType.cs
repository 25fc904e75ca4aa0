using System.Text.Json.Serialization;

namespace PluginHost.Plugins.Manifests;

/// <summary>What a value is to its caller. Without a manifest it is what WebAssembly's number types tell: <see cref="I32"/>, <see cref="I64"/>, <see cref="F32"/> or <see cref="F64"/>.</summary>
[JsonConverter(typeof(DeclaredTypeConverter))]
public enum DeclaredType
{
    Bool,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,

    /// <summary>An address in the plugin's memory.</summary>
    Pointer,

    /// <summary>UTF-8 text: a pointer and a length as a parameter, both packed in an i64 as a result.</summary>
    String,

    /// <summary>Bytes, passed as a string is.</summary>
    Bytes,

    /// <summary>The text of one JSON value, passed as a string is.</summary>
    Json,
}
