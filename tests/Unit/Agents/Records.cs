using MidnightOS.Core.Agents;
using MidnightOS.Core.Bots;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Tests.Unit.Agents;

/// <summary>Records that tests start from.</summary>
internal static class Records
{
    public const string Own = "mn_addr_undeployed1zzzzzzzzzzzzzzzzzzzz";
    public const string A = "mn_addr_undeployed1aaaaaaaaaaaaaaaaaaaa";
    public const string B = "mn_addr_undeployed1ccccccccccccccccccc";
    public const string Txn = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string OtherTxn = "txn_01ARZ3NDEKTSV4RRFFQ69G5FAW";
    public const string Hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    public static readonly TenantId Tenant = new("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV");
    public const string User = "usr_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string BotId = "bot_01ARZ3NDEKTSV4RRFFQ69G5FAV";

    public static AgentBot Bot { get; } = new(BotId, "Ada", BotStatus.Running, new BotPersonality(), null, BotFeatures.All);

    public static WalletView Wallet(string total = "12", string available = "10", string reserved = "2") => new(
        new WalletAddresses(Own, "mn_shield-addr_undeployed1zzzzzzzz", "mn_dust_undeployed1zzzzzzzz"),
        [new WalletBalance("NIGHT", total, available, reserved, "0")], "undeployed", new WalletSync(WalletSyncState.Synced, 40, 40, 100));

    public static TransactionView Transaction(
        TransactionStatus status, string id = Txn, string amount = "5", string to = A, string? hash = null, long? block = null, string? note = null) => new(
        id, BotId, TransactionType.Transfer, TransactionDirection.Out, status, hash, [], Own, to, amount, "0", "NIGHT", null,
        block is { } height ? new TransactionBlock(height, Hash) : null, null, note, [], DateTimeOffset.UnixEpoch, null, Contract: null);
}
