using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Protocol;

namespace MidnightOS.Prover.Proving.Parameters;

/// <summary>Key material, or why there is none.</summary>
internal readonly record struct KeyAnswer(KeyMaterial? Keys, ProofFailure? Failure);

/// <summary>The content of a file, or why there is none.</summary>
internal readonly record struct FileAnswer(ReadOnlyMemory<byte> Content, ProofFailure? Failure);

/// <summary>The keys of the platform's own circuits, zswap and dust. They are in no package: they come from the cache folder or the source.</summary>
internal sealed class BuiltInKeys(ParameterCache cache)
{
    private const int Circuit = 2;
    private const int MaxShown = 80;

    // Four circuits, about 40 MB in all.
    private readonly ConcurrentDictionary<string, KeyMaterial> _loaded = new(StringComparer.Ordinal);

    /// <summary>The key material of a built-in circuit.</summary>
    public async Task<KeyAnswer> GetAsync(string location, CancellationToken cancellationToken)
    {
        if (_loaded.TryGetValue(location, out var known))
        {
            return new KeyAnswer(known, null);
        }

        if (!PublishedPins.Keys.TryGetValue(location, out var files))
        {
            return new KeyAnswer(null, Unknown(location));
        }

        var parts = new ReadOnlyMemory<byte>[files.Length];
        for (var index = 0; index < files.Length; index++)
        {
            var part = await ReadAsync(files[index], cancellationToken);
            if (part.Failure is { } failure)
            {
                return new KeyAnswer(null, failure with { Reason = $"{failure.Reason} It is wanted for the built-in key {location}." });
            }

            parts[index] = part.Content;
        }

        return new KeyAnswer(_loaded.GetOrAdd(location, new KeyMaterial(parts[0], parts[1], parts[Circuit])), null);
    }

    /// <summary>The circuit alone.</summary>
    public async Task<FileAnswer> GetIrAsync(string location, CancellationToken cancellationToken)
    {
        if (_loaded.TryGetValue(location, out var known))
        {
            return new FileAnswer(known.Ir, null);
        }

        return PublishedPins.Keys.TryGetValue(location, out var files)
            ? await ReadAsync(files[Circuit], cancellationToken)
            : new FileAnswer(default, Unknown(location));
    }

    private async Task<FileAnswer> ReadAsync(PublishedFile file, CancellationToken cancellationToken)
    {
        if (await cache.EnsureAsync(file, cancellationToken) is { } failure)
        {
            return new FileAnswer(default, failure);
        }

        var content = await File.ReadAllBytesAsync(cache.PathOf(file), cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(content)) == file.Sha256
            ? new FileAnswer(content, null)
            : new FileAnswer(default, new ProofFailure(ProofFailureKind.MissingFile, $"The file {file.Name} changed while it was read."));
    }

    /// <summary>A client chose the name: only what can be shown of it is.</summary>
    private static ProofFailure Unknown(string location)
    {
        var shown = new string([.. location.Take(MaxShown).Where(static c => char.IsAsciiLetterOrDigit(c) || "/._-".Contains(c, StringComparison.Ordinal))]);
        return new ProofFailure(ProofFailureKind.BadInput, string.Create(CultureInfo.InvariantCulture, $"The request brings no keys for \"{shown}\", and there are no built-in ones of that name."));
    }
}
