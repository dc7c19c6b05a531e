using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Embedded.Proofs;
using MidnightOS.Embedded.Start;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>The proof service beside the API in the embedded host.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ListenerTests(PlatformUnderTest platform)
{
    private Uri Prover => platform.Services.GetRequiredService<ProverListener>().Address;

    [Theory]
    [InlineData("/api/auth/me")]
    [InlineData("/metrics")]
    [InlineData("/.well-known/jwks.json")]
    public async Task Get_RouteOfTheApiAtTheProversPort_IsNotThere(string path)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri(Prover, path));
        Assert.Equal((404, ""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
    }

    [Theory]
    [InlineData("/version")]
    [InlineData("/proof-versions")]
    [InlineData("/ready")]
    [InlineData("/fetch-params/10")]
    public async Task Get_RouteOfTheProverAtTheApisPort_IsNotThere(string path)
    {
        using var client = new HttpClient();
        using var there = await client.GetAsync(new Uri(Prover, path));
        using var here = await client.GetAsync(new Uri(platform.Address, path));
        Assert.Equal(404, (int)here.StatusCode);
        Assert.Equal("application/problem+json", here.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Start_PortThatIsTaken_IsOneSentenceThatNamesIt()
    {
        using var folder = new TemporaryFolder();
        var exception = await Record.ExceptionAsync(() => PlatformUnderTest.StartAsync(folder.Path, "--Prover:Port", $"{Prover.Port}"));
        Assert.Equal(
            $"The proof service cannot listen on 127.0.0.1:{Prover.Port}: the port is taken. Choose another port with --Prover:Port (0 for a free one) or another address with --Prover:Host.",
            StartProblem.Of(exception!));
    }

    [Fact]
    public async Task Start_SecondHostOnTheFolder_HasAProverOfItsOwn()
    {
        await using var second = await PlatformUnderTest.StartAsync(platform.Folder);
        using var client = new HttpClient();
        var address = second.Services.GetRequiredService<ProverListener>().Address;
        Assert.NotEqual(Prover.Port, address.Port);
        Assert.Equal("8.1.0", await client.GetStringAsync(new Uri(address, "/version")));
    }
}
