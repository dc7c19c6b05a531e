using System.Security.Cryptography;
using MidnightOS.Azure.KeyVault;
using MidnightOS.Core.Custody;

namespace MidnightOS.Tests.Azure.KeyVault;

/// <summary>Keys in memory, with what goes wrong as a test says.</summary>
internal sealed class FakeVaultKeys(TimeProvider time, string type = "RSA-HSM") : IVaultKeys, IDisposable
{
    private readonly List<Version> _versions = [];

    /// <summary>What every call throws; null for none.</summary>
    public Exception? Outage { get; set; }

    /// <summary>Whether this app may rotate and disable.</summary>
    public bool IsOperator { get; set; }

    /// <summary>The calls so far, by name.</summary>
    public List<string> Calls { get; } = [];

    public string Add()
    {
        _versions.Add(new Version($"{_versions.Count + 1:x32}", time.GetUtcNow()));
        return _versions[^1].Id;
    }

    public void Disable(string version) => Find(version).Enabled = false;

    public Task<VaultKey> GetAsync(KeyAddress key, string? version, CancellationToken cancellationToken) => CallAsync("get", () =>
    {
        var found = version is null ? _versions[^1] : Find(version);
        var point = found.Ec.ExportParameters(false).Q;
        return new VaultKey(found.Id, type, point.X, point.Y);
    });

    public Task<IReadOnlyList<VaultKeyVersion>> VersionsAsync(KeyAddress key, CancellationToken cancellationToken) => CallAsync<IReadOnlyList<VaultKeyVersion>>(
        "versions", () => [.. _versions.Select(static version => new VaultKeyVersion(version.Id, version.Enabled, version.CreatedAt))]);

    public Task<byte[]> WrapAsync(KeyAddress key, string version, string algorithm, ReadOnlyMemory<byte> dataKey, CancellationToken cancellationToken) => CallAsync(
        "wrap", () => Usable(version).Rsa.Encrypt(dataKey.ToArray(), RSAEncryptionPadding.OaepSHA256));

    public Task<byte[]> UnwrapAsync(KeyAddress key, string version, string algorithm, byte[] wrapped, CancellationToken cancellationToken) => CallAsync(
        "unwrap", () => Usable(version).Rsa.Decrypt(wrapped, RSAEncryptionPadding.OaepSHA256));

    public Task<byte[]> SignAsync(KeyAddress key, string version, byte[] digest, CancellationToken cancellationToken) => CallAsync(
        "sign", () => Usable(version).Ec.SignHash(digest));

    public Task<string?> RotateAsync(KeyAddress key, CancellationToken cancellationToken) => CallAsync("rotate", () => IsOperator ? Add() : null);

    public Task<bool> DisableAsync(KeyAddress key, string version, CancellationToken cancellationToken) => CallAsync("disable", () =>
    {
        Find(version).Enabled &= !IsOperator;
        return IsOperator;
    });

    public void Dispose()
    {
        foreach (var version in _versions)
        {
            version.Rsa.Dispose();
            version.Ec.Dispose();
        }
    }

    private Version Find(string id) => _versions.Find(version => version.Id == id) ?? throw new VaultException("gone");

    private Version Usable(string id) => Find(id) is { Enabled: true } version ? version : throw new VaultException("disabled");

    private Task<T> CallAsync<T>(string name, Func<T> call)
    {
        Calls.Add(name);
        return Outage is { } outage ? Task.FromException<T>(outage) : Task.Run(call);
    }

    private sealed class Version(string id, DateTimeOffset createdAt)
    {
        public string Id { get; } = id;

        public DateTimeOffset CreatedAt { get; } = createdAt;

        public bool Enabled { get; set; } = true;

        public RSA Rsa { get; } = RSA.Create(2048);

        public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    }
}
