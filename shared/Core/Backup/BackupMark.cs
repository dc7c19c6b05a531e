using System.Text.Json;

namespace MidnightOS.Core.Backup;

/// <summary>The file that says that a data folder is a copy. The first host on the folder settles what was under way and deletes it.</summary>
/// <param name="TakenAt">When the copy was begun.</param>
public sealed record BackupMark(DateTimeOffset TakenAt)
{
    /// <summary>The file's name in the data folder. An empty one, put there by hand, does the same for a copy that was made otherwise.</summary>
    public const string FileName = "backup.json";

    /// <summary>The file's content.</summary>
    public string ToText() => JsonSerializer.Serialize(new { takenAt = TakenAt });
}
