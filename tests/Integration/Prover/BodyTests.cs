using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Prover.Http;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Prover;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>How bodies come in: whole or in pieces, too long, never to an end.</summary>
public sealed class BodyTests
{
    private const string Limit = "65536";

    [Fact]
    public async Task Post_BodyOverTheBound_Is413HoweverItIsSent()
    {
        await using var prover = await StartAsync();
        foreach (var size in new[] { 65_537, 200_000 })
        {
            Assert.Equal(413, (await prover.PostAsync("/prove", new byte[size])).Status);
            var (status, text) = await RawHttp.SendAsync(prover.Address, $"POST /prove HTTP/1.1\r\nHost: {prover.Address.Authority}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n{new string('a', size)}\r\n0\r\n\r\n");
            Assert.Equal(413, status);
            Assert.EndsWith("payload too large", text, StringComparison.Ordinal);
        }

        Assert.Equal(400, (await prover.PostAsync("/prove", new byte[65_536])).Status);
        await HoldsNothingAsync(prover);
    }

    [Fact]
    public async Task Post_BodyThatDeclaresMuchAndSendsLittle_HoldsLittleUntilItIsGone()
    {
        await using var prover = await ProverUnderTest.StartAsync(new ScriptedProver());
        using var client = new TcpClient();
        await client.ConnectAsync(prover.Address.Host, prover.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST /prove HTTP/1.1\r\nHost: {prover.Address.Authority}\r\nContent-Length: 67108864\r\n\r\nmidnight"));
        var held = prover.Services.GetRequiredService<HeldBytes>();
        await Wait.UntilAsync(() => held.Held > 0);
        Assert.InRange(held.Held, 1, 64 * 1024);
        client.Client.LingerState = new LingerOption(true, 0);
        client.Close();
        await HoldsNothingAsync(prover);
    }

    [Fact]
    public async Task Post_BodyInManyPieces_IsReadWhole()
    {
        var scripted = new ScriptedProver();
        await using var prover = await ProverUnderTest.StartAsync(scripted);
        var body = Bodies.Prove();
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(prover.Address.Host, prover.Address.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /prove HTTP/1.1\r\nHost: {prover.Address.Authority}\r\nConnection: close\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n"));
        foreach (var piece in body.Chunk(7))
        {
            await stream.WriteAsync(piece);
        }

        using var reader = new StreamReader(stream);
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(body, MidnightOS.Prover.Protocol.ProveRequestWriter.Write((MidnightOS.Prover.Protocol.ProveRequest)scripted.Asked.Single()));
        await HoldsNothingAsync(prover);
    }

    [Fact]
    public async Task Post_BodyThatIsCutOff_IsForgotten()
    {
        var scripted = new ScriptedProver();
        await using var prover = await ProverUnderTest.StartAsync(scripted);
        var body = Bodies.Prove();
        for (var length = 1; length < body.Length; length += 20)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(prover.Address.Host, prover.Address.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST /prove HTTP/1.1\r\nHost: {prover.Address.Authority}\r\nContent-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n"));
            await stream.WriteAsync(body.AsMemory(0, length));
        }

        Assert.Equal(200, (await prover.PostAsync("/prove", body)).Status);
        await HoldsNothingAsync(prover);
        Assert.Single(scripted.Asked);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n", 400)]
    [InlineData("Content-Length: -1\r\n\r\n", 400)]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n\r\n123456", 400)]
    public async Task Post_BodyThatIsNoHttp_IsRefused(string rest, int expected)
    {
        await using var prover = await StartAsync();
        var (status, _) = await RawHttp.SendAsync(prover.Address, $"POST /prove HTTP/1.1\r\nHost: {prover.Address.Authority}\r\nConnection: close\r\n{rest}");
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Post_MoreThanAllBodiesMayHold_IsAFullQueueUntilTheOthersAreGone()
    {
        var begun = new TaskCompletionSource();
        var scripted = ScriptedProver.Endless(begun);
        await using var prover = await ProverUnderTest.StartAsync(scripted, ("Prover:MaxBodyBytes", Limit), ("Prover:MaxHeldBytes", Limit));
        using var gone = new CancellationTokenSource();
        var first = prover.Client.PostAsync("/prove", new ByteArrayContent(Bodies.Prove()), gone.Token);
        await begun.Task;
        var (status, _, content) = await prover.PostAsync("/check", new byte[60_000]);
        Assert.Equal((429, "Job Queue full"), (status, Encoding.UTF8.GetString(content)));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await HoldsNothingAsync(prover);
        Assert.Equal(400, (await prover.PostAsync("/check", new byte[20_000])).Status);
    }

    [Fact]
    public async Task Post_Witness_IsWipedWithTheAnswerAndNeverLogged()
    {
        ReadOnlyMemory<byte> seen = default, body = default;
        var circuit = Array.Empty<byte>();
        var prover = new PeekingProver((preimage, ir) => (seen, body, circuit) = (preimage, ir, ir.ToArray()));
        await using var host = await ProverUnderTest.StartAsync(prover);
        Assert.Equal(200, (await host.PostAsync("/prove", Bodies.Prove(7_654_321))).Status);
        Assert.All(seen.ToArray(), static b => Assert.Equal(0, b));

        // The body's buffer is the shared pool's again, and another test may have written into it since.
        Assert.Equal("circuit 7654321"u8, circuit);
        Assert.NotEqual(circuit, body.ToArray());
        Assert.Equal(400, (await host.PostAsync("/prove", [.. Bodies.Prove(), 1])).Status);
        Assert.DoesNotContain(Convert.ToHexString(Bodies.Highest), host.Logs.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("count", host.Logs.Text.Split('\n').Where(static line => line.Contains("Prover", StringComparison.Ordinal)).Aggregate("", static (all, line) => all + line), StringComparison.Ordinal);
    }

    private static Task<ProverUnderTest> StartAsync() => ProverUnderTest.StartAsync(new ScriptedProver(), ("Prover:MaxBodyBytes", Limit));

    private static Task HoldsNothingAsync(ProverUnderTest prover) => Wait.UntilAsync(() => prover.Services.GetRequiredService<HeldBytes>().Held == 0);
}
