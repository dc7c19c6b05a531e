using System.Globalization;
using Microsoft.Extensions.Configuration;
using MidnightOS.Core;

namespace MidnightOS.Api.RateLimits;

/// <summary>Requests a minute for each limit.</summary>
internal sealed class RateLimitOptions
{
    private const string Section = "RateLimits";

    private readonly Dictionary<RateLimit, int> _perMinute = new()
    {
        [RateLimit.Register] = 5,
        [RateLimit.Login] = 5,
        [RateLimit.Refresh] = 30,
        [RateLimit.BotChanges] = 30,
        [RateLimit.Chat] = 60,
        [RateLimit.Spends] = 10,
        [RateLimit.Reads] = 600,
    };

    public int PerMinute(RateLimit limit) => _perMinute[limit];

    /// <summary>Reads the settings; a wrong one throws an error that names it, so that the host does not start.</summary>
    public static RateLimitOptions Read(IConfiguration configuration)
    {
        var options = new RateLimitOptions();
        foreach (var section in configuration.GetSection(Section).GetChildren())
        {
            if (!Enum.TryParse<RateLimit>(section.Key, ignoreCase: true, out var limit) || char.IsAsciiDigit(section.Key[0]))
            {
                throw new OptionsProblemException($"Setting {section.Path}: there is no such limit; the limits are {string.Join(", ", Enum.GetNames<RateLimit>())}.");
            }

            if (!int.TryParse(section["PerMinute"], NumberStyles.None, CultureInfo.InvariantCulture, out var perMinute) || perMinute == 0)
            {
                throw new OptionsProblemException($"Setting {section.Path}:PerMinute must be a number from 1.");
            }

            options._perMinute[limit] = perMinute;
        }

        return options;
    }
}
