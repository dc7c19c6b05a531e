using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Errors;
using MidnightOS.Api.Idempotency;
using MidnightOS.Api.RateLimits;
using MidnightOS.Api.Requests;
using MidnightOS.Api.Security;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Devnet;

internal sealed record FaucetBody
{
    /// <summary>The unshielded address to pay, Bech32m.</summary>
    [Text(200)]
    public required string Address { get; init; }

    /// <summary>NIGHT, a decimal string.</summary>
    [Text(64)]
    public required string Amount { get; init; }
}

/// <summary>What the faucet did.</summary>
/// <param name="Hash">The transaction's hash, hex.</param>
/// <param name="Block">The block that has it.</param>
internal sealed record FaucetResponse(string Hash, long Block);

/// <summary>The devnet's faucet: routes of the embedded edition only.</summary>
public static class DevnetEndpoints
{
    /// <summary>Maps <c>/api/devnet</c>. Only a host that runs a devnet calls this.</summary>
    public static IEndpointRouteBuilder MapDevnet(this IEndpointRouteBuilder routes)
    {
        var devnet = routes.MapGroup(Routes.Devnet).AddEndpointFilter<RouteGroupBuilder, RequestPartFilter>().WithTags("Devnet");
        devnet.MapPost("/faucet", MintAsync).Requires(Permission.WalletsSpend).Limited(RateLimit.Spends).Idempotent()
            .Documented("faucet", "Mints NIGHT on the devnet; answers when it is in a block.")
            .Answers<FaucetResponse>().Fails(ErrorCodes.InvalidAddress, ErrorCodes.UpstreamUnavailable);
        return routes;
    }

    private static async Task<IResult> MintAsync(
        Body<FaucetBody> body, IdempotencyContext idempotency, IFaucet faucet, IAddressCodec addresses, NetworkProfile network,
        CancellationToken cancellationToken)
    {
        if (!Token.Night.TryParse(body.Value.Amount, out var amount, out var problem) || amount.IsZero)
        {
            return Error.Invalid("amount", problem ?? "The amount must be greater than zero.").ToHttp();
        }

        var address = addresses.ParseUnshielded(body.Value.Address, network.Id).WithAddressIn("address");
        if (!address.IsSuccess)
        {
            return address.Error.ToHttp();
        }

        var paid = await faucet.MintAsync(address.Value.Text, amount, idempotency.DeriveId(IdPrefix.Transaction), cancellationToken);
        return paid.ToHttp(static payment => Results.Ok(new FaucetResponse(payment.Hash, payment.BlockHeight)));
    }
}
