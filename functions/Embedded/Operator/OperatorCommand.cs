using System.Globalization;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Backup;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;
using MidnightOS.Storage;

namespace MidnightOS.Embedded.Operator;

/// <summary>What an operator does on the machine itself, beside a running host or without one: keys, deleted bots, backups. No tenant reaches it.</summary>
internal static class OperatorCommand
{
    private const string Usage = """
        Without a command: starts the platform. Settings, such as --urls or --Data:Folder, are listed in the README.
        Commands, with the settings of the host behind them (--Data:Folder …):
          keys list                                        the versions of the key-encryption keys
          keys rotate signing                              a new key signs access tokens; nobody is signed out
          keys rotate wallets|tokens|payloads              a new key-encryption key; the host wraps the old data keys again
          keys retire wallets|tokens <version>             destroys an old version once nothing needs it
          bots restore <tenant> <bot>                      brings a deleted bot back, stopped
          backup <folder> [<key file copy>]                copies the data of this host, running or not, and its key file
          --help, --version
        """;

    /// <summary>What needs no host at all: the help and the version; null for anything else.</summary>
    public static string? TrySay(string[] args) =>
        args.Contains("--help", StringComparer.Ordinal) || args.Contains("-h", StringComparer.Ordinal) ? Usage
        : args is ["--version"] ? EmbeddedHost.Version
        : null;

    /// <summary>What is said to words that are no command: the words, and the help.</summary>
    public static string Unknown(string[] words) => $"\"{string.Join(' ', words)}\" is no command, or some of its words are missing.{Environment.NewLine}{Usage}";

    /// <summary>The words before the first setting: the command; empty when the host itself is wanted.</summary>
    public static string[] WordsOf(string[] args) => [.. args.TakeWhile(static word => !word.StartsWith('-'))];

    /// <summary>Runs a command.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] words, IServiceProvider services, CancellationToken cancellationToken)
    {
        var database = Path.Combine(Path.GetFullPath(services.GetRequiredService<IOptions<StorageOptions>>().Value.Folder), StorageOptions.DatabaseFile);
        var (said, code) = !File.Exists(database)
            ? ($"There is no data of a host in {Path.GetDirectoryName(database)}. Name its folder with --Data:Folder behind the command.", 1)
            : await SayAsync(words, services, cancellationToken);
        await (code == 0 ? Console.Out : Console.Error).WriteLineAsync(said);
        return code;
    }

    private static async Task<(string Said, int Code)> SayAsync(string[] words, IServiceProvider services, CancellationToken cancellationToken)
    {
        switch (words)
        {
            case ["keys", "list"]:
                return (await ListAsync(services, cancellationToken), 0);
            case ["keys", "rotate", "signing"]:
                await services.GetRequiredService<ITokenSigningKeys>().RotateAsync(cancellationToken);
                return ("A new key signs access tokens from now on.", 0);
            case ["keys", "rotate", var purpose] when TryPurpose(purpose, out var key):
                return (await RotateAsync(key, services, cancellationToken), 0);
            case ["keys", "retire", var purpose, var version] when TryPurpose(purpose, out var key):
                return Outcome(await services.GetRequiredService<IKeyRotation>().RetireAsync(key, version, cancellationToken), "The version is destroyed. Destroy its copies too.");
            case ["bots", "restore", var tenant, var bot] when tenant.StartsWith(IdPrefix.Tenant, StringComparison.Ordinal):
                return Outcome(await services.GetRequiredService<RestoreBot>().RunAsync(new TenantId(tenant), bot, cancellationToken), "The bot is back, stopped.");
            case ["backup", var folder]:
                return await services.GetRequiredService<BackupCommand>().RunAsync(folder, null, cancellationToken);
            case ["backup", var folder, var keyFile]:
                return await services.GetRequiredService<BackupCommand>().RunAsync(folder, keyFile, cancellationToken);
            default:
                return (Unknown(words), 2);
        }
    }

    private static async Task<string> RotateAsync(VaultPurpose purpose, IServiceProvider services, CancellationToken cancellationToken)
    {
        var old = await services.GetRequiredService<IVault>().CurrentVersionAsync(purpose, cancellationToken);
        var version = await services.GetRequiredService<IKeyRotation>().RotateAsync(purpose, cancellationToken);
        return $"The new version is {version}, in place of {old}. Back the key file up.";
    }

    private static async Task<string> ListAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var versions = await services.GetRequiredService<IKeyBackup>().VersionsAsync(cancellationToken);
        return string.Join(Environment.NewLine, versions.Select(static version => string.Create(
            CultureInfo.InvariantCulture, $"{version.Purpose.ToString().ToLowerInvariant(),-9} {version.Id,-24} {version.CreatedAt:yyyy-MM-dd HH:mm} UTC  {version.Use.ToString().ToLowerInvariant()}")));
    }

    private static bool TryPurpose(string word, out VaultPurpose purpose) =>
        Enum.TryParse(word, ignoreCase: true, out purpose) && !word.Any(char.IsAsciiDigit);

    private static (string Said, int Code) Outcome<T>(Result<T> result, string done) => result.Match(_ => (done, 0), static error => (error.Message, 1));
}
