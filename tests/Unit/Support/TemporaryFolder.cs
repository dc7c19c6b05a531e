namespace MidnightOS.Tests.Unit.Support;

/// <summary>A folder of a test's own; it is deleted with what is in it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    /// <summary>The full path; the folder exists.</summary>
    public string Path { get; } = System.IO.Directory.CreateTempSubdirectory("midnightos-").FullName;

    /// <summary>A path inside the folder.</summary>
    public string File(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <inheritdoc/>
    public void Dispose() => System.IO.Directory.Delete(Path, recursive: true);
}
