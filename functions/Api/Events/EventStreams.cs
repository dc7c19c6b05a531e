using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Events;

namespace MidnightOS.Api.Events;

/// <summary>The open event streams of this host.</summary>
internal sealed class EventStreams(ReadEvents read, AuthenticateSession sessions, TimeProvider time, IHostApplicationLifetime lifetime)
{
    /// <summary>Streams that a user may have open at once on a host: each one asks the store for as long as it stands.</summary>
    public const int PerUser = 10;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Takes one of the user's places.</summary>
    /// <returns>What gives it back; null when the user has no place left.</returns>
    public IDisposable? TryEnter(Caller caller)
    {
        var user = $"{caller.Tenant}/{caller.UserId}";
        lock (_gate)
        {
            var open = _open.GetValueOrDefault(user);
            if (open >= PerUser)
            {
                return null;
            }

            _open[user] = open + 1;
        }

        return new Place(this, user);
    }

    /// <summary>Where a stream begins. Asked before the answer begins: what happens once the reader sees that it listens must not be missed.</summary>
    /// <param name="caller">Whose tenant.</param>
    /// <param name="after">The last event that the reader has; null for a new reader, who gets what happens from now on.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <returns>The id of the event after which it begins; the empty string when there was none.</returns>
    public async Task<string> StartAsync(Caller caller, string? after, CancellationToken cancellationToken)
    {
        // An id that was not given out yet, from a copy of the data or made up, must not silence what comes before it.
        var last = await read.LastIdAsync(caller.Tenant, cancellationToken);
        return after is null || string.CompareOrdinal(after, last) > 0 ? last : after;
    }

    /// <summary>The events after one, until the window closes, the host stops or the caller's session ends.</summary>
    /// <param name="caller">Whose tenant.</param>
    /// <param name="after">Where it begins.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<SentEvent> FollowAsync(Caller caller, string after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var window = new CancellationTokenSource(Longest, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(window.Token, lifetime.ApplicationStopping, cancellationToken);
        await using var events = read.FollowAsync(caller.Tenant, after, end.Token).GetAsyncEnumerator(end.Token);
        while (await NextAsync(events, end.Token) && await sessions.IsOpenAsync(caller, cancellationToken))
        {
            yield return new SentEvent(events.Current.Id, events.Current.Type, JsonSerializer.Serialize(EventResponse.From(events.Current), ApiJson.Options));
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<TenantEvent> events, CancellationToken end)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Leave(string user)
    {
        lock (_gate)
        {
            if (--_open[user] == 0)
            {
                _open.Remove(user);
            }
        }
    }

    private sealed class Place(EventStreams streams, string user) : IDisposable
    {
        private bool _left;

        public void Dispose()
        {
            if (!_left)
            {
                _left = true;
                streams.Leave(user);
            }
        }
    }
}
