using System.Diagnostics;

namespace PluginHost.Plugins;

/// <summary>The stable texts of <see cref="FailureCode"/>.</summary>
public static class FailureCodes
{
    /// <summary>The code as it stands in problems, statistics and logs: <c>plugin-not-found</c>.</summary>
    public static string Text(this FailureCode code) => code switch
    {
        FailureCode.InvalidName => "invalid-name",
        FailureCode.InvalidConfiguration => "invalid-configuration",
        FailureCode.InvalidPageToken => "invalid-page-token",
        FailureCode.InvalidPageSize => "invalid-page-size",
        FailureCode.PluginNotFound => "plugin-not-found",
        FailureCode.VersionNotFound => "version-not-found",
        FailureCode.AliasNotFound => "alias-not-found",
        FailureCode.InvalidAlias => "invalid-alias",
        FailureCode.NothingToRollBack => "nothing-to-roll-back",
        FailureCode.PreconditionRequired => "precondition-required",
        FailureCode.ExportNotFound => "export-not-found",
        FailureCode.WrongArity => "wrong-arity",
        FailureCode.UnsupportedSignature => "unsupported-signature",
        FailureCode.InUse => "in-use",
        FailureCode.PreconditionFailed => "precondition-failed",
        FailureCode.CatalogFull => "catalog-full",
        FailureCode.ModuleTooLarge => "module-too-large",
        FailureCode.InvalidModule => "invalid-module",
        FailureCode.UnsupportedImport => "unsupported-import",
        FailureCode.MissingGrant => "missing-grant",
        FailureCode.CallDepthExceeded => "call-depth-exceeded",
        FailureCode.CallDeadlock => "call-deadlock",
        FailureCode.InvalidManifest => "invalid-manifest",
        FailureCode.ManifestMismatch => "manifest-mismatch",
        FailureCode.ManifestNotFound => "manifest-not-found",
        FailureCode.InvalidHandlers => "invalid-handlers",
        FailureCode.PluginError => "plugin-error",
        FailureCode.InvalidResult => "invalid-result",
        FailureCode.ArgumentTooLarge => "argument-too-large",
        FailureCode.InitFailed => "init-failed",
        FailureCode.Trap => "trap",
        FailureCode.GuestExit => "guest-exit",
        FailureCode.QueueFull => "queue-full",
        FailureCode.RateLimited => "rate-limited",
        FailureCode.CircuitOpen => "circuit-open",
        FailureCode.QueueTimeout => "queue-timeout",
        FailureCode.Draining => "draining",
        FailureCode.NoCapacity => "no-capacity",
        FailureCode.DeadlineExceeded => "deadline-exceeded",
        FailureCode.FuelExhausted => "fuel-exhausted",
        FailureCode.GuestOutOfMemory => "guest-out-of-memory",
        FailureCode.Cancelled => "cancelled",
        FailureCode.SignatureRequired => "signature-required",
        FailureCode.SignatureInvalid => "signature-invalid",
        FailureCode.DigestMismatch => "digest-mismatch",
        FailureCode.InvalidDigest => "invalid-digest",
        FailureCode.InvalidLabel => "invalid-label",
        FailureCode.InvalidKey => "invalid-key",
        FailureCode.KeyNotFound => "key-not-found",
        FailureCode.LastAdminKey => "last-admin-key",
        FailureCode.InternalError => "internal-error",
        _ => throw new UnreachableException(),
    };
}
