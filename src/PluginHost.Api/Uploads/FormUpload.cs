using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Api.Uploads;

/// <summary>A form with the part "file" and perhaps the part "manifest", in either order. The file is passed on as it arrives; the manifest is small.</summary>
internal sealed class FormUpload(MultipartReader reader)
{
    private const int MaximumParts = 16;

    private int _parts;
    private byte[]? _manifest;

    /// <summary>The file, to be read to its end; null where the form has none.</summary>
    /// <exception cref="MalformedFormException">The form ends early, its headers cannot be read, or a part is there twice.</exception>
    public async Task<Stream?> OpenFileAsync(CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } part)
        {
            if (part.IsManifest)
                await ReadManifestAsync(part.Body, cancellation);
            else if (part.IsFile)
                return new FormFileStream(part.Body);
        }

        return null;
    }

    /// <summary>The manifest, which may stand behind the file: asked for when that has been read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ManifestAsync(CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } part)
        {
            if (part.IsFile)
                throw new MalformedFormException(new InvalidDataException("The form has two files."));

            if (part.IsManifest)
                await ReadManifestAsync(part.Body, cancellation);
        }

        // Not null alone, which would become an empty memory.
        return _manifest is { } manifest ? new ReadOnlyMemory<byte>(manifest) : default(ReadOnlyMemory<byte>?);
    }

    private async Task<(Stream Body, bool IsFile, bool IsManifest)?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            // Parts of other names are passed over.
            while (_parts++ < MaximumParts && await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                    continue;

                var isManifest = disposition.Name.Equals("manifest", StringComparison.Ordinal);
                return (section.Body, !isManifest && (disposition.IsFileDisposition() || disposition.Name.Equals("file", StringComparison.Ordinal)), isManifest);
            }

            return null;
        }
        catch (Exception exception) when (FormFileStream.IsMalformed(exception))
        {
            throw new MalformedFormException(exception);
        }
    }

    private async Task ReadManifestAsync(Stream body, CancellationToken cancellation)
    {
        if (_manifest is not null)
            throw new MalformedFormException(new InvalidDataException("The form has two manifests."));

        // One byte more than allowed is enough for its reader to refuse it.
        var bytes = new byte[ManifestReader.MaximumBytes + 1];
        var count = await new FormFileStream(body).ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        _manifest = bytes[..count];
    }
}
