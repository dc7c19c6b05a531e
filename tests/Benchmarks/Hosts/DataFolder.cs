namespace MidnightOS.Tests.Benchmarks.Hosts;

/// <summary>A data folder for one case; it is deleted with this.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("midnightos-benchmark-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
