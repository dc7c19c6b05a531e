using Microsoft.Azure.Cosmos;

namespace MidnightOS.Azure.Documents;

/// <summary>Where the documents are: the section <c>Cosmos</c> of the configuration.</summary>
public sealed class CosmosOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Cosmos";

    /// <summary>The container of all documents but those of proofs; <c>infra/bicep/modules/cosmos.bicep</c> makes both.</summary>
    public const string Documents = "documents";

    /// <summary>The container of the documents of proofs (<see cref="Core.Proofs.Apart.ProofArea"/>).</summary>
    public const string Proofs = "proofs";

    // What a caller waits at most for an account that is throttled; an answer over HTTP is due within 230 seconds.
    private const int ThrottledAttempts = 9;
    private static readonly TimeSpan ThrottledWait = TimeSpan.FromSeconds(15);

    /// <summary>The address of the account: <c>https://….documents.azure.com:443/</c>.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>The name of the database.</summary>
    public string Database { get; set; } = "";

    /// <summary>Calls that take longer are logged with the SDK's diagnostics.</summary>
    public TimeSpan SlowCall { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether all calls go through the account's gateway instead of to its nodes, for networks that let nothing but port 443 out.</summary>
    public bool Gateway { get; set; }

    /// <summary>How the client works: session consistency, and 429 is waited out for a while.</summary>
    internal CosmosClientOptions ToClientOptions() => new()
    {
        ApplicationName = "MidnightOS.Functions",
        ConnectionMode = Gateway ? ConnectionMode.Gateway : ConnectionMode.Direct,
        ConsistencyLevel = ConsistencyLevel.Session,
        MaxRetryAttemptsOnRateLimitedRequests = ThrottledAttempts,
        MaxRetryWaitTimeOnRateLimitedRequests = ThrottledWait,
    };
}
