using MidnightOS.Core.Chain;
using MidnightOS.Core.Results;

namespace MidnightOS.Midnight.Addresses;

/// <summary>Midnight addresses: Bech32m with the prefix <c>mn_{kind}_{network}</c>, on mainnet <c>mn_{kind}</c>.</summary>
/// <remarks>Format: docs/spec/Specification.md and packages/address-format of https://github.com/midnightntwrk/midnight-wallet.</remarks>
internal sealed class AddressCodec : IAddressCodec
{
    private const string Mainnet = "mainnet";
    private const string Unshielded = "addr";
    private const int AddressBytes = 32;

    public Result<UnshieldedAddress> ParseUnshielded(string? address, NetworkId network)
    {
        ArgumentNullException.ThrowIfNull(network);
        if (string.IsNullOrEmpty(address))
        {
            return Invalid("The address is missing.");
        }

        var fault = Bech32m.TryDecode(address, out var prefix, out var values);
        if (fault is Bech32mFault.Malformed or Bech32mFault.MixedCase)
        {
            return Invalid(fault == Bech32mFault.MixedCase ? "The address mixes upper and lower case." : $"This is not a Midnight address. {Expected(network)}");
        }

        if (WrongPrefix(prefix, network) is { } wrong)
        {
            return Invalid(wrong);
        }

        if (fault == Bech32mFault.Checksum)
        {
            return Invalid("The address has a typing error: its checksum does not fit.");
        }

        return Bech32m.ToBytes(values) is { Length: AddressBytes } bytes
            ? new UnshieldedAddress(address.ToLowerInvariant(), Convert.ToHexStringLower(bytes))
            : Invalid("The address does not have the length of an unshielded address.");
    }

    public UnshieldedAddress EncodeUnshielded(string hex, NetworkId network)
    {
        ArgumentNullException.ThrowIfNull(hex);
        ArgumentNullException.ThrowIfNull(network);
        var bytes = Convert.FromHexString(hex);
        return bytes.Length == AddressBytes
            ? new UnshieldedAddress(Bech32m.Encode(Prefix(Unshielded, network), bytes), Convert.ToHexStringLower(bytes))
            : throw new ArgumentException("An unshielded address has 32 bytes.", nameof(hex));
    }

    private static string? WrongPrefix(string prefix, NetworkId network)
    {
        var parts = prefix.Split('_');
        if (parts is not ["mn", _] and not ["mn", _, { Length: > 0 }] || parts is [_, _, Mainnet])
        {
            return $"This is not a Midnight address. {Expected(network)}";
        }

        if (KindFault(parts[1]) is { } fault)
        {
            return $"{fault} {Expected(network)}";
        }

        var ofNetwork = parts.Length == 3 ? parts[2] : Mainnet;
        return ofNetwork == network.Name ? null : $"This is an address of the network {ofNetwork}; this is {network.Name}.";
    }

    private static string? KindFault(string kind) => kind switch
    {
        Unshielded => null,
        "shield-addr" => "This is a shielded address.",
        "dust" => "This is a DUST address.",
        "shield-cpk" or "shield-epk" => "This is a public key of a shielded wallet, not an address.",
        "shield-esk" => "This is a secret key of a shielded wallet. Never give it to anyone.",
        _ => "This is not an address.",
    };

    private static string Expected(NetworkId network) => $"An unshielded address of this network starts with {Prefix(Unshielded, network)}1.";

    private static string Prefix(string kind, NetworkId network) => network.Name == Mainnet ? $"mn_{kind}" : $"mn_{kind}_{network.Name}";

    private static Error Invalid(string message) => new(ErrorCodes.InvalidAddress, message);
}
