using Microsoft.Extensions.Options;

namespace MidnightOS.Midnight.Chain;

/// <summary>Stops the host at its start when a setting of section <c>Midnight</c> cannot be used, and names it.</summary>
internal sealed class ValidateNetworkOptions : IValidateOptions<MidnightNetworkOptions>
{
    public ValidateOptionsResult Validate(string? name, MidnightNetworkOptions options)
    {
        var problems = new List<string>();
        if (!MidnightNetworks.TryGet(options.Network, out _))
        {
            problems.Add($"Midnight:Network must be one of {string.Join(", ", MidnightNetworks.Names)}, not \"{options.Network}\".");
        }

        Address(problems, "Midnight:Indexer", options.Indexer, Uri.UriSchemeHttp, Uri.UriSchemeHttps);
        Address(problems, "Midnight:IndexerWebSocket", options.IndexerWebSocket, Uri.UriSchemeWs, Uri.UriSchemeWss);
        Address(problems, "Midnight:Node", options.Node, Uri.UriSchemeHttp, Uri.UriSchemeHttps);
        if (options.MaxTipAge <= TimeSpan.Zero)
        {
            problems.Add($"Midnight:MaxTipAge must be above zero, not {options.MaxTipAge}.");
        }

        Resilience(problems, options.Resilience);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Address(List<string> problems, string setting, string? value, string plain, string secure)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            return;
        }

        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || (uri.Scheme != plain && uri.Scheme != secure))
        {
            problems.Add($"{setting} must be an absolute {plain} or {secure} address, not \"{value}\".");
        }
        else if (uri.UserInfo.Length > 0 || uri.Fragment.Length > 0)
        {
            problems.Add($"{setting} must not have user information or a fragment.");
        }
    }

    private static void Resilience(List<string> problems, ChainResilienceOptions options)
    {
        var tenMilliseconds = TimeSpan.FromMilliseconds(10);
        var hour = TimeSpan.FromHours(1);
        Between(problems, nameof(options.AttemptTimeout), options.AttemptTimeout, tenMilliseconds, hour);
        Between(problems, nameof(options.TotalTimeout), options.TotalTimeout, options.AttemptTimeout, hour);
        Between(problems, nameof(options.Retries), options.Retries, 0, 20);
        Between(problems, nameof(options.RetryDelay), options.RetryDelay, TimeSpan.FromMilliseconds(1), hour);
        Between(problems, nameof(options.MaxRetryDelay), options.MaxRetryDelay, options.RetryDelay, hour);
        Between(problems, nameof(options.FailureRatio), options.FailureRatio, 0.01, 1);
        Between(problems, nameof(options.MinimumThroughput), options.MinimumThroughput, 2, 10_000);
        Between(problems, nameof(options.SamplingDuration), options.SamplingDuration, TimeSpan.FromMilliseconds(500), hour);
        Between(problems, nameof(options.BreakDuration), options.BreakDuration, TimeSpan.FromMilliseconds(500), hour);
        Between(problems, nameof(options.KeepAlive), options.KeepAlive, tenMilliseconds, hour);
        Between(problems, nameof(options.MaxResponseBytes), options.MaxResponseBytes, 1024, 256 * 1024 * 1024);
        Between(problems, nameof(options.SubscriptionBuffer), options.SubscriptionBuffer, 2, 100_000);
        Between(problems, nameof(options.SlowReaderPatience), options.SlowReaderPatience, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(30));
        Between(problems, nameof(options.SubscriptionsPerSocket), options.SubscriptionsPerSocket, 1, 1_000);
    }

    private static void Between<T>(List<string> problems, string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            problems.Add($"Midnight:Resilience:{setting} must be between {least} and {most}, not {value}.");
        }
    }
}
