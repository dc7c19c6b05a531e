using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Identity;

namespace MidnightOS.Prover.Http;

/// <summary>Reads the bodies of requests, each within its bound and all within theirs.</summary>
internal sealed class BodyReader(HeldBytes held, IOptions<ProverOptions> options)
{
    /// <summary>Reads the body.</summary>
    /// <param name="request">Whose body is read.</param>
    /// <param name="tenant">Who sends it.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    /// <returns>The body, or the status of why not: 413 when it is too large, 429 when too much is held already.</returns>
    public async Task<(HeldBody? Body, int Status)> ReadAsync(HttpRequest request, TenantId tenant, CancellationToken cancellationToken)
    {
        var limit = options.Value.MaxBodyBytes;
        if (request.ContentLength > limit)
        {
            return (null, StatusCodes.Status413PayloadTooLarge);
        }

        var body = new HeldBody(held, tenant) { IsReusable = true };
        var status = StatusCodes.Status500InternalServerError;
        try
        {
            status = await body.FillAsync(request.Body, limit, cancellationToken);
            body.IsReusable = status != StatusCodes.Status200OK;
            return (status == StatusCodes.Status200OK ? body : null, status);
        }
        catch (IOException exception) when (exception is not BadHttpRequestException)
        {
            // How Kestrel reports chunks whose size no number can hold.
            throw new BadHttpRequestException("The body is no HTTP.", StatusCodes.Status400BadRequest, exception);
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
