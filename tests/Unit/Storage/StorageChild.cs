using System.Text;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Storage;

/// <summary>What another process does with a data folder.</summary>
internal static class StorageChild
{
    public const string Left = "left";
    public const string Right = "right";

    public static readonly TenantId Tenant = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZC");
    public static readonly DocumentKey Counter = new("count", "n");

    /// <summary>Commits pairs of documents, eight at a time and without end, and says each pair's id once it was acknowledged.</summary>
    public static async Task WritePairsAsync(string folder)
    {
        await using var host = new StorageHost(folder, new ManualTimeProvider());
        var store = host.Get<IDocumentStore>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var id = $"{writer}-{i}";
                await store.CommitAsync(Tenant, [Half(Left, id), Half(Right, id)], default);
                Console.Out.WriteLine(id);
            }
        })));
    }

    /// <summary>Adds to a document that others add to as well.</summary>
    public static async Task IncrementAsync(string folder, int count)
    {
        await using var host = new StorageHost(folder, new ManualTimeProvider());
        var store = host.Get<IDocumentStore>();
        for (var done = 0; done < count;)
        {
            var stored = await store.ReadAsync<Count>(Tenant, Counter, default);
            var condition = stored is null ? Precondition.Absent : Precondition.Match(stored.ETag);
            var next = DocumentJson.Serialize(new Count((stored?.Value.N ?? 0) + 1));
            var result = await store.CommitAsync(Tenant, [new DocumentWrite.Put(Counter, next, []) { Condition = condition }], default);
            done += result.Committed ? 1 : 0;
        }
    }

    private static DocumentWrite.Put Half(string kind, string id) =>
        new(new DocumentKey(kind, id), Encoding.UTF8.GetBytes($$"""{"pad":"{{new string('x', 500)}}"}"""), [new IndexEntry("pair", "all")]);

    internal sealed record Count(int N);
}
