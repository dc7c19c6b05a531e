using Microsoft.AspNetCore.Http.Features;

namespace MidnightOS.Tests.Integration.Worker;

/// <summary>Ends an answer when the test says so.</summary>
internal sealed class EndedAnswer : HttpResponseFeature
{
    private readonly Stack<(Func<object, Task> Callback, object State)> _callbacks = [];

    public override void OnCompleted(Func<object, Task> callback, object state) => _callbacks.Push((callback, state));

    public async Task CompleteAsync()
    {
        while (_callbacks.TryPop(out var next))
        {
            await next.Callback(next.State);
        }
    }
}

/// <summary>A service of a request's scope.</summary>
internal sealed class Lasting : IDisposable
{
    public bool IsDisposed { get; private set; }

    public void Dispose() => IsDisposed = true;
}
