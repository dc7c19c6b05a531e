using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Flows;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Prover;
using MidnightOS.Tests.Integration.Secrets;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Contracts;

/// <summary>What is private of a call, here the randomness of its commitment, is in no file of the data folder that could be read without the key file.</summary>
public sealed class WitnessTests
{
    [CircuitTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_WhileItIsProvedAndAfter_HasItsWitnessInNoFile(bool proved)
    {
        using var folder = new TemporaryFolder();
        using var logs = new CapturedLogs();
        var begun = new TaskCompletionSource();
        var endless = ScriptedProver.Endless(begun);
        await using var app = await PlatformUnderTest.StartAsync(folder.Path, builder =>
        {
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
            _ = proved ? builder.Services : builder.Services.AddSingleton<IProver>(endless);
        });
        var circuit = await CircuitUnderTest.DeployAsync(app.Services);
        using var ann = await PlatformClient.SignUpAsync(new Uri(app.Urls.First()));
        byte[] secret = [.. RandomNumberGenerator.GetBytes(31), 0x11];
        var search = new SecretSearch().Add("randomness", secret).Add("randomness's hex", Convert.ToHexStringLower(secret));
        var id = await circuit.CallAsync(ann, await ann.CreateBotAsync(), circuit.Addresses[0], body => body["communicationRandomness"] = "73" + Convert.ToHexStringLower(secret));
        if (!proved)
        {
            await begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Empty(search.InFiles(folder.Path));

            // The prover was given it: the search would have known it.
            Assert.NotEmpty(search.In(((ProveRequest)endless.Asked.Single()).Preimage.ToArray()));
            await ann.PostAsync($"/api/transactions/{id}/cancel", null);
        }

        var end = await ann.EndOfAsync(id);
        Assert.True((string?)end["status"] == (proved ? "confirmed" : "cancelled"), end.ToJsonString());
        var flows = app.Services.GetRequiredService<IFlowClient>();
        while (await flows.FindAsync(id, default) is { Status: FlowStatus.Running })
        {
            await Task.Delay(10);
        }

        Assert.Empty(search.InFiles(folder.Path));
        Assert.Empty(search.In(logs.Text));
    }
}
