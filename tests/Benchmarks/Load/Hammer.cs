using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace MidnightOS.Tests.Benchmarks.Load;

/// <summary>The same load for a host and for its bound: some connections, each with one request after the other.</summary>
internal static class Hammer
{
    /// <summary>How long a host is to be warmed up: until the runtime has compiled what is hot for good; before that a seventh of the processor's time goes there.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    /// <summary>Measures the rate of good answers.</summary>
    /// <param name="address">The host.</param>
    /// <param name="token">The access token.</param>
    /// <param name="connections">How many at once.</param>
    /// <param name="time">How long.</param>
    /// <param name="request">The request of a connection: its path, and its JSON for a POST.</param>
    /// <returns>Answers a second, and how many there were.</returns>
    public static async Task<(double Rate, long Answers)> RateAsync(Uri address, string token, int connections, TimeSpan time, Func<int, (string Path, string? Body)> request)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections, UseCookies = false, AllowAutoRedirect = false };
        using var http = new HttpMessageInvoker(handler);
        var started = Stopwatch.GetTimestamp();
        var end = started + (long)(time.TotalSeconds * Stopwatch.Frequency);
        var counts = await Task.WhenAll(Enumerable.Range(0, connections).Select(connection => Task.Run(() => LoopAsync(http, address, token, request(connection), end))));
        return (counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds, counts.Sum());
    }

    private static async Task<long> LoopAsync(HttpMessageInvoker http, Uri address, string token, (string Path, string? Body) wish, long end)
    {
        var uri = new Uri(address, wish.Path);
        var authorization = new AuthenticationHeaderValue("Bearer", token);
        var count = 0L;
        while (Stopwatch.GetTimestamp() < end)
        {
            using var request = new HttpRequestMessage(wish.Body is null ? HttpMethod.Get : HttpMethod.Post, uri);
            request.Headers.Authorization = authorization;
            request.Content = wish.Body is null ? null : new StringContent(wish.Body, Encoding.UTF8, "application/json");
            using var answer = await http.SendAsync(request, CancellationToken.None);
            await answer.Content.CopyToAsync(Stream.Null);
            if (!answer.IsSuccessStatusCode)
            {
                throw new HttpRequestException($"{wish.Path}: {(int)answer.StatusCode}");
            }

            count++;
        }

        return count;
    }
}
