using Microsoft.Extensions.Configuration;
using MidnightOS.Core;

namespace MidnightOS.Api.Hosting;

/// <summary>Where clients reach the API, setting <c>Api:PublicAddress</c>: requests that came through others cannot tell.</summary>
/// <param name="Value">Such as <c>https://api.example.com</c>, without a slash at its end; null when it is not set.</param>
internal sealed record PublicAddress(string? Value)
{
    private const string Setting = "Api:PublicAddress";

    /// <exception cref="OptionsProblemException">It is no such address.</exception>
    public static PublicAddress Read(IConfiguration configuration) =>
        configuration[Setting] is not { Length: > 0 } text ? new PublicAddress((string?)null)
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) && uri.PathAndQuery == "/" && uri.UserInfo.Length == 0 && uri.Fragment.Length == 0
            ? new PublicAddress(uri.GetLeftPart(UriPartial.Authority))
        : throw new OptionsProblemException($"{Setting} is an address such as https://api.example.com, without a path.");
}
