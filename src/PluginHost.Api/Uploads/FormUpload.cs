using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using PluginHost.Plugins.Manifests;

namespace PluginHost.Api.Uploads;

/// <summary>A form with the part "file" and perhaps the parts "manifest" and "signature", in any order. The file is passed on as it arrives; the others are small.</summary>
internal sealed class FormUpload(MultipartReader reader)
{
    private const string Manifest = "manifest";
    private const string Signature = "signature";
    private const int MaximumParts = 16;
    private const int MaximumSignatureBytes = 2048;

    private int _parts;
    private byte[]? _manifest;
    private byte[]? _signature;

    /// <summary>The file, to be read to its end; null where the form has none.</summary>
    /// <exception cref="MalformedFormException">The form ends early, its headers cannot be read, or a part is there twice.</exception>
    public async Task<Stream?> OpenFileAsync(CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } part)
        {
            if (await IsSmallAsync(part, cancellation))
                continue;

            if (part.IsFile)
                return new FormFileStream(part.Body);
        }

        return null;
    }

    /// <summary>The manifest, which may stand behind the file: asked for when that has been read.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ManifestAsync(CancellationToken cancellation)
    {
        await FinishAsync(cancellation);

        // Not null alone, which would become an empty memory.
        return _manifest is { } manifest ? new ReadOnlyMemory<byte>(manifest) : default(ReadOnlyMemory<byte>?);
    }

    /// <summary>The signature, which may stand behind the file too.</summary>
    public async ValueTask<string?> SignatureAsync(CancellationToken cancellation)
    {
        await FinishAsync(cancellation);
        return _signature is null ? null : Encoding.Latin1.GetString(_signature);
    }

    private async ValueTask FinishAsync(CancellationToken cancellation)
    {
        while (await NextAsync(cancellation) is { } part)
        {
            if (part.IsFile)
                throw new MalformedFormException(new InvalidDataException("The form has two files."));

            await IsSmallAsync(part, cancellation);
        }
    }

    /// <summary>Reads a part that is no file.</summary>
    private async ValueTask<bool> IsSmallAsync((Stream Body, bool IsFile, string Name) part, CancellationToken cancellation)
    {
        switch (part.Name)
        {
            // One byte more than allowed is enough for its reader to refuse it.
            case Manifest:
                _manifest = await ReadAsync(part.Body, _manifest, ManifestReader.MaximumBytes + 1, cancellation);
                return true;
            case Signature:
                _signature = await ReadAsync(part.Body, _signature, MaximumSignatureBytes, cancellation);
                return true;
            default:
                return false;
        }
    }

    private async Task<(Stream Body, bool IsFile, string Name)?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            // Parts of other names are passed over.
            while (_parts++ < MaximumParts && await reader.ReadNextSectionAsync(cancellation) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition))
                    continue;

                var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
                return (section.Body, name is not (Manifest or Signature) && (disposition.IsFileDisposition() || name is "file"), name);
            }

            return null;
        }
        catch (Exception exception) when (FormFileStream.IsMalformed(exception))
        {
            throw new MalformedFormException(exception);
        }
    }

    private static async Task<byte[]> ReadAsync(Stream body, byte[]? before, int maximum, CancellationToken cancellation)
    {
        if (before is not null)
            throw new MalformedFormException(new InvalidDataException("The form has a part twice."));

        var bytes = new byte[maximum];
        var count = await new FormFileStream(body).ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
        return bytes[..count];
    }
}
