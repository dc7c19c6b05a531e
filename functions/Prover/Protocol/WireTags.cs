namespace MidnightOS.Prover.Protocol;

/// <summary>The tags of ledger 8.1: what a value is said to be, as <c>midnight:&lt;tag&gt;:</c> before its bytes (official source: serialize/src/deserializable.rs).</summary>
internal static class WireTags
{
    /// <summary>The body of <c>POST /prove</c>.</summary>
    public const string Prove = "midnight:(proof-preimage-versioned,option(proving-data),option(fr-bls)):";

    /// <summary>The body of <c>POST /check</c>.</summary>
    public const string Check = "midnight:(proof-preimage-versioned,option(wrapped-ir)):";

    /// <summary>The body of <c>POST /prove-tx</c>.</summary>
    public const string ProveTransaction =
        "midnight:(transaction[v9](signature[v1],proof-preimage,embedded-fr[v1]),map(string,proving-data)):";

    /// <summary>An unproven transaction by itself, as the ledger's own package reads it.</summary>
    public const string UnprovenTransaction = "midnight:transaction[v9](signature[v1],proof-preimage,embedded-fr[v1]):";

    /// <summary>A preimage without version, as zkir-v2 takes it.</summary>
    public const string Preimage = "midnight:proof-preimage:";

    /// <summary>A circuit; the body of <c>POST /k</c>.</summary>
    public const string Ir = "midnight:ir-source[v2]:";

    /// <summary>The answer of <c>POST /prove</c>.</summary>
    public const string VersionedProof = "midnight:proof-versioned:";

    /// <summary>The answer of <c>POST /check</c>.</summary>
    public const string CheckResult = "midnight:vec(option(u64)):";

    /// <summary>The one version of preimages and proofs that there is; it stands before them as a byte.</summary>
    public const byte VersionTwo = 1;
}
