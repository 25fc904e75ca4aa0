namespace PluginHost.Plugins;

/// <summary>The reasons for which a request to the plugin host fails. <see cref="FailureCodes.Text"/> gives the stable code that callers see.</summary>
public enum FailureCode
{
    /// <summary>A plugin's name is not of the form <c>[a-z0-9]([a-z0-9-]{0,62})</c>.</summary>
    InvalidName,

    /// <summary>A plugin's configuration contradicts itself or exceeds what the server allows.</summary>
    InvalidConfiguration,

    /// <summary>A page token that this server did not make.</summary>
    InvalidPageToken,

    /// <summary>A page of less than one element.</summary>
    InvalidPageSize,

    PluginNotFound,
    VersionNotFound,
    AliasNotFound,
    ExportNotFound,

    /// <summary>The number of arguments is not that of the export's parameters.</summary>
    WrongArity,

    /// <summary>The export takes or gives a value that cannot be passed from outside: a reference.</summary>
    UnsupportedSignature,

    /// <summary>What is to be deleted is still in use.</summary>
    InUse,

    /// <summary>The plugin exists, or has another revision than the request names.</summary>
    PreconditionFailed,

    /// <summary>A change that must name the state it starts from does not.</summary>
    PreconditionRequired,

    /// <summary>An alias's name or targets are not as they must be.</summary>
    InvalidAlias,

    /// <summary>An alias has no earlier state.</summary>
    NothingToRollBack,

    /// <summary>The catalog holds as many plugins or versions as it may.</summary>
    CatalogFull,

    ModuleTooLarge,

    /// <summary>The upload is not a module that this host can run.</summary>
    InvalidModule,

    UnsupportedImport,

    /// <summary>The module imports a host function that the plugin's configuration does not grant.</summary>
    MissingGrant,

    /// <summary>Plugins call each other too deeply.</summary>
    CallDepthExceeded,

    /// <summary>A plugin's call would wait for an instance that only its own end can give back.</summary>
    CallDeadlock,

    /// <summary>The manifest cannot be read.</summary>
    InvalidManifest,

    /// <summary>The manifest says of the module what it is not.</summary>
    ManifestMismatch,

    /// <summary>The version was uploaded without a manifest.</summary>
    ManifestNotFound,

    /// <summary>The module's own list of handlers cannot be read, or names what is there already.</summary>
    InvalidHandlers,

    /// <summary>The module's <c>_initialize</c> trapped, exited or took too long.</summary>
    InitFailed,

    /// <summary>The plugin's function failed and said why, in a result of its own; the instance lives on.</summary>
    PluginError,

    /// <summary>The plugin's result is not where it says, too large, or not of its declared kind.</summary>
    InvalidResult,

    /// <summary>The arguments have more bytes than the plugin offers memory for.</summary>
    ArgumentTooLarge,

    Trap,
    GuestExit,
    QueueFull,

    /// <summary>No instance became free in time.</summary>
    QueueTimeout,

    /// <summary>The server stops, or the plugin is being deleted.</summary>
    Draining,

    /// <summary>The server as a whole runs as much as it may.</summary>
    NoCapacity,

    DeadlineExceeded,
    FuelExhausted,
    GuestOutOfMemory,

    /// <summary>The caller gave up.</summary>
    Cancelled,

    /// <summary>The server takes in signed modules only.</summary>
    SignatureRequired,

    /// <summary>The signature is none of the module by a key that is trusted.</summary>
    SignatureInvalid,

    /// <summary>The bytes are not those whose digest was announced.</summary>
    DigestMismatch,

    /// <summary>A digest to compare with cannot be read.</summary>
    InvalidDigest,

    /// <summary>A label to select by is none.</summary>
    InvalidLabel,

    /// <summary>What a new key is to be contradicts the rules.</summary>
    InvalidKey,

    KeyNotFound,

    /// <summary>Nobody who may make keys would be left.</summary>
    LastAdminKey,

    /// <summary>The plugin is invoked more often than it may be.</summary>
    RateLimited,

    /// <summary>The plugin keeps failing and is left alone for a while.</summary>
    CircuitOpen,

    /// <summary>The data directory takes as much of the disk as it may.</summary>
    DiskQuota,

    /// <summary>A backup is being made already.</summary>
    BackupInProgress,

    OperationNotFound,

    /// <summary>An operation has no result yet.</summary>
    OperationNotFinished,

    /// <summary>The server ended while the operation ran, and nobody has said that it may run twice.</summary>
    OperationInterrupted,

    /// <summary>A request with the same idempotency key is on its way.</summary>
    RequestInProgress,

    /// <summary>The idempotency key belongs to another request.</summary>
    IdempotencyKeyReused,

    /// <summary>A bug of the host's own.</summary>
    InternalError,
}
