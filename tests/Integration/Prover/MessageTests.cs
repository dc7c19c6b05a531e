using System.Text;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Messages;
using MidnightOS.Tests.Integration.Support;
using MidnightOS.Tests.Unit.Prover;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>Jobs that come with messages: each is proved once whatever the queue repeats or loses, and its message ends with it.</summary>
public sealed class MessageTests
{
    private static readonly TenantId Local = TenantId.Platform;

    private readonly MessagesUnderTest _messages = new();

    [Fact]
    public async Task Deliver_AcceptedJob_IsProvedAndTheMessageIsGone()
    {
        await using var service = await StartAsync(new ScriptedProver());
        var job = await service.SubmitAsync(1);
        Assert.Equal(1, _messages.Waiting);
        Assert.Equal(ProofJobStatus.Queued, (await FindAsync(service, job))!.Status);

        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        Assert.Equal(ProofJobStatus.Succeeded, (await FindAsync(service, job))!.Status);
        Assert.Equal("the answer", await service.Client.GetStringAsync($"/jobs/{job}/result"));
        Assert.Equal(0, _messages.Waiting);
    }

    [Fact]
    public async Task Submit_WithoutAVault_StoresNothingThatOpensByItself()
    {
        await using var service = await StartAsync(new ScriptedProver());
        var job = await service.SubmitAsync(1);
        var payloads = service.Services.GetRequiredService<ProofPayloads>();
        var word = _messages.Take().Word;
        byte[][] wrong = [[], new byte[32], word.Key[..31]];
        Assert.All(await Task.WhenAll(wrong.Select(key => payloads.ReadRequestAsync(Local, word.Payload, key, default))), Assert.Null);
        Assert.Null(await payloads.ReadRequestAsync(Local, $"{job}.OTHER", word.Key, default));
        Assert.Equal(Bodies.Prove(1), await payloads.ReadRequestAsync(Local, word.Payload, word.Key, default));
        Assert.DoesNotContain("circuit", await StoredAsync(service, word.Payload), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deliver_FasterThanTheAcceptance_IsProved()
    {
        ProverUnderTest? service = null;
        Task<MessagesUnderTest.Message>? delivered = null;
        _messages.Sending = _ =>
        {
            delivered ??= _messages.DeliverAsync(service!);
            return Task.CompletedTask;
        };
        await using (service = await StartAsync(new ScriptedProver()))
        {
            var job = await service.SubmitAsync(1);
            Assert.Equal("complete", (await delivered!).Became);
            Assert.Equal(ProofJobStatus.Succeeded, (await FindAsync(service, job))!.Status);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(15, 0)]
    public async Task Deliver_JobThatWasNeverAccepted_IsGivenUpAfterAWhile(int sent, int left)
    {
        await using var service = await StartAsync(new ScriptedProver());
        var job = SubmitProof.IdOf(Local, SubmitProof.HashOf("content"u8));
        await _messages.SendAsync(new ProofWord(Local, $"{job}.X", new byte[32], sent), default, default);
        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        Assert.Equal(left, _messages.Waiting);
    }

    [Fact]
    public async Task Deliver_TenantHasAsManyRunningAsMay_ComesAgainLaterAndAnotherTenantIsServed()
    {
        var stepped = new SteppedProver();
        await using var service = await StartAsync(stepped.Prover, ("Proofs:RunningPerTenant", "1"));
        var bob = await service.SignUpAsync("bob");
        await service.SubmitAsync(1);
        var first = _messages.DeliverAsync(service);
        var running = await stepped.NextAsync();
        await service.SubmitAsync(2);
        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        var later = _messages.Take();
        Assert.True(later.After >= TimeSpan.FromSeconds(1));

        Assert.Equal(202, (await service.PostAsync("/jobs", Bodies.Prove(3), $"Bearer {bob.AccessToken}")).Status);
        var other = _messages.DeliverAsync(service);
        (await stepped.NextAsync()).Done();
        running.Done();
        Assert.Equal(("complete", "complete"), ((await first).Became, (await other).Became));
        var again = later.DeliverAsync(service);
        var step = await stepped.NextAsync();
        Assert.Equal("circuit 2", step.Circuit);
        step.Done();
        await again;
        Assert.Equal("complete", later.Became);
    }

    [Fact]
    public async Task Deliver_LockLostWhileItRuns_IsProvedOnce()
    {
        var stepped = new SteppedProver();
        await using var service = await StartAsync(stepped.Prover);
        var job = await service.SubmitAsync(1);
        var first = _messages.Take();
        var running = first.DeliverAsync(service);
        var step = await stepped.NextAsync();
        first.LoseLock();
        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        step.Done();
        await Assert.ThrowsAsync<InvalidOperationException>(() => running);

        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        Assert.Equal(ProofJobStatus.Succeeded, (await FindAsync(service, job))!.Status);
        Assert.Equal(0, _messages.Waiting);
        Assert.Single(stepped.Prover.Asked);
    }

    [Fact]
    public async Task Deliver_HostStops_IsGivenBackAtNoCostOfAnAttempt()
    {
        var begun = new TaskCompletionSource();
        var prover = ScriptedProver.Endless(begun);
        await using var service = await StartAsync(prover);
        var job = await service.SubmitAsync(1);
        using var stopping = new CancellationTokenSource();
        var delivery = _messages.DeliverAsync(service, stopping.Token);
        await begun.Task;
        await stopping.CancelAsync();
        Assert.Equal("abandon", (await delivery).Became);
        Assert.Equal((ProofJobStatus.Queued, 0), ((await FindAsync(service, job))!.Status, (await FindAsync(service, job))!.Attempts));

        prover.Answer = new ScriptedProver().Answer;
        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        Assert.Equal(ProofJobStatus.Succeeded, (await FindAsync(service, job))!.Status);
    }

    [Fact]
    public async Task Deliver_ItsHostsDied_IsBegunAgainAndPutAsideInTheEnd()
    {
        var clock = new ManualTimeProvider();
        await using var service = await StartAsync(new ScriptedProver(), clock);
        var job = await service.SubmitAsync(1);
        var hold = service.Services.GetRequiredService<HoldProof>();
        for (var death = 1; death <= 3; death++)
        {
            Assert.NotNull(await hold.StartAsync(Local, job, $"host {death}", default));
            await _messages.DeliverAsync(service);
            Assert.Equal(ProofJobStatus.Running, (await FindAsync(service, job))!.Status);
            clock.Advance(TimeSpan.FromSeconds(31));
            if (death < 3)
            {
                await hold.ReleaseAsync(Local, job, default);
            }
        }

        Assert.Equal(DeadLetterReasons.TooManyAttempts, (await _messages.DeliverAsync(service)).Became);
        Assert.Equal(ProofJobStatus.Failed, (await FindAsync(service, job))!.Status);
    }

    [Theory]
    [InlineData(0, DeadLetterReasons.MissingKey)]
    [InlineData(32, DeadLetterReasons.BadPayload)]
    public async Task Deliver_KeyThatDoesNotOpenIt_IsPutAsideAndTheJobSaysWhy(int keyBytes, string reason)
    {
        var prover = new ScriptedProver();
        await using var service = await StartAsync(prover);
        var job = await service.SubmitAsync(1);
        await _messages.SendAsync(_messages.Take().Word with { Key = new byte[keyBytes] }, default, default);
        Assert.Equal(reason, (await _messages.DeliverAsync(service)).Became);
        var failed = await FindAsync(service, job);
        Assert.Equal((ProofJobStatus.Failed, ProofFailureKind.Internal), (failed!.Status, failed.Failure!.Kind));
        Assert.Empty(prover.Asked);
    }

    [Fact]
    public async Task Deliver_LostByHostAfterHost_IsSentAnewBeforeTheQueuePutsItAsideWithItsKey()
    {
        await using var service = await StartAsync(new ScriptedProver());
        var job = await service.SubmitAsync(1);
        for (var lost = 1; lost < ReceiveProofMessage.MostDeliveries - 1; lost++)
        {
            _messages.Take().LoseLock();
        }

        var last = await _messages.DeliverAsync(service);
        Assert.Equal((ReceiveProofMessage.MostDeliveries - 1, "complete"), (last.Deliveries, last.Became));
        Assert.Equal(ProofJobStatus.Queued, (await FindAsync(service, job))!.Status);

        var anew = await _messages.DeliverAsync(service);
        Assert.Equal((1, 1, "complete"), (anew.Deliveries, anew.Word.Sent, anew.Became));
        Assert.Equal(ProofJobStatus.Succeeded, (await FindAsync(service, job))!.Status);
    }

    [Fact]
    public async Task Deliver_NoWordOfAJob_IsPutAside()
    {
        await using var service = await StartAsync(new ScriptedProver());
        await _messages.SendAsync(new ProofWord(Local, "x", []), default, default);
        var message = _messages.Take();
        await service.Services.GetRequiredService<ReceiveProofMessage>().RunAsync(null, message, default);
        Assert.Equal(DeadLetterReasons.BadMessage, message.Became);
    }

    [Fact]
    public async Task Deliver_TakenBackBeforeAndWhileItRuns_EndsItsMessage()
    {
        var begun = new TaskCompletionSource();
        var prover = ScriptedProver.Endless(begun);
        await using var service = await StartAsync(prover);
        var (before, during) = (await service.SubmitAsync(1), await service.SubmitAsync(2));
        await service.Client.DeleteAsync($"/jobs/{before}");
        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        Assert.Empty(prover.Asked);

        var delivery = _messages.DeliverAsync(service);
        await begun.Task;
        await service.Client.DeleteAsync($"/jobs/{during}");
        Assert.Equal("complete", (await delivery).Became);
        Assert.Equal(0, _messages.Waiting);
    }

    [Fact]
    public async Task Deliver_StoreIsAway_ComesAgainAfterAPause()
    {
        var stores = new HookedStores();
        await using var service = await ProverUnderTest.StartAsync(new ScriptedProver(), services =>
        {
            _messages.AddTo(services);
            stores.AddTo(services);
        });
        var job = await service.SubmitAsync(1);
        stores.TakingLease = static _ => throw new IOException("The store is away.");
        stores.Committing = static _ => throw new IOException("The store is away.");
        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        stores.TakingLease = static _ => Task.CompletedTask;
        stores.Committing = static _ => Task.CompletedTask;
        await _messages.DeliverAsync(service);
        Assert.Equal(ProofJobStatus.Succeeded, (await FindAsync(service, job))!.Status);
    }

    [Fact]
    public async Task Prove_TakesLongerThanAnAnswerMay_GoesOnAsAJobWithAMessageThatOutlivesTheHost()
    {
        var stepped = new SteppedProver();
        await using var service = await StartAsync(stepped.Prover, ("Prover:AnswerTimeout", "00:00:01"));
        Assert.Equal(503, (await service.PostAsync("/prove", Bodies.Prove(1))).Status);
        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        var later = _messages.Take();
        Assert.True(later.After > TimeSpan.FromSeconds(10));
        (await stepped.NextAsync()).Done("late");
        await Wait.UntilAsync(async () => (await FindAsync(service, later.Word.JobId))!.Status is ProofJobStatus.Succeeded);
        await later.DeliverAsync(service);
        Assert.Equal("complete", later.Became);
        Assert.Single(stepped.Prover.Asked);
    }

    [Fact]
    public async Task Deliver_WaitedTooLong_EndsTheJobWithTheReason()
    {
        var clock = new ManualTimeProvider();
        await using var service = await StartAsync(new ScriptedProver(), clock);
        var job = await service.SubmitAsync(1);
        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal("complete", (await _messages.DeliverAsync(service)).Became);
        Assert.Equal(ProofFailureKind.TimedOut, (await FindAsync(service, job))!.Failure!.Kind);
    }

    private Task<ProverUnderTest> StartAsync(ScriptedProver prover, params (string Name, string Value)[] settings) =>
        ProverUnderTest.StartAsync(prover, _messages.AddTo, settings);

    private Task<ProverUnderTest> StartAsync(ScriptedProver prover, ManualTimeProvider clock) => ProverUnderTest.StartAsync(prover, services =>
    {
        _messages.AddTo(services);
        services.AddSingleton<TimeProvider>(clock);
    });

    private static Task<ProofJob?> FindAsync(ProverUnderTest service, string job) => service.Services.GetRequiredService<ReadProof>().FindAsync(Local, job, default);

    private static async Task<string> StoredAsync(ProverUnderTest service, string payload)
    {
        await using var stream = await service.Services.GetRequiredService<IBlobStore>().OpenReadAsync(new BlobName(Local, "proofs", $"{payload}.request"), default);
        using var reader = new StreamReader(stream!, Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
