using Microsoft.Extensions.Options;

namespace MidnightOS.Prover.Proving;

/// <summary>The pool of proving processes; section <c>Prover</c>.</summary>
public sealed class ProverPoolOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Prover";

    /// <summary>The most processes at once; 0 = one for each core. A proof keeps one core busy.</summary>
    public int Workers { get; set; }

    /// <summary>The longest that a process may take for one proof, or for all those of a transaction, before it is killed.</summary>
    public TimeSpan ProofTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The longest that a process may take for anything but a proof before it is killed.</summary>
    public TimeSpan CheckTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest that a process may take to start.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A process is replaced after so many operations: what is left of witnesses inside it ends with it.</summary>
    public int MaxOperations { get; set; } = 2_000;

    /// <summary>A process is replaced when its memory exceeds this after a call, in bytes.</summary>
    public long MaxMemoryBytes { get; set; } = 1536L * 1024 * 1024;

    /// <summary>The most bytes of key material that one process keeps; beyond it those used longest ago are dropped.</summary>
    public long MaxKeyBytes { get; set; } = 256L * 1024 * 1024;

    /// <summary>Processes beyond the one that is kept warm end after so long without work.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The largest circuit that is proved, 2^k rows. The prover's memory ends at 4 GiB.</summary>
    public int MaxK { get; set; } = 20;

    /// <summary>How many processes there may be.</summary>
    internal int Size => Workers == 0 ? Environment.ProcessorCount : Workers;
}

/// <summary>Stops the host at its start when a setting of the pool cannot be used, and names it.</summary>
internal sealed class ValidateProverPoolOptions : IValidateOptions<ProverPoolOptions>
{
    public ValidateOptionsResult Validate(string? name, ProverPoolOptions options)
    {
        var problems = new List<string>();
        var short10 = TimeSpan.FromMilliseconds(10);
        var day = TimeSpan.FromDays(1);
        Between(problems, nameof(options.Workers), options.Workers, 0, 256);
        Between(problems, nameof(options.ProofTimeout), options.ProofTimeout, short10, day);
        Between(problems, nameof(options.CheckTimeout), options.CheckTimeout, short10, day);
        Between(problems, nameof(options.StartTimeout), options.StartTimeout, short10, day);
        Between(problems, nameof(options.MaxOperations), options.MaxOperations, 1, int.MaxValue);
        Between(problems, nameof(options.MaxMemoryBytes), options.MaxMemoryBytes, 128L * 1024 * 1024, long.MaxValue);
        Between(problems, nameof(options.MaxKeyBytes), options.MaxKeyBytes, 1, long.MaxValue);
        Between(problems, nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(1), day);
        Between(problems, nameof(options.MaxK), options.MaxK, 0, 25);
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Between<T>(List<string> problems, string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            problems.Add($"{ProverPoolOptions.Section}:{setting} must be between {least} and {most}, not {value}.");
        }
    }
}
