using MidnightOS.Core.Results;

namespace MidnightOS.Core.Chain;

/// <summary>Reads and writes Midnight addresses (Bech32m, BIP-350; prefixes of midnight-wallet's address-format).</summary>
public interface IAddressCodec
{
    /// <summary>The 32 bytes of an unshielded address of this network. <c>INVALID_ADDRESS</c> says what is wrong: malformed, checksum, another network, another kind.</summary>
    Result<UnshieldedAddress> ParseUnshielded(string? address, NetworkId network);

    /// <summary>Writes the address of 32 bytes.</summary>
    UnshieldedAddress EncodeUnshielded(string hex, NetworkId network);
}

/// <summary>An unshielded address, checked.</summary>
/// <param name="Text">Bech32m, lower case.</param>
/// <param name="Hex">The 32 bytes, lower hex.</param>
public sealed record UnshieldedAddress(string Text, string Hex);
