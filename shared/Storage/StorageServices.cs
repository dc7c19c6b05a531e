using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using MidnightOS.Core.Backup;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Counters;
using MidnightOS.Core.Directory;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Leases;
using MidnightOS.Core.Maintenance;
using MidnightOS.Storage.Backup;
using MidnightOS.Storage.Blobs;
using MidnightOS.Storage.Counters;
using MidnightOS.Storage.Directory;
using MidnightOS.Storage.Documents;
using MidnightOS.Storage.Flows;
using MidnightOS.Storage.Leases;
using MidnightOS.Storage.Maintenance;
using MidnightOS.Storage.Sqlite;

namespace MidnightOS.Storage;

/// <summary>The composition of the SQLite and file stores.</summary>
public static class StorageServices
{
    /// <summary>Adds the stores of the embedded edition: documents, directory, counters, leases and flows in SQLite, blobs as files, and the sweep of what expired.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configuration">Holds the section <c>Data</c> of <see cref="StorageOptions"/>; it is checked at start.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<StorageOptions>()
            .Bind(configuration.GetSection(StorageOptions.Section))
            .Validate(options => !string.IsNullOrWhiteSpace(options.Folder), "Data:Folder must name the folder that holds the database and the blobs.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SqliteDatabase>().AddSingleton<VolatileDatabase>().AddHostedService<StorageStartup>();
        return services.AddStores();
    }

    private static IServiceCollection AddStores(this IServiceCollection services)
    {
        services.AddSchema(DocumentSchema.Scripts).AddSingleton<IDocumentStore, SqliteDocumentStore>();
        services.AddSchema(DirectorySchema.Scripts).AddSingleton<IDirectory, SqliteDirectory>();
        services.AddSchema(SqliteCounterStore.Moved).AddVolatileSchema(SqliteCounterStore.Scripts).AddSingleton<ICounterStore, SqliteCounterStore>();
        services.AddSchema(SqliteLeaseStore.Moved).AddVolatileSchema(SqliteLeaseStore.Scripts).AddSingleton<ILeaseStore, SqliteLeaseStore>();
        services.AddSchema(FlowSchema.Scripts).AddSingleton<IFlowJournal, SqliteFlowJournal>();
        services.AddSingleton<FileBlobStore>().AddSingleton<IBlobStore>(provider => provider.GetRequiredService<FileBlobStore>());
        services.AddSingleton<IBackgroundWork, SweepStorage>();
        services.AddSingleton<IQueueDepths, SqliteQueueDepths>();
        services.AddSingleton<IDataBackup, DataBackup>();
        return services;
    }

    /// <summary>Adds the schema of a slice. Every host adds every slice: an unknown step in a database means a newer program.</summary>
    private static IServiceCollection AddSchema(this IServiceCollection services, SchemaScript[] scripts)
    {
        foreach (var script in scripts)
        {
            services.AddSingleton(script);
        }

        return services;
    }

    private static IServiceCollection AddVolatileSchema(this IServiceCollection services, SchemaScript[] scripts)
    {
        foreach (var script in scripts)
        {
            services.AddSingleton(new VolatileSchema(script));
        }

        return services;
    }
}
