namespace PluginHost.Api.Uploads;

/// <summary>A form broke off or is none, while its file was being read.</summary>
internal sealed class MalformedFormException(Exception inner) : Exception("The form cannot be read.", inner);
