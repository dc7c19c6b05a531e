using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Agents;

/// <summary>How often a user may ask for what may move money, by whatever way; the API counts its own requests under the same limit.</summary>
public interface ISpendRate
{
    /// <summary>Counts one: null when it may go on, else <c>RATE_LIMITED</c>.</summary>
    Task<Error?> CountAsync(TenantId tenant, string userId, CancellationToken cancellationToken);
}
