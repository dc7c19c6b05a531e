using System.Text;
using MidnightOS.Azure.Messaging;
using MidnightOS.Core.Identity;

namespace MidnightOS.Tests.Azure.Messaging;

public sealed class ProofNewsMessageTests
{
    private const string Tenant = "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    [Fact]
    public async Task Tell_ATenant_SendsItsNameAndNothingElse()
    {
        var sent = new List<QueueMessage>();
        var news = new QueuedProofNews(new Sent(sent), new Numbers());
        await news.TellAsync(new TenantId(Tenant), default);
        await news.TellAsync(new TenantId(Tenant), default);
        Assert.All(sent, static message =>
        {
            Assert.Equal(("proofnews", null, null, TimeSpan.Zero), (message.Queue, message.SessionId, message.Key, message.After));
            Assert.Equal($$"""{"tenant":"{{Tenant}}"}""", Encoding.UTF8.GetString(message.Body.Span));
        });
        Assert.Equal(2, sent.Select(static message => message.MessageId).Distinct().Count());
        Assert.Equal(new TenantId(Tenant), ProofNewsMessage.Read(sent[0].Body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"tenant":1}""")]
    [InlineData("""{"tenant":"ten_"}""")]
    [InlineData("""{"tenant":"ten_01ARZ3NDEKTSV4RRFFQ69G5FAV/.."}""")]
    public void Read_AnythingElse_IsNone(string body) => Assert.Null(ProofNewsMessage.Read(Encoding.UTF8.GetBytes(body)));

    private sealed class Sent(List<QueueMessage> messages) : IMessageQueue
    {
        public Task SendAsync(QueueMessage message, CancellationToken cancellationToken)
        {
            messages.Add(message);
            return Task.CompletedTask;
        }
    }

    private sealed class Numbers : IIdGenerator
    {
        private int _last;

        public string New(string prefix) => $"{prefix}{++_last}";

        public string Derive(string prefix, DateTimeOffset firstSeen, params ReadOnlySpan<string> parts) => throw new NotSupportedException();
    }
}
