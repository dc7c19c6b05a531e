namespace MidnightOS.Azure.Documents;

/// <summary>What is done with an item.</summary>
internal enum ItemAction
{
    /// <summary>The item must not be there.</summary>
    Create,

    /// <summary>The item must be there.</summary>
    Replace,

    /// <summary>There or not.</summary>
    Upsert,

    /// <summary>The item must be there.</summary>
    Delete,
}

/// <summary>One operation of a batch on items.</summary>
/// <param name="Action">What is done.</param>
/// <param name="Id">The item's id.</param>
/// <param name="Item">Its JSON; empty when it is deleted.</param>
/// <param name="Stamp">The ETag of Cosmos DB that it must have; null when none is asked for.</param>
internal sealed record ItemWrite(ItemAction Action, string Id, byte[] Item, string? Stamp = null);
