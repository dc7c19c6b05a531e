using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace MidnightOS.Tests.Azure.KeyVault.Client;

/// <summary>A key version of the stand-in, as Key Vault shows and uses it.</summary>
internal sealed class StandInKey(string type, DateTimeOffset createdAt) : IDisposable
{
    private readonly RSA _rsa = RSA.Create(3072);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly byte[] _aes = RandomNumberGenerator.GetBytes(32);

    public string Version { get; } = Guid.NewGuid().ToString("N");

    public string Type { get; } = type;

    public bool Enabled { get; private set; } = true;

    public StandInKey Enable(bool enabled)
    {
        Enabled = enabled;
        return this;
    }

    public string Id(Uri vault, string name) => $"{vault}keys/{name}/{Version}";

    public JsonObject Properties(Uri vault, string name) => new() { ["kid"] = Id(vault, name), ["attributes"] = Attributes() };

    public JsonObject Bundle(Uri vault, string name)
    {
        var key = new JsonObject { ["kid"] = Id(vault, name), ["kty"] = Type, ["key_ops"] = new JsonArray("wrapKey", "unwrapKey", "sign", "verify") };
        if (Type.StartsWith("RSA", StringComparison.Ordinal))
        {
            var parameters = _rsa.ExportParameters(false);
            (key["n"], key["e"]) = (Base64UrlEncoder.Encode(parameters.Modulus!), Base64UrlEncoder.Encode(parameters.Exponent!));
        }
        else if (Type.StartsWith("EC", StringComparison.Ordinal))
        {
            var point = _ec.ExportParameters(false).Q;
            (key["crv"], key["x"], key["y"]) = ("P-256", Base64UrlEncoder.Encode(point.X!), Base64UrlEncoder.Encode(point.Y!));
        }

        return new JsonObject { ["key"] = key, ["attributes"] = Attributes() };
    }

    public byte[] Operate(string operation, string algorithm, byte[] value) => (Type, operation, algorithm) switch
    {
        ("RSA-HSM", "WRAPKEY", "RSA-OAEP-256") => _rsa.Encrypt(value, RSAEncryptionPadding.OaepSHA256),
        ("RSA-HSM", "UNWRAPKEY", "RSA-OAEP-256") => _rsa.Decrypt(value, RSAEncryptionPadding.OaepSHA256),
        ("oct-HSM", "WRAPKEY", "A256KW") => KeyWrap.Wrap(_aes, value),
        ("oct-HSM", "UNWRAPKEY", "A256KW") => KeyWrap.Unwrap(_aes, value),
        ("EC-HSM", "SIGN", "ES256") => _ec.SignHash(value),
        _ => throw new NotSupportedException(),
    };

    public void Dispose()
    {
        _rsa.Dispose();
        _ec.Dispose();
    }

    private JsonObject Attributes() => new() { ["enabled"] = Enabled, ["created"] = createdAt.ToUnixTimeSeconds(), ["updated"] = createdAt.ToUnixTimeSeconds(), ["recoveryLevel"] = "Recoverable" };

    /// <summary>AES key wrap (RFC 3394).</summary>
    private static class KeyWrap
    {
        private const ulong Initial = 0xA6A6A6A6A6A6A6A6;

        public static byte[] Wrap(byte[] key, byte[] value)
        {
            using var aes = Aes.Create();
            aes.Key = key;
            var (a, r) = (Initial, value.Chunk(8).ToArray());
            for (var step = 0; step < 6 * r.Length; step++)
            {
                var block = aes.EncryptEcb([.. BitConverter.GetBytes(Swap(a)), .. r[step % r.Length]], PaddingMode.None);
                a = Swap(BitConverter.ToUInt64(block, 0)) ^ (ulong)(step + 1);
                r[step % r.Length] = block[8..];
            }

            return [.. BitConverter.GetBytes(Swap(a)), .. r.SelectMany(static part => part)];
        }

        public static byte[] Unwrap(byte[] key, byte[] value)
        {
            using var aes = Aes.Create();
            aes.Key = key;
            var (a, r) = (Swap(BitConverter.ToUInt64(value, 0)), value[8..].Chunk(8).ToArray());
            for (var step = (6 * r.Length) - 1; step >= 0; step--)
            {
                var block = aes.DecryptEcb([.. BitConverter.GetBytes(Swap(a ^ (ulong)(step + 1))), .. r[step % r.Length]], PaddingMode.None);
                a = Swap(BitConverter.ToUInt64(block, 0));
                r[step % r.Length] = block[8..];
            }

            return a == Initial ? [.. r.SelectMany(static part => part)] : throw new CryptographicException("The wrapped key does not fit.");
        }

        private static ulong Swap(ulong value) => System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value);
    }
}
