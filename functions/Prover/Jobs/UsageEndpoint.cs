using System.Globalization;
using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Access;
using MidnightOS.Prover.Http;

namespace MidnightOS.Prover.Jobs;

/// <summary>What the caller's tenant used: proofs, seconds and sizes.</summary>
internal sealed class UsageEndpoint(ProverAccess access, MeterProofs meter, TimeProvider time)
{
    /// <summary><c>GET /usage?day=2026-06-01</c>; the day in UTC, today unless said otherwise; zeros for a day without proofs.</summary>
    public async Task ReadAsync(HttpContext context)
    {
        if (await access.FindOwnerAsync(context) is not { } caller)
        {
            return;
        }

        var day = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        if (context.Request.Query.TryGetValue("day", out var asked) && !DateOnly.TryParseExact(asked, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day))
        {
            await context.Response.TextAsync(StatusCodes.Status400BadRequest, "day is a date such as 2026-06-01");
            return;
        }

        await JobAnswers.JsonAsync(context, StatusCodes.Status200OK, await meter.ReadAsync(caller.Tenant, day, context.RequestAborted) ?? ProofUsage.None(day));
    }
}
