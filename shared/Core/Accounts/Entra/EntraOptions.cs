namespace MidnightOS.Core.Accounts.Entra;

/// <summary>Settings of section <c>AzureAd</c> that the platform reads itself. The others belong to the validation of tokens.</summary>
public sealed class EntraOptions
{
    /// <summary>The section.</summary>
    public const string Section = "AzureAd";

    /// <summary>The directory whose users may sign in, a GUID; or <c>organizations</c>, and then <see cref="AllowedTenants"/> names them.</summary>
    public string TenantId { get; set; } = "";

    /// <summary>The directories whose users may sign in, GUIDs. Empty: the one of <see cref="TenantId"/>.</summary>
    public IList<string> AllowedTenants { get; } = [];

    /// <summary>How long a session lasts until its user has to show Entra's token again: what Entra took away ends here then.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>What is wrong, naming the setting; null when nothing is.</summary>
    public string? Problem() =>
        AllowedTenants.Any(static tenant => !Guid.TryParse(tenant, out _)) ? $"{Section}:{nameof(AllowedTenants)} are the GUIDs of directories."
        : AllowedTenants.Count == 0 && !Guid.TryParse(TenantId, out _) ? $"{Section}:{nameof(TenantId)} must be a directory's GUID, or {Section}:{nameof(AllowedTenants)} must name the directories."
        : SessionLifetime <= TimeSpan.Zero || SessionLifetime > TimeSpan.FromDays(1) ? $"{Section}:{nameof(SessionLifetime)} must be longer than nothing and at most 1.00:00:00."
        : null;

    /// <summary>Whether a directory's users may sign in.</summary>
    /// <param name="tenant">The directory.</param>
    public bool Allows(Guid tenant) =>
        AllowedTenants.Count > 0 ? AllowedTenants.Any(allowed => Guid.Parse(allowed) == tenant) : Guid.TryParse(TenantId, out var only) && only == tenant;
}
