using MidnightOS.Core.Custody;

namespace MidnightOS.Azure.KeyVault;

/// <summary>How a data key of 32 bytes is wrapped, by the type of the key-encryption key.</summary>
/// <remarks>Names and lengths: RFC 7518 (4.3 and 4.4), RFC 3394. Symmetric keys exist in Managed HSM alone.</remarks>
internal static class WrapAlgorithm
{
    public const string RsaOaep256 = "RSA-OAEP-256";
    public const string Aes256 = "A256KW";

    private const int VersionLength = 32;
    private const int SmallestRsaBytes = 256;
    private const int LargestRsaBytes = 512;
    private const int WrappedAesBytes = 40;

    /// <exception cref="VaultException">A key of this type wraps nothing.</exception>
    public static string For(KeyAddress key, VaultKey version) => version.Type.ToUpperInvariant() switch
    {
        "RSA" or "RSA-HSM" => RsaOaep256,
        "OCT" or "OCT-HSM" when key.InManagedHsm => Aes256,
        _ => throw new VaultException($"The key {key} is of type {version.Type}, which cannot wrap data keys. It must be RSA-HSM, or oct-HSM in a Managed HSM."),
    };

    /// <summary>Refuses what this vault cannot have wrapped, before anything of it becomes part of an address.</summary>
    /// <exception cref="VaultException">The record is of another vault, or was tampered with.</exception>
    public static void Check(WrappedKey wrapped)
    {
        var fits = wrapped.Algorithm switch
        {
            RsaOaep256 => wrapped.Bytes.Length is >= SmallestRsaBytes and <= LargestRsaBytes,
            Aes256 => wrapped.Bytes.Length == WrappedAesBytes,
            _ => false,
        };
        if (!fits || !IsVersion(wrapped.Version))
        {
            throw new VaultException("The wrapped data key was not made by this vault.");
        }
    }

    /// <summary>Whether a text can be a version's id: 32 hexadecimal digits.</summary>
    public static bool IsVersion(string version) => version.Length == VersionLength && version.All(char.IsAsciiHexDigitLower);
}
