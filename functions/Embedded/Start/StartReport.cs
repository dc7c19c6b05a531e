using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Chain;
using MidnightOS.Embedded.Proofs;
using MidnightOS.Midnight.Devnet;
using MidnightOS.Storage;

namespace MidnightOS.Embedded.Start;

/// <summary>What a user sees when the host is ready: where everything is.</summary>
internal sealed class StartReport(IServiceProvider services, IServer server, IOptions<StorageOptions> storage, NetworkProfile network, ProverListener prover)
{
    /// <summary>Writes the report; its last line starts with <c>Ready:</c> and names the API's address.</summary>
    public async Task WriteAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"MidnightOS.Functions {EmbeddedHost.Version}, embedded edition");
        await output.WriteLineAsync($"  Data folder  {Path.GetFullPath(storage.Value.Folder)}");
        if (services.GetService<IDevnet>() is { } devnet)
        {
            var ready = await devnet.WhenReadyAsync(cancellationToken);
            await output.WriteLineAsync($"  Network      {network.Name} ({network.Id}), block {ready.Height}");
            await output.WriteLineAsync($"  Indexer      {new Uri(ready.Indexer, "/api/v4/graphql")}");
            await output.WriteLineAsync($"  Node         {ready.Node}");
        }
        else
        {
            await output.WriteLineAsync($"  Network      {network.Name} ({network.Id})");
        }

        await output.WriteLineAsync($"  Proof server {prover.Address.GetLeftPart(UriPartial.Authority)}");
        await output.WriteLineAsync($"Ready: {string.Join(", ", server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])}");
        await output.FlushAsync(cancellationToken);
    }
}
