using System.Reflection;
using Microsoft.AspNetCore.DataProtection;
using MidnightOS.Api;
using MidnightOS.Api.Devnet;
using MidnightOS.Core;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Outbox;
using MidnightOS.Custody;
using MidnightOS.Embedded.Background;
using MidnightOS.Embedded.Operator;
using MidnightOS.Embedded.Proofs;
using MidnightOS.Embedded.Start;
using MidnightOS.Embedded.Telemetry;
using MidnightOS.Midnight;
using MidnightOS.Midnight.Devnet;
using MidnightOS.Orchestrations;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Prover;
using MidnightOS.Storage;

namespace MidnightOS.Embedded;

/// <summary>The embedded edition: the whole platform in one process, with its own devnet.</summary>
public static class EmbeddedHost
{
    private static readonly Dictionary<string, string?> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["urls"] = "http://127.0.0.1:7071",
        ["Data:Folder"] = "data",
        ["Logging:LogLevel:Default"] = "Warning",

        // A failed start is told in one sentence (StartProblem).
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "None",
    };

    private const string FeesAreOn =
        "Nothing can be sent while the devnet takes DUST fees: they cannot be paid yet. Reading balances and transfers works; start it with --Devnet:Fees off to send.";

    /// <summary>Composes the host.</summary>
    /// <param name="args">The command line; see the README for the settings.</param>
    /// <param name="configure">Changes to the composition, applied last; null for none.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);

        // Lowest in order: files, environment and command line go over it.
        builder.Configuration.Sources.Insert(0, new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = Defaults });
        CheckSettings.Check(args, builder.Configuration);
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.AddServerHeader = false);
        builder.Host.UseDefaultServiceProvider(static provider => provider.ValidateOnBuild = provider.ValidateScopes = true);
        var ownDevnet = RunsDevnet(builder.Configuration);
        AddPlatform(builder, ownDevnet);
        configure?.Invoke(builder);

        var app = builder.Build();
        app.UseApi();
        app.MapApi();
        app.MapMetrics();
        if (ownDevnet || IsDevnet(builder.Configuration))
        {
            app.MapDevnet();
        }

        return app;
    }

    /// <summary>The product's version.</summary>
    public static string Version { get; } =
        typeof(EmbeddedHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";

    private static void AddPlatform(WebApplicationBuilder builder, bool ownDevnet)
    {
        var (services, configuration) = (builder.Services, builder.Configuration);
        services.AddCore().AddLedgerWork();
        services.AddStorage(configuration);
        services.AddHostedService<RequireSameNetwork>();
        services.AddHostedService<SettleCopy>();

        // Nothing here protects data with it; its default would write a key into the home folder of whoever runs this.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddCustody(configuration);
        services.AddMidnight(configuration);
        if (ownDevnet)
        {
            services.AddDevnet(configuration);
            services.PostConfigure<DevnetOptions>(options =>
                options.Folder = options.Folder.Length > 0 ? options.Folder : Path.Combine(configuration["Data:Folder"]!, "devnet"));
        }

        if (configuration["Devnet:Fees"] == "on")
        {
            services.AddSingleton(new NetworkProfile("devnet", NetworkId.Undeployed, FeesAreOn));
        }

        services.AddOrchestrations();
        services.AddFlowEngine(options => configuration.GetSection(FlowEngineOptions.Section).Bind(options));
        services.AddApi(configuration);
        services.AddProver(configuration);
        services.AddTelemetry(configuration);
        services.AddHostedService<DispatchLoop>();
        services.AddHostedService<BackgroundLoop>();
        services.AddSingleton<ProverListener>();
        services.AddHostedService(static provider => provider.GetRequiredService<ProverListener>());
        services.AddSingleton<StartReport>();
        services.AddSingleton<BackupCommand>();
    }

    private static bool IsDevnet(ConfigurationManager configuration) =>
        string.Equals(configuration["Midnight:Network"] ?? "devnet", "devnet", StringComparison.OrdinalIgnoreCase);

    // Whoever names an indexer has a chain already.
    private static bool RunsDevnet(ConfigurationManager configuration) =>
        IsDevnet(configuration) && string.IsNullOrWhiteSpace(configuration["Midnight:Indexer"]);
}
