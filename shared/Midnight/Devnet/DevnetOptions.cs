using Microsoft.Extensions.Options;

namespace MidnightOS.Midnight.Devnet;

/// <summary>The local chain that the embedded edition runs; section <c>Devnet</c>.</summary>
public sealed class DevnetOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Devnet";

    /// <summary>The port of the indexer on the loopback address; 0 = a free one.</summary>
    public int IndexerPort { get; set; } = 8088;

    /// <summary>The port of the node on the loopback address; 0 = a free one.</summary>
    public int NodePort { get; set; } = 9944;

    /// <summary>The longest time between two blocks.</summary>
    public TimeSpan BlockTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary><c>off</c> = a fee price of zero; <c>on</c> = real DUST fees.</summary>
    public string Fees { get; set; } = "off";

    /// <summary>The folder of the chain's files; the host sets it when it is empty.</summary>
    public string Folder { get; set; } = "";

    /// <summary>The longest that the devnet may take to start.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(60);
}

/// <summary>Stops the host at its start when a setting of section <c>Devnet</c> cannot be used, and names it.</summary>
internal sealed class ValidateDevnetOptions : IValidateOptions<DevnetOptions>
{
    public ValidateOptionsResult Validate(string? name, DevnetOptions options)
    {
        var problems = new List<string>();
        Port(problems, nameof(options.IndexerPort), options.IndexerPort);
        Port(problems, nameof(options.NodePort), options.NodePort);
        if (options.IndexerPort != 0 && options.IndexerPort == options.NodePort)
        {
            problems.Add("Devnet:IndexerPort and Devnet:NodePort must differ.");
        }

        if (options.BlockTime < TimeSpan.FromMilliseconds(10) || options.BlockTime > TimeSpan.FromHours(1))
        {
            problems.Add($"Devnet:BlockTime must be between 10 milliseconds and one hour, not {options.BlockTime}.");
        }

        if (options.Fees is not ("on" or "off"))
        {
            problems.Add($"Devnet:Fees must be on or off, not \"{options.Fees}\".");
        }

        if (options.StartTimeout <= TimeSpan.Zero)
        {
            problems.Add("Devnet:StartTimeout must be longer than nothing.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Port(List<string> problems, string setting, int port)
    {
        if (port is < 0 or > 65535)
        {
            problems.Add($"Devnet:{setting} must be a TCP port or 0, not {port}.");
        }
    }
}
