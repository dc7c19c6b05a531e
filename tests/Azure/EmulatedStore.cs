using Microsoft.Azure.Cosmos;
using MidnightOS.Azure.Documents;
using MidnightOS.Core.Documents;
using MidnightOS.Tests.Unit.Storage.Contracts;

namespace MidnightOS.Tests.Azure;

/// <summary>The document store on an emulator, with a database of its own.</summary>
internal static class EmulatedStore
{
    // The emulator knows no keys; the client wants one.
    private static readonly string Key = Convert.ToBase64String(new byte[64]);

    /// <param name="emulator">The emulator.</param>
    /// <param name="clock">The store's clock.</param>
    /// <param name="between">What stands between the store and the emulator.</param>
    public static async Task<StoreUnderTest<IDocumentStore>> CreateAsync(CosmosEmulator emulator, TimeProvider clock, params RequestHandler[] between)
    {
        var options = new CosmosOptions { Database = $"test-{Guid.NewGuid():N}", Gateway = true };
        using var maker = Client(emulator, options, new EmulatorHandler());
        Database database = await maker.CreateDatabaseAsync(options.Database);
        await database.CreateContainerAsync(CosmosOptions.Documents, "/tenant");
        var client = Client(emulator, options, [.. between, new EmulatorHandler()]);
        var items = new EmulatedItems(client, emulator.Address, options);
        return new StoreUnderTest<IDocumentStore>(new CosmosDocumentStore(items, clock), () =>
        {
            items.Dispose();
            client.Dispose();
            return ValueTask.CompletedTask;
        });
    }

    private static CosmosClient Client(CosmosEmulator emulator, CosmosOptions options, params RequestHandler[] handlers)
    {
        var settings = options.ToClientOptions();
        settings.LimitToEndpoint = true;
        foreach (var handler in handlers)
        {
            settings.CustomHandlers.Add(handler);
        }

        return new CosmosClient(emulator.Address.AbsoluteUri, Key, settings);
    }
}
