using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;
using Microsoft.Azure.Cosmos;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using MidnightOS.Azure.Blobs;
using MidnightOS.Azure.Documents;
using MidnightOS.Core.Blobs;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Maintenance;
using MidnightOS.Core.Proofs.Apart;

namespace MidnightOS.Azure;

/// <summary>The composition of the stores in Azure. They sign in with the identity of the app (<c>AZURE_CLIENT_ID</c>) or of the developer; there are no keys.</summary>
public static class AzureServices
{
    /// <summary>Adds the document store in Cosmos DB and the blob store in Blob Storage. The prover has no documents but those of proofs (docs/adr/0020).</summary>
    /// <param name="services">The host's services. A <see cref="TokenCredential"/> or a client that is there already is used.</param>
    /// <param name="configuration">Holds the sections <c>Cosmos</c> and <c>Blobs</c>; they are checked at start.</param>
    /// <param name="app">The app.</param>
    public static IServiceCollection AddAzureStores(this IServiceCollection services, IConfiguration configuration, PlatformApp app)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
        services.AddDocuments(configuration).AddBlobs(configuration);
        return services.AddSingleton<IDocumentStore>(provider => new DividedDocumentStore(
            app is PlatformApp.Prover ? null : Container(provider, CosmosOptions.Documents), Container(provider, CosmosOptions.Proofs)));
    }

    private static CosmosDocumentStore Container(IServiceProvider provider, string name) => new(
        ActivatorUtilities.CreateInstance<CosmosItems>(provider, name), provider.GetRequiredService<TimeProvider>());

    private static IServiceCollection AddDocuments(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<CosmosOptions>()
            .Bind(configuration.GetSection(CosmosOptions.Section))
            .Validate(static options => IsEndpoint(options.Endpoint), "Cosmos:Endpoint must be the https address of the Cosmos DB account.")
            .Validate(static options => !string.IsNullOrWhiteSpace(options.Database), "Cosmos:Database must name the database.")
            .Validate(static options => options.SlowCall > TimeSpan.Zero, "Cosmos:SlowCall must be longer than nothing.")
            .ValidateOnStart();
        services.TryAddSingleton(static provider =>
        {
            var options = provider.GetRequiredService<IOptions<CosmosOptions>>().Value;
            return new CosmosClient(options.Endpoint, provider.GetRequiredService<TokenCredential>(), options.ToClientOptions());
        });
        return services;
    }

    private static IServiceCollection AddBlobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<BlobsOptions>()
            .Bind(configuration.GetSection(BlobsOptions.Section))
            .Validate(static options => IsEndpoint(options.Endpoint), "Blobs:Endpoint must be the https address of the account's blobs.")
            .ValidateOnStart();
        services.TryAddSingleton(static provider => new BlobServiceClient(
            new Uri(provider.GetRequiredService<IOptions<BlobsOptions>>().Value.Endpoint), provider.GetRequiredService<TokenCredential>()));
        return services.AddSingleton<IBlobStore, AzureBlobStore>();
    }

    private static bool IsEndpoint(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;
}
