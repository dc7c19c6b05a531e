using Microsoft.Extensions.Options;

namespace MidnightOS.Midnight.Ledger;

/// <summary>The pool of ledger processes; section <c>Ledger</c>.</summary>
public sealed class LedgerOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Ledger";

    /// <summary>The most processes at once; 0 = one for each core.</summary>
    public int Workers { get; set; }

    /// <summary>How many calls may wait for a process before the next is refused.</summary>
    public int QueueLength { get; set; } = 1_000;

    /// <summary>The longest that a process may take to answer one call before it is killed.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a process may take to start.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>A process is replaced after so many operations: copies of keys inside it end with it.</summary>
    public int MaxOperations { get; set; } = 2_000;

    /// <summary>A process is replaced when it has handled a wallet's seed and is this old.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>A process is replaced when its memory exceeds this, in bytes.</summary>
    public long MaxMemoryBytes { get; set; } = 400L * 1024 * 1024;

    /// <summary>Processes beyond the one that is kept warm end after so long without work.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many processes there may be.</summary>
    internal int Size => Workers == 0 ? Environment.ProcessorCount : Workers;
}

/// <summary>Stops the host at its start when a setting of section <c>Ledger</c> cannot be used, and names it.</summary>
internal sealed class ValidateLedgerOptions : IValidateOptions<LedgerOptions>
{
    public ValidateOptionsResult Validate(string? name, LedgerOptions options)
    {
        var problems = new List<string>();
        var hour = TimeSpan.FromHours(1);
        Between(problems, nameof(options.Workers), options.Workers, 0, 256);
        Between(problems, nameof(options.QueueLength), options.QueueLength, 1, 1_000_000);
        Between(problems, nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromMilliseconds(10), hour);
        Between(problems, nameof(options.StartTimeout), options.StartTimeout, TimeSpan.FromMilliseconds(10), hour);
        Between(problems, nameof(options.MaxOperations), options.MaxOperations, 1, int.MaxValue);
        Between(problems, nameof(options.MaxAge), options.MaxAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Between(problems, nameof(options.MaxMemoryBytes), options.MaxMemoryBytes, 128L * 1024 * 1024, long.MaxValue);
        Between(problems, nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Between<T>(List<string> problems, string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
        {
            problems.Add($"{LedgerOptions.Section}:{setting} must be between {least} and {most}, not {value}.");
        }
    }
}
