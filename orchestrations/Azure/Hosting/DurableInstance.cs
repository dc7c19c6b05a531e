using Microsoft.DurableTask;
using MidnightOS.Orchestrations.Durable;

namespace MidnightOS.Azure.Flows.Hosting;

/// <summary>An instance of Durable Task as the host of a flow.</summary>
internal sealed class DurableInstance(TaskOrchestrationContext context) : IDurableHost
{
    public string InstanceId => context.InstanceId;

    public bool IsReplaying => context.IsReplaying;

    public DateTimeOffset Now => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));

    public async Task<string> RunStepAsync(string requestJson)
    {
        try
        {
            return await context.CallActivityAsync<string>(DurableNames.Step, requestJson);
        }
        catch (TaskFailedException lost)
        {
            throw new StepLostException(lost.FailureDetails.ErrorMessage);
        }
    }

    public Task WaitUntilAsync(DateTimeOffset due, CancellationToken cancelled) => context.CreateTimer(due.UtcDateTime, cancelled);

    public Task<string> NextEventAsync() => context.WaitForExternalEvent<string>(DurableNames.Event);

    public void SetCustomStatus(string status) => context.SetCustomStatus(status);
}
