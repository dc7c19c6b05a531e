using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Azure.Messaging;

/// <summary>A message of the queue <c>proofnews</c>: the jobs' outbox of this tenant has records.</summary>
/// <param name="Tenant">The tenant's id.</param>
public sealed record ProofNewsMessage(string? Tenant)
{
    /// <summary>The queue.</summary>
    public const string Queue = "proofnews";

    /// <summary>Reads a body.</summary>
    /// <returns>The tenant; null when none can be meant.</returns>
    public static TenantId? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            return DocumentJson.Deserialize<ProofNewsMessage>(body) is { Tenant: { } tenant } && IdFormat.Is(IdPrefix.Tenant, tenant) ? new TenantId(tenant) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
