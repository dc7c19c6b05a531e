using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MidnightOS.Core;
using MidnightOS.Core.Accounts;
using MidnightOS.Custody;
using MidnightOS.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Unit.Accounts;

/// <summary>Accounts over the real stores and keys. Two of them on one folder are two hosts.</summary>
internal sealed class AccountsHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public AccountsHost(string folder, ManualTimeProvider clock, Action<IServiceCollection>? setup = null)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Data:Folder"] = folder })
            .Build();
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<TimeProvider>(clock)
            .AddLogging(static logging => logging.ClearProviders())
            .AddCore().AddStorage(configuration).AddCustody(configuration)
            .AddSingleton<CountingHasher>();
        services.AddSingleton<IPasswordHasher<User>>(static provider => provider.GetRequiredService<CountingHasher>());
        setup?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public CountingHasher Hasher => Get<CountingHasher>();

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>The framework's hasher with few iterations, counting what is asked of it.</summary>
internal sealed class CountingHasher : IPasswordHasher<User>
{
    private PasswordHasher<User> _hasher = Make(1000);

    public int Verified { get; private set; }

    /// <summary>From now on it hashes with so many iterations.</summary>
    public void Strengthen(int iterations) => _hasher = Make(iterations);

    public string HashPassword(User user, string password) => _hasher.HashPassword(user, password);

    public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
    {
        Verified++;
        return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }

    private static PasswordHasher<User> Make(int iterations) => new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
}
