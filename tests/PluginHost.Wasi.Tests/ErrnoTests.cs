namespace PluginHost.Wasi.Tests;

public sealed class ErrnoTests
{
    /// <summary>The names in the order of the specification (typenames.witx), which makes the numbers.</summary>
    private static readonly string[] Names =
    [
        "success", "2big", "acces", "addrinuse", "addrnotavail", "afnosupport", "again", "already", "badf", "badmsg", "busy", "canceled", "child", "connaborted",
        "connrefused", "connreset", "deadlk", "destaddrreq", "dom", "dquot", "exist", "fault", "fbig", "hostunreach", "idrm", "ilseq", "inprogress", "intr", "inval",
        "io", "isconn", "isdir", "loop", "mfile", "mlink", "msgsize", "multihop", "nametoolong", "netdown", "netreset", "netunreach", "nfile", "nobufs", "nodev",
        "noent", "noexec", "nolck", "nolink", "nomem", "nomsg", "noprotoopt", "nospc", "nosys", "notconn", "notdir", "notempty", "notrecoverable", "notsock", "notsup",
        "notty", "nxio", "overflow", "ownerdead", "perm", "pipe", "proto", "protonosupport", "prototype", "range", "rofs", "spipe", "srch", "stale", "timedout",
        "txtbsy", "xdev", "notcapable",
    ];

    [Theory]
    [InlineData(Errno.TooBig, "2big")]
    [InlineData(Errno.Access, "acces")]
    [InlineData(Errno.AddressInUse, "addrinuse")]
    [InlineData(Errno.Again, "again")]
    [InlineData(Errno.Already, "already")]
    [InlineData(Errno.BadDescriptor, "badf")]
    [InlineData(Errno.Busy, "busy")]
    [InlineData(Errno.Cancelled, "canceled")]
    [InlineData(Errno.ConnectionReset, "connreset")]
    [InlineData(Errno.Quota, "dquot")]
    [InlineData(Errno.Exists, "exist")]
    [InlineData(Errno.Fault, "fault")]
    [InlineData(Errno.FileTooLarge, "fbig")]
    [InlineData(Errno.IllegalSequence, "ilseq")]
    [InlineData(Errno.Interrupted, "intr")]
    [InlineData(Errno.Invalid, "inval")]
    [InlineData(Errno.IO, "io")]
    [InlineData(Errno.IsDirectory, "isdir")]
    [InlineData(Errno.Loop, "loop")]
    [InlineData(Errno.TooManyOpen, "mfile")]
    [InlineData(Errno.TooManyLinks, "mlink")]
    [InlineData(Errno.NameTooLong, "nametoolong")]
    [InlineData(Errno.TooManyOpenInSystem, "nfile")]
    [InlineData(Errno.NoEntry, "noent")]
    [InlineData(Errno.NoMemory, "nomem")]
    [InlineData(Errno.NoSpace, "nospc")]
    [InlineData(Errno.NoSystem, "nosys")]
    [InlineData(Errno.NotConnected, "notconn")]
    [InlineData(Errno.NotDirectory, "notdir")]
    [InlineData(Errno.NotEmpty, "notempty")]
    [InlineData(Errno.NotRecoverable, "notrecoverable")]
    [InlineData(Errno.NotSocket, "notsock")]
    [InlineData(Errno.NotSupported, "notsup")]
    [InlineData(Errno.NoTty, "notty")]
    [InlineData(Errno.NoDevice, "nxio")]
    [InlineData(Errno.Overflow, "overflow")]
    [InlineData(Errno.NotPermitted, "perm")]
    [InlineData(Errno.Pipe, "pipe")]
    [InlineData(Errno.Range, "range")]
    [InlineData(Errno.ReadOnly, "rofs")]
    [InlineData(Errno.IllegalSeek, "spipe")]
    [InlineData(Errno.Stale, "stale")]
    [InlineData(Errno.TextBusy, "txtbsy")]
    [InlineData(Errno.CrossDevice, "xdev")]
    [InlineData(Errno.NotCapable, "notcapable")]
    public void Number_OfAnErrno_IsTheSpecifications(Errno errno, string name) => Assert.Equal(Array.IndexOf(Names, name), (int)errno);
}
