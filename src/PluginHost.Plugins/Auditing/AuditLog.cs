using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace PluginHost.Plugins.Auditing;

/// <summary>Who changed what, when and from where; and who tried to.</summary>
public sealed partial class AuditLog : IDisposable
{
    private const int MaximumPageSize = 1_000;

    /// <summary>Attempts that changed nothing, a second: each costs a flush of the disk, and whoever has no key must not order those.</summary>
    private const int AttemptsPerSecond = 20;

    private static readonly TimeSpan TrimInterval = TimeSpan.FromMinutes(1);

    private readonly AuditTable _table;
    private readonly TimeProvider _clock;
    private readonly PluginHostLimits _limits;
    private readonly ILogger<AuditLog> _logger;
    private readonly TokenBucketRateLimiter _attempts = new(new TokenBucketRateLimiterOptions
    {
        TokenLimit = 5 * AttemptsPerSecond,
        TokensPerPeriod = AttemptsPerSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    });

    private long _trimmed;
    private bool _isBegun;

    internal AuditLog(AuditTable table, TimeProvider clock, IOptions<PluginHostOptions> options, ILogger<AuditLog> logger)
    {
        _table = table;
        _clock = clock;
        _limits = options.Value.Limits;
        _logger = logger;
    }

    /// <summary>
    /// Begins what is one change to whoever asked for it: from here on, and in what is awaited from here, the catalog writes it beside what it changes. Call it in
    /// an asynchronous method: it ends with that.
    /// </summary>
    /// <param name="action">The method and the route, or what else was done.</param>
    public AuditDraft Begin(string caller, string callerName, string address, string action, string path, string? plugin) =>
        new(_clock.GetUtcNow(), caller, callerName, address, action, path, plugin);

    /// <summary>Writes an entry of what came to nothing; nothing where the change has written its own.</summary>
    /// <param name="result">The code of the problem, for example.</param>
    /// <param name="isLimited">Whether there may be too many of these to write all.</param>
    public void End(AuditDraft draft, string result, bool isLimited)
    {
        if (draft.IsWritten)
            return;

        draft.IsWritten = true;

        if (isLimited)
        {
            using var lease = _attempts.AttemptAcquire();

            if (!lease.IsAcquired)
            {
                LogLeftOut(draft.Action, result, draft.Address);
                return;
            }
        }

        try
        {
            _table.Insert(draft, result);
        }
        catch (Exception exception) when (exception is SqliteException or InvalidOperationException)
        {
            // Nothing was changed: the refusal is answered all the same.
            LogNotWritten(draft.Action, result, draft.Address, exception.Message);
        }
    }

    /// <summary>A page of entries, the newest first.</summary>
    /// <param name="pageToken">From the page before, or null for the newest.</param>
    public Outcome<AuditPage> Read(int pageSize, string? pageToken, string? plugin = null, string? caller = null)
    {
        var before = long.MaxValue;

        if (!string.IsNullOrEmpty(pageToken) && !long.TryParse(pageToken, NumberStyles.None, CultureInfo.InvariantCulture, out before))
            return new PluginFailure(FailureCode.InvalidPageToken, "The page token is not one that this server gave.");

        if (pageSize < 1)
            return new PluginFailure(FailureCode.InvalidPageSize, $"A page has at least one entry; {pageSize} were asked for.");

        pageSize = Math.Min(pageSize, MaximumPageSize);
        var entries = _table.Read(before, pageSize + 1, plugin, caller);
        var page = entries.Take(pageSize).ToList();
        return new AuditPage(page, entries.Count > pageSize ? page[^1].Id.ToString(CultureInfo.InvariantCulture) : null);
    }

    public void Dispose() => _attempts.Dispose();

    /// <summary>Forgets what is too old or too much, once a minute.</summary>
    internal void Trim()
    {
        if (_isBegun && _clock.GetElapsedTime(_trimmed) < TrimInterval)
            return;

        _isBegun = true;
        _trimmed = _clock.GetTimestamp();

        try
        {
            _table.Trim(_limits.AuditRows, _clock.GetUtcNow().AddDays(-_limits.AuditDays));
        }
        catch (Exception exception) when (exception is SqliteException or InvalidOperationException)
        {
            LogNotTrimmed(exception.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "The audit log leaves out {Action} from {Address}, which ended with {Result}: there are too many of its kind")]
    private partial void LogLeftOut(string action, string result, string address);

    [LoggerMessage(LogLevel.Error, "The audit log cannot be written. {Action} from {Address} ended with {Result}: {Reason}")]
    private partial void LogNotWritten(string action, string result, string address, string reason);

    [LoggerMessage(LogLevel.Warning, "The audit log cannot be shortened now: {Reason}")]
    private partial void LogNotTrimmed(string reason);
}
