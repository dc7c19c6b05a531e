namespace MidnightOS.Core.Chat;

/// <summary>Lets one caller of this process at a time into a conversation, in the order of arrival.</summary>
internal sealed class TurnQueue(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedList<TaskCompletionSource>> _queues = new(StringComparer.Ordinal);

    /// <summary>Waits for the turn.</summary>
    /// <returns>Whether the caller is in; then it must <see cref="Leave"/>.</returns>
    public async Task<bool> EnterAsync(string name, TimeSpan patience, CancellationToken cancellationToken)
    {
        var ticket = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (!_queues.TryGetValue(name, out var queue))
            {
                // The first in the list is the one who is in.
                queue = _queues[name] = new LinkedList<TaskCompletionSource>();
                ticket.SetResult();
            }

            queue.AddLast(ticket);
        }

        try
        {
            await ticket.Task.WaitAsync(patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return !Withdraw(name, ticket);
        }
        catch (OperationCanceledException)
        {
            if (!Withdraw(name, ticket))
            {
                Leave(name);
            }

            throw;
        }
    }

    /// <summary>Lets the next one in.</summary>
    public void Leave(string name)
    {
        lock (_gate)
        {
            var queue = _queues[name];
            queue.RemoveFirst();
            if (queue.First is { } next)
            {
                next.Value.SetResult();
            }
            else
            {
                _queues.Remove(name);
            }
        }
    }

    // False when the turn came in the same moment: then the caller is in.
    private bool Withdraw(string name, TaskCompletionSource ticket)
    {
        lock (_gate)
        {
            return !ticket.Task.IsCompleted && _queues[name].Remove(ticket);
        }
    }
}
