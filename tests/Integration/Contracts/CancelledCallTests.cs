using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Flows;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;
using MidnightOS.Tests.Integration.Embedded;
using MidnightOS.Tests.Integration.Prover;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Contracts;

/// <summary>A call that is taken back while its proof is being made.</summary>
public sealed class CancelledCallTests
{
    [CircuitFact]
    public async Task Cancel_WhileProving_EndsTheCallAndStopsTheProof()
    {
        using var folder = new TemporaryFolder();
        var prover = new EndlessProver();
        await using var app = await PlatformUnderTest.StartAsync(folder.Path, builder => builder.Services.AddSingleton<IProver>(prover));
        var circuit = await CircuitUnderTest.DeployAsync(app.Services);
        using var ann = await PlatformClient.SignUpAsync(new Uri(app.Urls.First()));
        var contracts = app.Services.GetRequiredService<IContractReader>();
        var before = await CircuitUnderTest.StateAsync(contracts, circuit.Addresses[0]);
        var id = await circuit.CallAsync(ann, await ann.CreateBotAsync(), circuit.Addresses[0]);
        await prover.Began.Task.WaitAsync(TimeSpan.FromMinutes(1));

        await ann.PostAsync($"/api/transactions/{id}/cancel", null);
        await prover.Stopped.Task.WaitAsync(TimeSpan.FromMinutes(1));
        var end = await ann.EndOfAsync(id);
        Assert.Equal(["requested", "building", "proving", "cancelled"], end["history"]!.AsArray().Select(static moment => (string?)moment!["status"]));
        var flows = app.Services.GetRequiredService<IFlowClient>();
        while (await flows.FindAsync(id, default) is { Status: FlowStatus.Running })
        {
            await Task.Delay(10);
        }

        Assert.Equal(FlowStatus.Completed, (await flows.FindAsync(id, default))!.Status);
        Assert.Equal(before, await CircuitUnderTest.StateAsync(contracts, circuit.Addresses[0]));
    }

    /// <summary>Proves until it is told to stop.</summary>
    private sealed class EndlessProver : IProver
    {
        public TaskCompletionSource Began { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Stopped { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Size => 1;

        public async Task<ProverAnswer> ProveAsync(ProveRequest request, CancellationToken cancellationToken)
        {
            Began.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                Stopped.TrySetResult();
            }

            throw new InvalidOperationException("It was told to stop.");
        }

        public Task<ProverAnswer> CheckAsync(CheckRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ProverAnswer> ProveTransactionAsync(ProveTransactionRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<ProverAnswer> KAsync(ReadOnlyMemory<byte> ir, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
