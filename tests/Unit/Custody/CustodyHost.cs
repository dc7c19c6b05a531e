using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;
using MidnightOS.Custody;
using MidnightOS.Custody.Tokens;
using MidnightOS.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Custody;

/// <summary>Custody over the real stores as a host composes it. Two of them on one folder are two hosts.</summary>
internal sealed class CustodyHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public CustodyHost(string folder, ManualTimeProvider clock, string? keyFile = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Folder"] = folder, ["Custody:KeyFile"] = keyFile })
            .Build();
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(clock)
            .AddLogging(logging => logging.ClearProviders().AddProvider(Log))
            .AddStorage(configuration)
            .AddCustody(configuration)
            .BuildServiceProvider();
    }

    /// <summary>Every line that was logged.</summary>
    public LogRecorder Log { get; } = new();

    public IWalletCustody Wallets => Get<IWalletCustody>();

    public IVault Vault => Get<IVault>();

    public IKeyRotation Rotation => Get<IKeyRotation>();

    public TokenSigningKeys Tokens => Get<TokenSigningKeys>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public static WalletRef Wallet(int number = 1, string tenant = "ten_a") => new(new TenantId(tenant), $"bot_{number}", $"wal_{number}");

    /// <summary>What goes to the ledger process for this wallet, in hex.</summary>
    public async Task<string> SeedAsync(WalletRef wallet)
    {
        using var secret = (await Wallets.OpenAsync(wallet, default)).Value;
        return await ReadAsync(secret);
    }

    public static async Task<string> ReadAsync(IWalletSecret secret)
    {
        using var stream = new MemoryStream();
        await secret.WriteToAsync(stream, default);
        return Convert.ToHexStringLower(stream.ToArray());
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>Keeps log lines.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
