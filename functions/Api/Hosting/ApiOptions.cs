using Microsoft.Extensions.Configuration;
using MidnightOS.Core;

namespace MidnightOS.Api.Hosting;

/// <summary>Settings of section <c>Api</c>.</summary>
/// <param name="PublicAddress">Where clients reach the API, such as <c>https://api.example.com</c>, without a slash at its end; null when it is not set. Requests that came through
/// others cannot tell.</param>
internal sealed record ApiOptions(string? PublicAddress)
{
    /// <summary>The section's name.</summary>
    public const string Section = "Api";

    private const string Setting = $"{Section}:{nameof(PublicAddress)}";

    /// <exception cref="OptionsProblemException">It is no such address.</exception>
    public static ApiOptions Read(IConfiguration configuration) =>
        configuration[Setting] is not { Length: > 0 } text ? new ApiOptions((string?)null)
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
            ? new ApiOptions(uri.GetLeftPart(UriPartial.Authority))
        : throw new OptionsProblemException($"{Setting} is an address such as https://api.example.com, without a path.");
}
