using System.Text.Json.Nodes;
using MidnightOS.Tests.Soak.Load;

namespace MidnightOS.Tests.Soak.Checks;

/// <summary>Questions of the checks at the end: whole lists, and resources that have to come to something.</summary>
/// <param name="findings">Where what goes wrong is told.</param>
/// <param name="limit">When patience ends.</param>
internal sealed class Asking(Findings findings, CancellationToken limit)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>Every item of a list.</summary>
    public async Task<List<JsonNode>> AllAsync(TenantSession owner, string path, CancellationToken cancellationToken)
    {
        List<JsonNode> all = [];
        for (string? cursor = ""; cursor is not null;)
        {
            var answer = await owner.GetAsync($"{path}?limit=100{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}", cancellationToken);
            if (!answer.IsSuccess)
            {
                findings.Violated($"{path} gives {answer.Status} {answer.Code}.");
                return all;
            }

            all.AddRange(answer.Body["data"]!.AsArray().Select(static item => item!));
            cursor = (string?)answer.Body["pagination"]!["nextCursor"];
        }

        return all;
    }

    /// <summary>Asks until a resource is as wished; null, and a violation, when patience ends before.</summary>
    public Task<JsonNode?> UntilAsync(TenantSession owner, string path, Func<JsonNode, bool> wished, CancellationToken cancellationToken) =>
        UntilAsync(owner, path, node => Task.FromResult(wished(node)), cancellationToken);

    /// <summary>The same with a wish that asks elsewhere too.</summary>
    public async Task<JsonNode?> UntilAsync(TenantSession owner, string path, Func<JsonNode, Task<bool>> wished, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await owner.GetAsync(path, cancellationToken);
            if (answer.IsSuccess && await wished(answer.Body))
            {
                return answer.Body;
            }

            if (!answer.IsSuccess || limit.IsCancellationRequested)
            {
                findings.Violated($"{path} does not come to its end: {answer.Status} {answer.Text}");
                return null;
            }

            await Task.Delay(Look, cancellationToken);
        }
    }
}
