using MidnightOS.Core.Bots;
using MidnightOS.Core.Chat;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Wallets;
using MidnightOS.Custody;
using MidnightOS.Storage;

namespace MidnightOS.Tests.Benchmarks.Load;

/// <summary>Puts many bots or messages into a data folder that a host uses, as copies of what it made itself: the records of years, without the years.</summary>
internal sealed class Filler : IAsyncDisposable
{
    private const int PerBatch = 90;

    private readonly ServiceProvider _services;
    private readonly TenantId _tenant;

    public Filler(string folder, string tenant)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Data:Folder", folder)]).Build();
        _services = new ServiceCollection().AddLogging().AddStorage(configuration).AddCustody(configuration).BuildServiceProvider();
        _tenant = new TenantId(tenant);
    }

    private IDocumentStore Store => _services.GetRequiredService<IDocumentStore>();

    /// <summary>Copies a bot with its wallet, its book and its address's claim.</summary>
    /// <param name="model">The bot to copy.</param>
    /// <param name="from">The number of the first copy.</param>
    /// <param name="count">How many.</param>
    public async Task BotsAsync(string model, int from, int count)
    {
        var bot = (await Store.ReadAsync<Bot>(_tenant, Bot.Key(model), default))!.Value;
        var wallet = (await Store.ReadAsync<Wallet>(_tenant, Wallet.Key(model), default))!.Value;
        var directory = _services.GetRequiredService<IDirectory>();
        foreach (var numbers in Enumerable.Range(from, count).Chunk(PerBatch / 3))
        {
            List<DocumentWrite> writes = [];
            foreach (var id in numbers.Select(IdOf))
            {
                writes.Add(Put(Bot.Key(id), bot with { Id = id, Name = $"Copy {id}" }));
                writes.Add(Put(Wallet.Key(id), wallet with { BotId = id }));
                writes.Add(Put(WalletBook.Key(id), new WalletBook { BotId = id }));
            }

            await CommitAsync(writes);
            await Task.WhenAll(numbers.Select(IdOf).Select(id =>
                directory.ClaimAsync(new DirectoryKey(Wallet.AddressClaim, $"{wallet.Keys.UnshieldedAddress}{id}"), new DirectoryClaim(_tenant, id), default)));
        }
    }

    /// <summary>Lengthens a conversation by copies of its last two messages.</summary>
    public async Task MessagesAsync(string conversationId, int count)
    {
        var stored = (await Store.ReadAsync<Conversation>(_tenant, Conversation.Key(conversationId), default))!;
        var query = new DocumentQuery(Message.Kind, Message.ConversationIndex, conversationId) { Limit = 10 };
        var message = (await Store.QueryAsync(_tenant, query, default)).Documents[^1].As<Message>().Value;
        var next = stored.Value.LastSequence;
        foreach (var numbers in Enumerable.Range(1, count).Chunk(PerBatch))
        {
            await CommitAsync([.. numbers.Select(DocumentWrite (number) =>
            {
                var copy = message with { Id = $"msg_{IdOf(number)[4..]}", Sequence = next + number };
                return Put(Message.Key(copy.Id), copy, copy.Indexes);
            })]);
        }

        await CommitAsync([Put(Conversation.Key(conversationId), stored.Value with { LastSequence = next + count }, stored.Value.Indexes)]);
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    // Crockford's base 32 of the number, older than any id that a host makes.
    private static string IdOf(int number) => $"bot_00000000000000000000{number:D6}";

    private static DocumentWrite.Put Put<T>(DocumentKey key, T document, IReadOnlyList<IndexEntry>? indexes = null) =>
        new DocumentWrite.Put(key, DocumentJson.Serialize(document), indexes ?? []);

    private async Task CommitAsync(IReadOnlyList<DocumentWrite> writes)
    {
        if (!(await Store.CommitAsync(_tenant, writes, default)).Committed)
        {
            throw new InvalidOperationException("The copies were not stored.");
        }
    }
}
