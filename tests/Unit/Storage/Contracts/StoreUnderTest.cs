namespace MidnightOS.Tests.Unit.Storage.Contracts;

/// <summary>A store that a contract test made, with what takes it away again.</summary>
/// <param name="Store">The store; empty.</param>
/// <param name="Destroy">Ends it and deletes what it keeps.</param>
public sealed record StoreUnderTest<TStore>(TStore Store, Func<ValueTask> Destroy);
