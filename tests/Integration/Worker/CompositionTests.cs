using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MidnightOS.Api;
using MidnightOS.Api.Hosting;
using MidnightOS.Core;
using MidnightOS.Core.Accounts.Entra;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Flows;
using MidnightOS.Core.Outbox;
using MidnightOS.Custody;
using MidnightOS.Midnight;
using MidnightOS.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Worker;

/// <summary>The API fits together without flows, the ledger's processes and wallet custody: as the azure edition composes it, with other stores.</summary>
public sealed class CompositionTests
{
    [Fact]
    public async Task Build_WithoutCustodyLedgerAndFlows_FitsTogetherAndHasNoneOfThem()
    {
        using var folder = new TemporaryFolder();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Data:Folder"] = folder.Path, ["Midnight:Network"] = "preview", ["AzureAd:TenantId"] = Guid.NewGuid().ToString(),
        });
        builder.Host.UseDefaultServiceProvider(static provider => provider.ValidateOnBuild = provider.ValidateScopes = true);
        var services = builder.Services;
        services.AddCore().AddWalletExportByFlow().AddDueQueueDepths().AddStorage(builder.Configuration);
        services.AddPayloadSealing().AddMidnightChain(builder.Configuration).AddEntraAccounts();
        services.AddApi(builder.Configuration).AddApiPipeline(builder.Configuration).AddHostedService<DispatchLoop>();
        services.AddSingleton(Elsewhere<IVault>()).AddSingleton(Elsewhere<ITokenSigningKeys>()).AddSingleton(Elsewhere<IFlowClient>());

        await using var app = builder.Build();

        Assert.NotNull(app.Services.GetRequiredService<ApiPipeline>());
        Assert.All(
            [typeof(IWalletCustody), typeof(Core.Chain.ILedger), typeof(Core.Chain.IContractLedger), typeof(IKeyRotation)],
            type => Assert.Null(app.Services.GetService(type)));
    }

    /// <summary>A port whose adapter is another's; it is not called.</summary>
    private static T Elsewhere<T>()
        where T : class => DispatchProxy.Create<T, Uncalled>();

    // The framework makes the proxies' types from it.
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852", Justification = "It is inherited at run time.")]
    private class Uncalled : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new NotSupportedException($"{targetMethod?.Name} belongs to an adapter.");
    }
}
