using MidnightOS.Core.Bots;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;

namespace MidnightOS.Embedded.Operator;

/// <summary>What an operator does on the machine itself, beside a running host or without one: keys, deleted bots, backups. No tenant reaches it.</summary>
internal static class OperatorCommand
{
    private const string Usage = """
        Commands, with the settings of the host behind them (--Data:Folder …):
          keys rotate signing                              a new key signs access tokens; nobody is signed out
          keys rotate wallets|tokens|payloads              a new key-encryption key; the host wraps the old data keys again
          keys retire wallets|tokens|payloads <version>    destroys an old version once nothing needs it
          bots restore <tenant> <bot>                      brings a deleted bot back, stopped
          backup <folder> [<key file copy>]                copies the data of this host, running or not, and its key file
        """;

    /// <summary>The words before the first setting: the command; empty when the host itself is wanted.</summary>
    public static string[] WordsOf(string[] args) => [.. args.TakeWhile(static word => !word.StartsWith('-'))];

    /// <summary>Runs a command.</summary>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(string[] words, IServiceProvider services, CancellationToken cancellationToken)
    {
        var (said, code) = await SayAsync(words, services, cancellationToken);
        await (code == 0 ? Console.Out : Console.Error).WriteLineAsync(said);
        return code;
    }

    private static async Task<(string Said, int Code)> SayAsync(string[] words, IServiceProvider services, CancellationToken cancellationToken)
    {
        switch (words)
        {
            case ["keys", "rotate", "signing"]:
                await services.GetRequiredService<ITokenSigningKeys>().RotateAsync(cancellationToken);
                return ("A new key signs access tokens from now on.", 0);
            case ["keys", "rotate", var purpose] when TryPurpose(purpose, out var key):
                return ($"The new version is {await services.GetRequiredService<IKeyRotation>().RotateAsync(key, cancellationToken)}. Back the key file up.", 0);
            case ["keys", "retire", var purpose, var version] when TryPurpose(purpose, out var key):
                return Outcome(await services.GetRequiredService<IKeyRotation>().RetireAsync(key, version, cancellationToken), "The version is destroyed. Destroy its copies too.");
            case ["bots", "restore", var tenant, var bot] when tenant.StartsWith(IdPrefix.Tenant, StringComparison.Ordinal):
                return Outcome(await services.GetRequiredService<RestoreBot>().RunAsync(new TenantId(tenant), bot, cancellationToken), "The bot is back, stopped.");
            case ["backup", var folder]:
                return await services.GetRequiredService<BackupCommand>().RunAsync(folder, null, cancellationToken);
            case ["backup", var folder, var keyFile]:
                return await services.GetRequiredService<BackupCommand>().RunAsync(folder, keyFile, cancellationToken);
            default:
                return (Usage, 2);
        }
    }

    private static bool TryPurpose(string word, out VaultPurpose purpose) =>
        Enum.TryParse(word, ignoreCase: true, out purpose) && !word.Any(char.IsAsciiDigit);

    private static (string Said, int Code) Outcome<T>(Result<T> result, string done) => result.Match(_ => (done, 0), static error => (error.Message, 1));
}
