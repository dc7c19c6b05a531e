using System.Collections.Frozen;

namespace MidnightOS.Core.Accounts;

/// <summary>What a user is in a tenant.</summary>
public enum Role
{
    /// <summary>Made the tenant: may do everything, and alone may export seeds.</summary>
    Owner,

    /// <summary>Runs the tenant: everything but seeds.</summary>
    Admin,

    /// <summary>Uses the bots: chats and spends within their policies.</summary>
    Member,

    /// <summary>Looks on.</summary>
    Viewer,
}

/// <summary>The permissions that roles give, by the names that clients see.</summary>
public static class Permission
{
    /// <summary>See bots, their conversations and the tenant's events.</summary>
    public const string BotsRead = "bots:read";

    /// <summary>Create, change, start, stop and delete bots.</summary>
    public const string BotsWrite = "bots:write";

    /// <summary>Talk to bots.</summary>
    public const string ChatUse = "chat:use";

    /// <summary>See wallets and transactions.</summary>
    public const string WalletsRead = "wallets:read";

    /// <summary>Send from wallets and confirm or cancel transactions.</summary>
    public const string WalletsSpend = "wallets:spend";

    /// <summary>Export a wallet's seed.</summary>
    public const string WalletsExport = "wallets:export";

    /// <summary>Approve or reject spends of a treasury.</summary>
    public const string TreasuryApprove = "treasury:approve";

    /// <summary>Invite, change and remove users.</summary>
    public const string UsersManage = "users:manage";

    /// <summary>Make, see and delete API keys.</summary>
    public const string KeysManage = "keys:manage";
}

/// <summary>The one table of roles and permissions.</summary>
public static class RolePermissions
{
    private static readonly string[] Viewer = [Permission.BotsRead, Permission.WalletsRead];

    private static readonly string[] Member = [.. Viewer, Permission.ChatUse, Permission.WalletsSpend];

    private static readonly string[] Admin = [.. Member, Permission.BotsWrite, Permission.TreasuryApprove, Permission.UsersManage];

    private static readonly FrozenDictionary<Role, string[]> Table = new Dictionary<Role, string[]>
    {
        [Role.Viewer] = Viewer,
        [Role.Member] = Member,
        [Role.Admin] = Admin,
        [Role.Owner] = [.. Admin, Permission.WalletsExport, Permission.KeysManage],
    }.ToFrozenDictionary();

    /// <summary>What a role may do.</summary>
    public static IReadOnlyList<string> Of(Role role) => Table[role];

    /// <summary>Whether a role may do this.</summary>
    /// <param name="role">The role.</param>
    /// <param name="permission">One of <see cref="Permission"/>.</param>
    public static bool Allows(Role role, string permission) => Table[role].Contains(permission, StringComparer.Ordinal);
}
