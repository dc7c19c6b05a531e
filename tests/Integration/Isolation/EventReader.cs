using System.Text;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Isolation;

/// <summary>Reads a user's event stream as text.</summary>
internal sealed class EventReader(PlatformClient client, string? lastEventId)
{
    /// <summary>Everything from the start of the stream to the first line that holds the text.</summary>
    public async Task<string> UntilAsync(string wished)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/events");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        using var response = await client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        var seen = new StringBuilder();
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            seen.AppendLine(line);
            if (line.Contains(wished, StringComparison.Ordinal))
            {
                return seen.ToString();
            }
        }

        throw new InvalidOperationException($"The stream ended without {wished}: {seen}");
    }
}
