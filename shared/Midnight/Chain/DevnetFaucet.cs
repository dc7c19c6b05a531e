using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Money;
using MidnightOS.Core.Results;

namespace MidnightOS.Midnight.Chain;

/// <summary>The devnet's faucet: <c>POST /faucet</c> on the indexer's port. On a live network there is none.</summary>
internal sealed class DevnetFaucet(
    IChainEndpointSource endpoints, NetworkProfile profile, IOptions<MidnightNetworkOptions> options, TimeProvider time) : IFaucet, IDisposable
{
    private static readonly JsonSerializerOptions Sent = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private readonly HttpClient _http = new(new ResetConnections(new SocketsHttpHandler())) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = 64 * 1024 };

    public async Task<Result<FaucetPayment>> MintAsync(string address, Amount amount, string? requestId, CancellationToken cancellationToken)
    {
        if (profile.Id.IsLive)
        {
            return Error.NotFound("faucet");
        }

        var target = await endpoints.GetAsync(cancellationToken);
        using var limit = new CancellationTokenSource(options.Value.Resilience.TotalTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await PostAsync(target.Faucet, new Wish(address, amount.ToString(), requestId), either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChainUnavailableException("The devnet's faucet did not answer in time.", exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException)
        {
            throw new ChainUnavailableException("The devnet's faucet cannot be reached.", exception);
        }
    }

    public void Dispose() => _http.Dispose();

    // Never repeated: each call that arrives without an id mints.
    private async Task<Result<FaucetPayment>> PostAsync(Uri faucet, Wish wish, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.Serialize(wish, Sent);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(faucet, content, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        if (response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity)
        {
            // The address was read before; what is left is an amount beyond what there is.
            return Error.Invalid("amount", "The faucet pays up to 24,000,000,000 NIGHT, its whole supply, at once.");
        }

        if (response.StatusCode is HttpStatusCode.Conflict)
        {
            return new Error(ErrorCodes.Conflict, "The faucet does not have that much left.");
        }

        response.EnsureSuccessStatusCode();
        var paid = JsonSerializer.Deserialize<Payment>(answer, JsonSerializerOptions.Web) ?? throw new JsonException("An empty answer.");
        return new FaucetPayment(IndexerText.Hex(paid.TransactionHash ?? throw new JsonException("No transaction hash.")), paid.BlockHeight);
    }

    private sealed record Wish(string Address, string Amount, string? RequestId);

    private sealed record Payment(string? TransactionHash, long BlockHeight);
}
