using Microsoft.Extensions.Options;

namespace MidnightOS.Orchestrations.Engine;

/// <summary>Settings of the embedded flow engine, section <c>Flows</c>.</summary>
public sealed class FlowEngineOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Flows";

    /// <summary>Flows that one host runs at a time; one that waits for an event or a time counts in none. 1 to 10,000.</summary>
    public int MaxConcurrent { get; set; } = 256;

    /// <summary>After this time without a sign of life a host's flows are taken over. Renewed three times as often. 100 ms to an hour.</summary>
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a host looks for what other hosts left: their started flows, events, and run-out leases. 10 ms to a minute.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long an ended flow is kept; so long a second start with its id is refused. At least a day.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(30);
}

internal sealed class FlowEngineOptionsValidator : IValidateOptions<FlowEngineOptions>
{
    public ValidateOptionsResult Validate(string? name, FlowEngineOptions options)
    {
        List<string> errors = [];
        Require(options.MaxConcurrent is >= 1 and <= 10_000, "Flows:MaxConcurrent is from 1 to 10000.");
        Require(options.LeaseDuration >= TimeSpan.FromMilliseconds(100) && options.LeaseDuration <= TimeSpan.FromHours(1), "Flows:LeaseDuration is from 100 ms to an hour.");
        Require(options.PollInterval >= TimeSpan.FromMilliseconds(10) && options.PollInterval <= TimeSpan.FromMinutes(1), "Flows:PollInterval is from 10 ms to a minute.");
        Require(options.Retention >= TimeSpan.FromDays(1), "Flows:Retention is at least a day.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Require(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
