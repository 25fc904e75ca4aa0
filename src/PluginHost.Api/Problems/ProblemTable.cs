using PluginHost.Plugins;

namespace PluginHost.Api.Problems;

/// <summary>The status and title of each failure: a trap is the plugin's fault, not the gateway's, so alerts on 5xx stay clean.</summary>
internal static class ProblemTable
{
    public static (int Status, string Title) Find(FailureCode code) => code switch
    {
        FailureCode.InvalidName => (400, "Invalid plugin name"),
        FailureCode.InvalidPageToken => (400, "Invalid page token"),
        FailureCode.InvalidPageSize => (400, "Invalid page size"),
        FailureCode.InvalidLabel => (400, "Invalid label"),
        FailureCode.InvalidConfiguration => (400, "Invalid configuration"),
        FailureCode.WrongArity => (400, "Wrong number of arguments"),
        FailureCode.PluginNotFound => (404, "Plugin not found"),
        FailureCode.VersionNotFound => (404, "Version not found"),
        FailureCode.AliasNotFound => (404, "Alias not found"),
        FailureCode.InvalidAlias => (400, "Invalid alias"),
        FailureCode.NothingToRollBack => (409, "Nothing to roll back"),
        FailureCode.PreconditionRequired => (428, "Precondition required"),
        FailureCode.ExportNotFound => (404, "Export not found"),
        FailureCode.InUse => (409, "In use"),
        FailureCode.PreconditionFailed => (412, "Precondition failed"),
        FailureCode.ModuleTooLarge => (413, "Module too large"),
        FailureCode.UnsupportedSignature => (422, "Unsupported signature"),
        FailureCode.InvalidModule => (422, "Invalid module"),
        FailureCode.UnsupportedImport => (422, "Unsupported import"),
        FailureCode.MissingGrant => (422, "Missing grant"),
        FailureCode.CallDepthExceeded => (422, "Calls nested too deeply"),
        FailureCode.CallDeadlock => (422, "A call that would wait for itself"),
        FailureCode.InvalidManifest => (422, "Invalid manifest"),
        FailureCode.ManifestMismatch => (422, "The manifest and the module differ"),
        FailureCode.ManifestNotFound => (404, "Manifest not found"),
        FailureCode.InvalidHandlers => (422, "Invalid handlers"),
        FailureCode.PluginError => (422, "The plugin failed"),
        FailureCode.InvalidResult => (422, "Invalid result"),
        FailureCode.ArgumentTooLarge => (413, "Arguments too large"),
        FailureCode.InitFailed => (422, "Initialisation failed"),
        FailureCode.Trap => (422, "The plugin trapped"),
        FailureCode.GuestExit => (422, "The plugin exited"),
        FailureCode.QueueFull => (429, "Queue full"),
        FailureCode.Cancelled => (499, "Cancelled"),
        FailureCode.QueueTimeout => (503, "No instance became free in time"),
        FailureCode.Draining => (503, "Draining"),
        FailureCode.NoCapacity => (503, "No capacity"),
        FailureCode.DeadlineExceeded => (504, "Deadline exceeded"),
        FailureCode.FuelExhausted => (504, "Fuel exhausted"),
        FailureCode.InvalidKey => (400, "Invalid key"),
        FailureCode.KeyNotFound => (404, "Key not found"),
        FailureCode.LastAdminKey => (409, "The last administrator"),
        FailureCode.CatalogFull => (507, "Catalog full"),
        FailureCode.GuestOutOfMemory => (507, "The plugin is out of memory"),
        _ => (500, "Internal error"),
    };
}
