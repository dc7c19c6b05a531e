using MidnightOS.Core.Bots;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Bots;

/// <summary>Fields of a bot that a change may tell again but not change: to ignore another value would let somebody believe that it was taken.</summary>
internal static class FixedFields
{
    /// <summary><c>INVALID_REQUEST</c> that names the first field that is told otherwise; null when there is none.</summary>
    public static Error? Check(Bot bot, ReplaceBotBody body) =>
        CheckType(bot, body.Type)
        ?? Check("id", body.Id is null || body.Id == bot.Id, "it names the bot")
        ?? Check("status", body.Status is null || body.Status == bot.Status, "start, stop, pause and resume do that")
        ?? Check("statusReason", body.StatusReason is null || body.StatusReason == bot.StatusReason, "it belongs to the status")
        ?? Check("walletAddress", body.WalletAddress is null || body.WalletAddress == bot.WalletAddress, "a bot keeps its wallet");

    /// <summary>The same of the type alone.</summary>
    public static Error? CheckType(Bot bot, BotType? told) => Check("type", told is null || told == bot.Type, "create a bot of the other type");

    private static Error? Check(string field, bool isSame, string why) => isSame ? null : Error.Invalid(field, $"{field} cannot be changed; {why}.");
}
