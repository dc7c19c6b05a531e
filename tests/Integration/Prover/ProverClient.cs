using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Prover.Queue;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>What tests of the queue say to the proof service.</summary>
internal static class ProverClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<(int Status, string Text)> ProveAsync(this ProverUnderTest service, int number, string? token = null)
    {
        var (status, _, content) = await service.PostAsync("/prove", Bodies.Prove(number), token is null ? null : $"Bearer {token}");
        return (status, Encoding.UTF8.GetString(content));
    }

    public static async Task<string> SubmitAsync(this ProverUnderTest service, int number, string? token = null)
    {
        var (status, _, content) = await service.PostAsync("/jobs", Bodies.Prove(number), token is null ? null : $"Bearer {token}");
        Assert.True(status == 202, $"{status} {Encoding.UTF8.GetString(content)}");
        return (string)JsonNode.Parse(content)!["id"]!;
    }

    /// <summary>The job once it is in a state.</summary>
    public static async Task<JsonNode> UntilAsync(this ProverUnderTest service, string job, string state, string? token = null)
    {
        JsonNode? view = null;
        await Wait.UntilAsync(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/jobs/{job}");
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            using var answer = await service.Client.SendAsync(request);
            view = JsonNode.Parse(await answer.Content.ReadAsStringAsync());
            return (string)view!["state"]! == state;
        });
        return view!;
    }

    /// <summary>Waits until so many callers wait for an answer.</summary>
    public static Task CallersAsync(this ProverUnderTest service, int count) =>
        Wait.UntilAsync(() => service.Services.GetRequiredService<ProofLine>().Callers == count);

    /// <summary>What was metered for whoever is on this machine.</summary>
    public static async Task<int> MeteredAsync(this ProverUnderTest service) =>
        JsonNode.Parse(await service.Client.GetStringAsync("/usage")) is { } usage ? (int)usage["proofs"]! : 0;
}
