using System.Net;
using System.Text;
using Microsoft.Azure.Cosmos;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Storage;
using MidnightOS.Tests.Unit.Storage.Contracts;

namespace MidnightOS.Tests.Azure;

/// <summary>What the document store makes of answers that are no success.</summary>
public sealed class CosmosAnswersTests(CosmosEmulator emulator) : IClassFixture<CosmosEmulator>
{
    private static readonly TenantId Tenant = new("ten_01JZZZZZZZZZZZZZZZZZZZZZZA");
    private static readonly DocumentKey Key = new("bot", "b1");
    private static readonly DocumentWrite Put = new DocumentWrite.Put(Key, Encoding.UTF8.GetBytes("{}"), []) { Condition = Precondition.Absent };

    [Theory]
    [InlineData(429, "3200")]
    [InlineData(503, "0")]
    [InlineData(403, "5300")]
    [InlineData(404, "1003")]
    [InlineData(404, "1002")]
    public async Task Calls_ThatCosmosRefuses_AreAnOutage(int status, string subStatus)
    {
        var store = await StoreAsync(_ => new ResponseMessage((HttpStatusCode)status) { Headers = { { "x-ms-substatus", subStatus } } });
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Store.GetAsync(Tenant, Key, default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Store.CommitAsync(Tenant, [Put], default));
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Store.QueryAsync(Tenant, new DocumentQuery("bot"), default));
        await store.Destroy();
    }

    [Fact]
    public async Task Commit_WhoseFirstAnswerWasLost_IsKnownAsItsOwn()
    {
        var lost = 1;
        var store = await StoreAsync(done => done.StatusCode == HttpStatusCode.Created && Interlocked.Exchange(ref lost, 0) == 1
            ? new ResponseMessage(HttpStatusCode.Conflict) : done);

        var result = await store.Store.CommitAsync(Tenant, [Put], default);

        Assert.Equal(0, lost);
        Assert.True(result.Committed);
        Assert.Equal((await store.Store.GetAsync(Tenant, Key, default))!.ETag, result.ETags[0]);
        Assert.Equal(0, (await store.Store.CommitAsync(Tenant, [Put], default)).FailedIndex);
        await store.Destroy();
    }

    [Fact]
    public async Task Commit_ThatIsRefusedAgainAndAgain_IsAnOutage()
    {
        var store = await StoreAsync(static done => done.StatusCode == HttpStatusCode.Created ? new ResponseMessage((HttpStatusCode)449) : done, discard: true);
        await Assert.ThrowsAsync<StorageUnavailableException>(() => store.Store.CommitAsync(Tenant, [Put], default));
        await store.Destroy();
    }

    private Task<StoreUnderTest<IDocumentStore>> StoreAsync(Func<ResponseMessage, ResponseMessage> answer, bool discard = false) =>
        EmulatedStore.CreateAsync(emulator, TimeProvider.System, new Answering(answer, discard));

    private sealed class Answering(Func<ResponseMessage, ResponseMessage> answer, bool discard) : RequestHandler
    {
        public override async Task<ResponseMessage> SendAsync(RequestMessage request, CancellationToken cancellationToken) =>
            discard && request.Method == HttpMethod.Post
                ? answer(new ResponseMessage(HttpStatusCode.Created, request))
                : answer(await base.SendAsync(request, cancellationToken));
    }
}
