using System.Globalization;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>The HTTP contract as a table: what every operation takes, gives and may refuse.</summary>
internal static class ContractTable
{
    // method path | body (? = optional) | success: fields | who may and how | error codes of its own
    private const string Text = """
        POST /api/auth/register | email password name | 201 session | open key | CONFLICT
        POST /api/auth/login | email password | 200 session | open | UNAUTHORIZED
        POST /api/auth/refresh | refreshToken | 200 session | open | UNAUTHORIZED
        POST /api/auth/logout | | 204 | user |
        POST /api/auth/password | currentPassword newPassword | 204 | user | CONFLICT
        GET /api/auth/me | | 200 user tenant permissions | user |
        GET /.well-known/jwks.json | | 200 keys | open |
        POST /api/bots | name description? type model? personality? capabilities? integrations? treasury? security? | 202 bot operation | role key |
        GET /api/bots | | 200 page | role list |
        GET /api/bots/{id} | | 200 oneBot | role | NOT_FOUND
        PUT /api/bots/{id} | name description? type? model? personality? capabilities? integrations? treasury? security? id? status? statusReason? walletAddress? createdAt? updatedAt? | 200 oneBot | role version | NOT_FOUND INVALID_STATE
        PATCH /api/bots/{id} | name? description? type? model? personality? capabilities? integrations? treasury? security? | 200 oneBot | role version | NOT_FOUND INVALID_STATE
        DELETE /api/bots/{id} | | 202 bot operation | role version | NOT_FOUND INVALID_STATE INVALID_ADDRESS
        POST /api/bots/{id}/start | | 200 oneBot | role | NOT_FOUND INVALID_STATE
        POST /api/bots/{id}/stop | | 200 oneBot | role | NOT_FOUND INVALID_STATE
        POST /api/bots/{id}/pause | | 200 oneBot | role | NOT_FOUND INVALID_STATE
        POST /api/bots/{id}/resume | | 200 oneBot | role | NOT_FOUND INVALID_STATE
        GET /api/operations/{id} | | 200 oneOperation | role | NOT_FOUND
        GET /api/bots/{id}/wallet | | 200 addresses balances network sync | role | NOT_FOUND WALLET_NOT_READY
        POST /api/bots/{id}/wallet/send | to amount token? note? | 202 transaction | role key dryRun | NOT_FOUND INVALID_STATE WALLET_NOT_READY INVALID_ADDRESS POLICY_DENIED INSUFFICIENT_FUNDS
        POST /api/bots/{id}/wallet/export | password | 200 mnemonic | role | NOT_FOUND WALLET_NOT_READY
        POST /api/bots/{id}/contracts/{address}/calls | entryPoint transcript privateTranscriptOutputs? input? output? communicationRandomness? keys note? | 202 transaction | role key | NOT_FOUND INVALID_STATE WALLET_NOT_READY POLICY_DENIED
        GET /api/bots/{id}/transactions | | 200 page | role list | NOT_FOUND
        GET /api/transactions/{id} | | 200 transfer | role | NOT_FOUND
        POST /api/transactions/{id}/confirm | | 200 transfer | role key | NOT_FOUND INVALID_STATE
        POST /api/transactions/{id}/cancel | | 200 transfer | role | NOT_FOUND INVALID_STATE
        POST /api/bots/{id}/chat | message sessionId? | 200 reply | role key stream | NOT_FOUND INVALID_STATE
        POST /api/chat | botId message sessionId? | 200 reply | role key stream | NOT_FOUND INVALID_STATE
        GET /api/bots/{id}/conversations | | 200 page | role list | NOT_FOUND
        GET /api/chat/{sessionId} | | 200 sessionId botId page | role list | NOT_FOUND
        GET /api/events | | 200 | role stream resume |
        GET /api/activities | | 200 page | role list |
        POST /api/devnet/faucet | address amount | 200 hash block | role key | INVALID_ADDRESS
        POST /api/keys | name | 201 id name key scopes createdAt | role | CONFLICT
        GET /api/keys | | 200 page | role list |
        DELETE /api/keys/{id} | | 204 | role | NOT_FOUND
        GET /health | | 200 status | open uncounted |
        GET /health/ready | | 200 status dependencies | open uncounted |
        """;

    private static readonly Dictionary<string, string> Shapes = new(StringComparer.Ordinal)
    {
        ["session"] = "token refreshToken expiresIn user tenant",
        ["oneBot"] = "id name description type status statusReason model walletAddress personality capabilities integrations treasury security createdAt updatedAt",
        ["oneOperation"] = "id type botId status stages result error createdAt",
        ["page"] = "data pagination",
        ["reply"] = "response sessionId timestamp toolCalls transactionIds",
        ["transfer"] = "id botId type direction status hash identifiers from to amount atomic token fee block error note history createdAt confirmedAt contract",
    };

    /// <summary>The schemas that several operations share, by their name in the document.</summary>
    public static IReadOnlyDictionary<string, string> Records { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["BotResponse"] = Shapes["oneBot"],
        ["OperationResponse"] = Shapes["oneOperation"],
        ["OperationStage"] = "name status startedAt finishedAt error",
        ["TransactionView"] = Shapes["transfer"],
        ["TransactionMoment"] = "status at",
        ["ContractCall"] = "address entryPoint",
        ["TransactionBlock"] = "height hash",
        ["WalletAddresses"] = "unshielded shielded dust",
        ["WalletBalance"] = "token total available reserved atomic",
        ["WalletSync"] = "state height tip percentage",
        ["ToolCallResponse"] = "name arguments result status",
        ["ApiKeyResponse"] = "id name scopes createdAt lastUsedOn",
        ["UserResponse"] = "id email name role",
        ["TenantResponse"] = "id name",
        ["Pagination"] = "limit nextCursor",
        ["EventResponse"] = "id type subject at data",
        ["Problem"] = "type title status detail traceId error",
        ["DependencyResponse"] = "name state latencyMs",
        ["DryRunResponse"] = "valid error needsConfirmation needsApproval amount atomic token to fee",
    };

    /// <summary>The values of every enum, in order.</summary>
    public static IReadOnlyDictionary<string, string> Enums { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["BotStatus"] = "provisioning running stopped paused failed deleting",
        ["BotType"] = "general treasury governance defi custom",
        ["OperationStatus"] = "running succeeded failed",
        ["StageStatus"] = "pending running succeeded failed skipped",
        ["TransactionType"] = "transfer contractCall",
        ["TransactionDirection"] = "out in",
        ["TransactionStatus"] =
            "requested awaitingConfirmation awaitingApproval building proving submitted confirmed failed expired rejected cancelled",
        ["WalletSyncState"] = "synced syncing unavailable",
        ["MessageSender"] = "user bot tool",
        ["Role"] = "owner admin member viewer",
        ["DependencyState"] = "up down",
    };

    public static IReadOnlyList<ContractRow> Rows { get; } = [.. Text.Split('\n').Select(Parse)];

    private static ContractRow Parse(string line)
    {
        var cells = line.Split('|', StringSplitOptions.TrimEntries);
        var success = Words(cells[2]);
        return new ContractRow(
            cells[0], Words(cells[1]), int.Parse(success[0], CultureInfo.InvariantCulture),
            [.. success.Skip(1).SelectMany(static word => Words(Shapes.GetValueOrDefault(word, word)))],
            Words(cells[3]), Words(cells[4]));
    }

    private static string[] Words(string cell) => cell.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>An operation of the contract.</summary>
/// <param name="Name">Method and path.</param>
/// <param name="Body">Fields of its body; those with a question mark may be absent.</param>
/// <param name="Status">The status of success.</param>
/// <param name="Answer">Fields of its answer.</param>
/// <param name="Traits"><c>open</c>, <c>user</c> or <c>role</c>: who may; and how: <c>key</c>, <c>list</c>, <c>version</c>, <c>stream</c>, <c>resume</c>, <c>dryRun</c>, <c>uncounted</c>.</param>
/// <param name="OwnCodes">Error codes beside those that follow from the traits.</param>
internal sealed record ContractRow(string Name, string[] Body, int Status, string[] Answer, string[] Traits, string[] OwnCodes)
{
    /// <summary>All codes that it may answer.</summary>
    public IReadOnlyList<string> Codes =>
    [
        .. OwnCodes.Concat(Body.Length > 0 ? ["INVALID_REQUEST", "PAYLOAD_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE"] : [])
            .Concat(Traits.SelectMany(CodesOf))
            .Concat(Is("uncounted") ? [] : ["RATE_LIMITED", "INTERNAL_ERROR", "UPSTREAM_UNAVAILABLE"])
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>Its parameters that are not in the path.</summary>
    public IReadOnlyList<string> Parameters => [.. Traits.SelectMany(ParametersOf).Concat(Name == "DELETE /api/bots/{id}" ? ["sweepTo"] : []).Order(StringComparer.Ordinal)];

    public bool Is(string trait) => Traits.Contains(trait, StringComparer.Ordinal);

    private static string[] CodesOf(string trait) => trait switch
    {
        "user" => ["UNAUTHORIZED"],
        "role" => ["UNAUTHORIZED", "FORBIDDEN"],
        "key" => ["INVALID_REQUEST", "CONFLICT", "IDEMPOTENCY_MISMATCH"],
        "version" => ["INVALID_REQUEST", "PRECONDITION_FAILED"],
        "list" or "resume" => ["INVALID_REQUEST"],
        _ => [],
    };

    private static string[] ParametersOf(string trait) => trait switch
    {
        "key" => ["Idempotency-Key"],
        "version" => ["If-Match"],
        "list" => ["limit", "cursor"],
        "resume" => ["Last-Event-ID"],
        "dryRun" => ["dryRun"],
        _ => [],
    };
}
