using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MidnightOS.Api.Events;
using MidnightOS.Core.Chat;

namespace MidnightOS.Api.Chat;

/// <summary>Answers with the events of a turn. Whatever happens to the connection, the turn is closed behind it.</summary>
internal sealed class ChatStreamResult(ChatTurn turn) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        await using (turn)
        {
            await new EventStreamResult(EventsAsync(httpContext.RequestAborted)).ExecuteAsync(httpContext);
        }
    }

    private async IAsyncEnumerable<SentEvent> EventsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var finished = false;
        await foreach (var step in turn.RunAsync(cancellationToken))
        {
            finished |= step is ChatEvent.Finished;
            yield return step switch
            {
                ChatEvent.Delta delta => Event("delta", new DeltaResponse(delta.Text)),
                ChatEvent.Tool tool => Event("toolCall", ToolCallResponse.From(tool.Call)),
                ChatEvent.Finished done => Event("done", ChatResponse.From(done.Answer)),
                _ => throw new InvalidOperationException($"A turn told of {step.GetType().Name}."),
            };
        }

        if (!finished)
        {
            throw new IOException("Another host has taken the conversation over.");
        }
    }

    private static SentEvent Event<T>(string type, T data) => new(null, type, JsonSerializer.Serialize(data, ApiJson.Options));
}
