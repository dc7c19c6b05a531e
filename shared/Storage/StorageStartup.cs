using Microsoft.Extensions.Hosting;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage;

/// <summary>Opens the databases before anything else of the host starts, so that a folder or schema that cannot be used stops the start.</summary>
internal sealed class StorageStartup(SqliteDatabase database, VolatileDatabase shortLived) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        database.Open();
        shortLived.Open();
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
