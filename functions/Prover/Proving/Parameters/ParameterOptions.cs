using Microsoft.Extensions.Options;

namespace MidnightOS.Prover.Proving.Parameters;

/// <summary>Where parameters and built-in keys are kept and come from; section <c>Prover</c>.</summary>
public sealed class ParameterOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = ProverPoolOptions.Section;

    /// <summary>What stands for the official source.</summary>
    public const string Official = "official";

    /// <summary>What stands for no source, whatever the environment says.</summary>
    public const string None = "none";

    // base-crypto/src/data_provider.rs, BASE_URL.
    private const string OfficialAddress = "https://srs.midnight.network/";

    /// <summary>
    /// The cache folder. Empty = as the official tools: <c>MIDNIGHT_PP</c>, <c>XDG_CACHE_HOME/midnight/zk-params</c>, <c>HOME/.cache/midnight/zk-params</c>.
    /// </summary>
    public string? ParameterFolder { get; set; }

    /// <summary>
    /// Where files come from that are not there: an http address with the official layout <c>{address}/{name}</c>, <c>official</c>, or <c>none</c>.
    /// Empty = what <c>MIDNIGHT_PARAM_SOURCE</c> says, else none: nothing goes out unless someone asked for it, and parameters up to k=14 need no source.
    /// </summary>
    public string? ParameterSource { get; set; }

    /// <summary>The longest that a source may send nothing before the download is given up.</summary>
    public TimeSpan ParameterStallTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The folder that is used.</summary>
    internal string Folder(Func<string, string?> environment)
    {
        if (!string.IsNullOrWhiteSpace(ParameterFolder))
        {
            return Path.GetFullPath(ParameterFolder);
        }

        if (environment("MIDNIGHT_PP") is { Length: > 0 } folder)
        {
            return Path.GetFullPath(folder);
        }

        var cache = environment("XDG_CACHE_HOME") is { Length: > 0 } configured
            ? configured
            : environment("HOME") is { Length: > 0 } home ? Path.Combine(home, ".cache") : Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
        return Path.GetFullPath(Path.Combine(cache, "midnight", "zk-params"));
    }

    /// <summary>The source that is used, with a slash at its end; null for none. An address that is none gives an error.</summary>
    internal (Uri? Source, string? Problem) Source(Func<string, string?> environment)
    {
        var text = string.IsNullOrWhiteSpace(ParameterSource) ? environment("MIDNIGHT_PARAM_SOURCE") : ParameterSource;
        text = text?.Trim() switch
        {
            null or "" or None => null,
            Official => OfficialAddress,
            var address => address.EndsWith('/') ? address : address + "/",
        };
        if (text is null)
        {
            return (null, null);
        }

        return Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? (uri, null)
            : (null, $"{ProverPoolOptions.Section}:{nameof(ParameterSource)} must be an http address, \"{Official}\" or \"{None}\", not \"{text.TrimEnd('/')}\".");
    }
}

/// <summary>Stops the host at its start when a setting of the parameters cannot be used, and names it.</summary>
internal sealed class ValidateParameterOptions : IValidateOptions<ParameterOptions>
{
    public ValidateOptionsResult Validate(string? name, ParameterOptions options)
    {
        if (options.Source(Environment.GetEnvironmentVariable).Problem is { } problem)
        {
            return ValidateOptionsResult.Fail(problem);
        }

        return options.ParameterStallTimeout < TimeSpan.FromMilliseconds(10) || options.ParameterStallTimeout > TimeSpan.FromHours(1)
            ? ValidateOptionsResult.Fail($"{ProverPoolOptions.Section}:{nameof(options.ParameterStallTimeout)} must be between 10 milliseconds and an hour, not {options.ParameterStallTimeout}.")
            : ValidateOptionsResult.Success;
    }
}
