using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Access;

namespace MidnightOS.Prover.Http;

/// <summary><c>GET /fetch-params/{k}</c>.</summary>
internal sealed class ParameterEndpoint(ProverAccess access, IServiceProvider services, IOptions<ProverOptions> options)
{
    private const int Highest = 25;

    /// <summary>Fetches the parameters of a size ahead of the first proof that wants them.</summary>
    public async Task FetchAsync(HttpContext context)
    {
        var text = (string?)context.GetRouteValue("k") ?? "";
        if (!TryRead(text, out var k))
        {
            await context.Response.TextAsync(StatusCodes.Status404NotFound, $"Path deserialize error: can not parse \"{text}\" to a u8");
        }
        else if (k > Highest)
        {
            await context.Response.TextAsync(StatusCodes.Status400BadRequest, $"k={k} out of range");
        }
        else if (await access.FindAsync(context) is not null)
        {
            await AnswerAsync(context, k);
        }
    }

    // As Rust reads a u8: a plus may stand before it, a minus not even before 0.
    private static bool TryRead(string text, out byte k) =>
        byte.TryParse(text.StartsWith('+') ? text.AsSpan(1) : text, NumberStyles.None, CultureInfo.InvariantCulture, out k) && char.IsAsciiDigit(text[^1]);

    private async Task AnswerAsync(HttpContext context, byte k)
    {
        if (!options.Value.FetchParameters || services.GetService<IParameterFetch>() is not { } parameters)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
        }
        else if (await parameters.FetchAsync(k, context.RequestAborted) is { } failure)
        {
            await context.Response.TextAsync(failure.Kind == ProofFailureKind.MissingFile ? StatusCodes.Status404NotFound : StatusCodes.Status500InternalServerError, failure.Reason);
        }
        else
        {
            await context.Response.TextAsync(StatusCodes.Status200OK, "success");
        }
    }
}
