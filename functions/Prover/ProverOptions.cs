using System.Net;
using MidnightOS.Prover.Access;

namespace MidnightOS.Prover;

/// <summary>Settings of the proof service that its routes read; section <c>Prover</c>.</summary>
public sealed class ProverOptions
{
    /// <summary>The section.</summary>
    public const string Section = "Prover";

    private bool _isOpen;

    /// <summary>The address that the proof service listens on in the embedded edition. On a loopback address it is open to this machine; on any other it wants a credential.</summary>
    public string Host { get; set; } = "127.0.0.1";

    /// <summary>Its port; 0 for a free one.</summary>
    public int Port { get; set; } = 6300;

    /// <summary>The most bytes of a body.</summary>
    public int MaxBodyBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The most bytes of all bodies together that are held while their proofs are waited for; beyond that the queue is full.</summary>
    public long MaxHeldBytes { get; set; } = 1024L * 1024 * 1024;

    /// <summary>How long an answer may take; after that the client is pointed to <c>/jobs</c>.</summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(200);

    /// <summary>How long a tenant of whom nothing runs waits before one of a tenant with several running makes room; that one is begun again later.</summary>
    public TimeSpan YieldAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many calls may wait before the queue is full; 0 = as many as come.</summary>
    public int Capacity { get; set; }

    /// <summary>Whether <c>/fetch-params</c> is there.</summary>
    public bool FetchParameters { get; set; } = true;

    /// <summary>Official proof servers that the work goes to instead, their addresses separated by <c>;</c>; empty to prove here.</summary>
    public string Upstream { get; set; } = "";

    /// <summary>How long one of them may take for one call before the next is asked.</summary>
    public TimeSpan UpstreamTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether whoever is on this machine needs a credential too: for a proxy on this machine that does not say whom it speaks for.</summary>
    public bool RequireCredential { get; set; }

    /// <summary>Whose tokens are taken beside the platform's own.</summary>
    public IdentityOptions Identity { get; set; } = new();

    /// <summary>Whether whoever is on this machine needs no credential.</summary>
    public bool IsOpenOnLoopback => _isOpen && !RequireCredential;

    /// <summary>The address to listen on.</summary>
    public IPAddress Address => string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback : IPAddress.Parse(Host);

    internal IEnumerable<Uri> UpstreamAddresses =>
        Upstream.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(static address => new Uri(address.TrimEnd('/') + "/"));

    /// <summary>Not a setting: a host says so that listens on a loopback address alone.</summary>
    public void OpenOnLoopback() => _isOpen = true;

    internal string? Problem() => this switch
    {
        _ when !string.Equals(Host, "localhost", StringComparison.OrdinalIgnoreCase) && !IPAddress.TryParse(Host, out _) => Wrong(nameof(Host), "an IP address such as 127.0.0.1"),
        { Port: < 0 or > 65535 } => Wrong(nameof(Port), "between 0 and 65535"),
        { MaxBodyBytes: < 1024 or > 1024 * 1024 * 1024 } => Wrong(nameof(MaxBodyBytes), "between 1,024 and 1,073,741,824"),
        _ when MaxHeldBytes < MaxBodyBytes => Wrong(nameof(MaxHeldBytes), "at least Prover:MaxBodyBytes"),
        _ when AnswerTimeout < TimeSpan.FromSeconds(1) || AnswerTimeout > TimeSpan.FromHours(1) => Wrong(nameof(AnswerTimeout), "between a second and an hour"),
        _ when YieldAfter < TimeSpan.Zero || YieldAfter > TimeSpan.FromDays(1) => Wrong(nameof(YieldAfter), "between zero and a day"),
        { Capacity: < 0 } => Wrong(nameof(Capacity), "0 or more"),
        _ when Upstream.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Any(static address => !IsServer(address)) =>
            Wrong(nameof(Upstream), "addresses such as http://127.0.0.1:6300, separated by ;"),
        _ when UpstreamTimeout < TimeSpan.FromSeconds(1) || UpstreamTimeout > TimeSpan.FromHours(6) => Wrong(nameof(UpstreamTimeout), "between a second and six hours"),
        _ => Identity.Problem(),
    };

    private static bool IsServer(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Query.Length == 0;

    private static string Wrong(string setting, string bounds) => $"{Section}:{setting} must be {bounds}.";
}
