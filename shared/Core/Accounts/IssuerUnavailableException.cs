namespace MidnightOS.Core.Accounts;

/// <summary>The issuer of a credential cannot be asked for its keys: whether the credential is good is not known, and its owner must not be told that it is bad.</summary>
public sealed class IssuerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
