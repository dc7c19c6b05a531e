namespace MidnightOS.Core.Chain;

/// <summary>The network that this installation works on.</summary>
/// <param name="Name">The profile's name in the settings: <c>devnet</c>, <c>preview</c>, <c>preprod</c>, <c>mainnet</c>.</param>
/// <param name="Id">The network id that addresses and transactions carry.</param>
/// <param name="CannotSendBecause">Why nothing can be sent there, as a sentence for the user; null when sending works.</param>
public sealed record NetworkProfile(string Name, NetworkId Id, string? CannotSendBecause);
