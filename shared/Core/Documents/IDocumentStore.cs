using MidnightOS.Core.Identity;

namespace MidnightOS.Core.Documents;

/// <summary>JSON documents of tenants. The tenant is the partition: nothing reads or writes across it.</summary>
/// <remarks>Implementations pass the suite of document-store contract tests. Outages are <see cref="Storage.StorageUnavailableException"/>.</remarks>
public interface IDocumentStore
{
    /// <summary>One document, or null when there is none, when its time to live has passed, or when no document can have such an id: ids come from clients.</summary>
    Task<StoredDocument?> GetAsync(TenantId tenant, DocumentKey key, CancellationToken cancellationToken);

    /// <summary>A page of the documents of one kind, by a declared index, ordered by the index entry's sort value.</summary>
    Task<DocumentPage> QueryAsync(TenantId tenant, DocumentQuery query, CancellationToken cancellationToken);

    /// <summary>All of the writes or none. At most <see cref="BatchLimits.Operations"/> operations and <see cref="BatchLimits.Bytes"/> of JSON, each document at most once; anything else is a bug and throws.</summary>
    /// <returns>The new ETags, or which write's precondition did not hold.</returns>
    Task<CommitResult> CommitAsync(TenantId tenant, IReadOnlyList<DocumentWrite> writes, CancellationToken cancellationToken);
}

/// <summary>The bounds of one atomic batch, those of Cosmos DB, on every store.</summary>
public static class BatchLimits
{
    /// <summary>Operations in one batch.</summary>
    public const int Operations = 100;

    /// <summary>Bytes of UTF-8 JSON in one batch.</summary>
    public const int Bytes = 2 * 1024 * 1024;
}

/// <summary>What names a document inside its tenant.</summary>
/// <param name="Kind">The kind of document, a constant of its slice: "bot", "transaction".</param>
/// <param name="Id">Unique within kind and tenant; at most 255 characters, none of <c>/ \ # ?</c> (Cosmos DB forbids them).</param>
public readonly record struct DocumentKey(string Kind, string Id);

/// <summary>A document as it was read.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Json">Its content, UTF-8 JSON of an object.</param>
/// <param name="ETag">Its version; opaque.</param>
public sealed record StoredDocument(DocumentKey Key, ReadOnlyMemory<byte> Json, string ETag);

/// <summary>An entry of a declared index that a write gives its document. A document without an entry is not found by that index (sparse).</summary>
/// <param name="Name">The index, a constant of its slice: "bot".</param>
/// <param name="Value">The value that a query asks for, by equality.</param>
/// <param name="Sort">What a page is ordered by, ordinally; null = the document's id, which sorts by time.</param>
public readonly record struct IndexEntry(string Name, string Value, string? Sort = null);

/// <summary>What a query asks for.</summary>
/// <param name="Kind">The kind of document.</param>
/// <param name="Index">The index's name; null = all documents of the kind, ordered by id.</param>
/// <param name="Value">The index entry's value; ignored without an index.</param>
public sealed record DocumentQuery(string Kind, string? Index = null, string? Value = null)
{
    /// <summary>Newest (greatest sort value) first; otherwise oldest first.</summary>
    public bool Descending { get; init; }

    /// <summary>Only entries whose sort value is greater than this, ordinally.</summary>
    public string? After { get; init; }

    /// <summary>Only entries whose sort value is less than this, ordinally.</summary>
    public string? Before { get; init; }

    /// <summary>Documents in a page, 1 to 1,000.</summary>
    public int Limit { get; init; } = 20;

    /// <summary>The continuation of an earlier page of the same query; opaque. One that the store did not make gives <see cref="InvalidContinuationException"/>.</summary>
    public string? Continuation { get; init; }
}

/// <summary>A page of documents.</summary>
/// <param name="Documents">In the order of the query.</param>
/// <param name="Continuation">What the next page starts from; null after the last.</param>
public sealed record DocumentPage(IReadOnlyList<StoredDocument> Documents, string? Continuation);

/// <summary>The continuation token was not made by this store for this query.</summary>
public sealed class InvalidContinuationException() : Exception("The continuation token is not one of this query.");

/// <summary>One operation of a batch.</summary>
public abstract record DocumentWrite(DocumentKey Key)
{
    /// <summary>What must hold for the write to be done.</summary>
    public Precondition Condition { get; init; } = Precondition.None;

    /// <summary>Creates or replaces a document with its index entries.</summary>
    /// <param name="Key">Its name.</param>
    /// <param name="Json">UTF-8 JSON of an object.</param>
    /// <param name="Indexes">Its entries, all of them: a replace drops those of before.</param>
    public sealed record Put(DocumentKey Key, ReadOnlyMemory<byte> Json, IReadOnlyList<IndexEntry> Indexes) : DocumentWrite(Key)
    {
        /// <summary>From then on the document is not there; null = it stays.</summary>
        public DateTimeOffset? ExpiresAt { get; init; }
    }

    /// <summary>Deletes a document. One that is not there is fine unless an ETag is asked for.</summary>
    public sealed record Delete(DocumentKey Key) : DocumentWrite(Key);

    /// <summary>Writes nothing but makes the batch depend on the precondition.</summary>
    public sealed record Check(DocumentKey Key) : DocumentWrite(Key);
}

/// <summary>A condition of a write.</summary>
/// <param name="ETag">The version that must be stored; null when none is asked for.</param>
/// <param name="MustNotExist">Whether the document must be absent.</param>
public readonly record struct Precondition(string? ETag, bool MustNotExist)
{
    /// <summary>No condition.</summary>
    public static Precondition None => default;

    /// <summary>The document must be absent.</summary>
    public static Precondition Absent => new(null, true);

    /// <summary>The document must be stored in this version.</summary>
    public static Precondition Match(string etag) => new(etag, false);
}

/// <summary>The outcome of a batch.</summary>
/// <param name="ETags">One for each write in order (null for deletes and checks); empty when nothing was written.</param>
/// <param name="FailedIndex">The first write whose precondition did not hold; null when all was written.</param>
public sealed record CommitResult(IReadOnlyList<string?> ETags, int? FailedIndex)
{
    /// <summary>Whether all was written.</summary>
    public bool Committed => FailedIndex is null;
}
