using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using MidnightOS.Api.Errors;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>The body of a request as it was sent; kept for whoever needs the exact bytes after it was read.</summary>
internal sealed class RequestBytes
{
    /// <summary>The size of a body unless the endpoint's metadata allows another.</summary>
    public const int DefaultLimit = 64 * 1024;

    private RequestBytes(ReadOnlyMemory<byte> content) => Content = content;

    public ReadOnlyMemory<byte> Content { get; }

    /// <summary>Reads the body once; asked again it gives the same bytes. <c>PAYLOAD_TOO_LARGE</c> when there are more than allowed.</summary>
    public static async Task<Result<RequestBytes>> ReadAsync(HttpContext context)
    {
        if (context.Features.Get<RequestBytes>() is { } known)
        {
            return known;
        }

        // Kestrel enforces the limit too; the Azure host does not.
        var limit = context.GetEndpoint()?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? DefaultLimit;
        if (context.Request.ContentLength > limit)
        {
            return ExceptionErrors.TooLarge;
        }

        try
        {
            return await ReadAsync(context, limit);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException && !context.RequestAborted.IsCancellationRequested)
        {
            // How Kestrel reports chunks whose size no number can hold; for other chunks that are wrong it throws the exception of bad requests.
            return ExceptionErrors.Malformed;
        }
    }

    private static async Task<Result<RequestBytes>> ReadAsync(HttpContext context, long limit)
    {
        var content = new ArrayBufferWriter<byte>();
        int count;
        while ((count = await context.Request.Body.ReadAsync(content.GetMemory(4096), context.RequestAborted)) > 0)
        {
            content.Advance(count);
            if (content.WrittenCount > limit)
            {
                return ExceptionErrors.TooLarge;
            }
        }

        var bytes = new RequestBytes(content.WrittenMemory);
        context.Features.Set(bytes);
        return bytes;
    }
}
