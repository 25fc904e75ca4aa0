using PluginHost.Wasm.Runtime;

namespace PluginHost.Wasm.Tests.Runtime;

public sealed unsafe class AddressSpaceTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Space_OpenedAndReleased_ReadsAsZeroOnEveryPlatform(bool isReserving)
    {
        using var space = new AddressSpace(100, 1 << 20, isReserving && OperatingSystem.IsLinux());

        Assert.True(space.TryOpen(0, 65_536));
        Assert.True(space.TryOpen(65_536, 1 << 20));
        space.Base[-100] = 1;
        space.Base[0] = 2;
        space.Base[(1 << 20) - 1] = 3;
        space.Release(0, 1 << 20);

        Assert.Equal(1, space.Base[-100]);
        Assert.Equal(0, space.Base[0]);
        Assert.Equal(0, space.Base[(1 << 20) - 1]);
    }
}
