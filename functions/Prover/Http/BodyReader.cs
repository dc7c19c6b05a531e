using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace MidnightOS.Prover.Http;

/// <summary>Reads the bodies of requests, each within its bound and all within theirs.</summary>
internal sealed class BodyReader(HeldBytes held, IOptions<ProverOptions> options)
{
    /// <summary>Reads the body.</summary>
    /// <returns>The body, or the status of why not: 413 when it is too large, 429 when too much is held already.</returns>
    public async Task<(HeldBody? Body, int Status)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxBodyBytes;
        if (request.ContentLength > limit)
        {
            return (null, StatusCodes.Status413PayloadTooLarge);
        }

        var body = new HeldBody(held) { IsReusable = true };
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            status = await body.FillAsync(request.Body, limit, cancellationToken);
            body.IsReusable = status != StatusCodes.Status200OK;
            return (status == StatusCodes.Status200OK ? body : null, status);
        }
        finally
        {
            if (status != StatusCodes.Status200OK)
            {
                body.Dispose();
            }
        }
    }
}
