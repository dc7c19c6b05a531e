namespace MidnightOS.Tests.Soak;

/// <summary>What a run is told on its command line.</summary>
internal sealed record SoakOptions
{
    public const string Usage = """
        dotnet run --project tests/Soak -- <scenario> [--kills N] [--minutes N] [--seed N] [--tenants N] [--json FILE] [--keep]

          kills          SIGKILL of the host, of its ledger processes, of its devnet and of operator commands, at random moments (--kills, default 300)
          full-disk      a data folder on a small tmpfs that is filled and freed again and again (needs the right to mount)
          read-only      a data folder that becomes read-only while the host runs (needs the right to mount)
          clock          a clock that jumps forward by hours and back by minutes
          devnet-faults  a devnet that stops, drops connections, answers slowly, in part, with errors or with garbage
          all            one after the other

        --minutes is how long the faults go on in all but kills (default 3). --seed repeats the choices of a run, though not the moments at which
        processes meet. The data folder of a run that found something is kept, and with --keep that of any run.
        """;

    public required string Scenario { get; init; }

    public int Kills { get; init; } = 300;

    public double Minutes { get; init; } = 3;

    public int Seed { get; init; } = Random.Shared.Next();

    public int Tenants { get; init; } = 4;

    public string? Json { get; init; }

    public bool Keep { get; init; }

    /// <summary>Reads a command line; null when it is none.</summary>
    public static SoakOptions? Parse(string[] args)
    {
        if (args.Length == 0 || args[0].StartsWith('-'))
        {
            return null;
        }

        var options = new SoakOptions { Scenario = args[0] };
        for (var at = 1; at < args.Length; at++)
        {
            if (args[at] == "--keep")
            {
                options = options with { Keep = true };
            }
            else if (at + 1 == args.Length || options.With(args[at], args[++at]) is not { } read)
            {
                return null;
            }
            else
            {
                options = read;
            }
        }

        return options;
    }

    private SoakOptions? With(string name, string value) => name switch
    {
        "--kills" when int.TryParse(value, out var number) && number > 0 => this with { Kills = number },
        "--minutes" when double.TryParse(value, out var number) && number > 0 => this with { Minutes = number },
        "--seed" when int.TryParse(value, out var number) => this with { Seed = number },
        "--tenants" when int.TryParse(value, out var number) && number > 1 => this with { Tenants = number },
        "--json" => this with { Json = value },
        _ => null,
    };
}
