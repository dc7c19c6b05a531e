using Microsoft.Azure.Cosmos;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;

namespace MidnightOS.Azure.Documents;

/// <summary>The statements of pages. A page starts at a key, never at an offset, and every statement is one range of one path of the index.</summary>
internal static class DocumentPages
{
    public static QueryDefinition Statement(TenantId tenant, DocumentQuery query, PagePosition? from, DateTimeOffset now)
    {
        var path = query.Index is null ? "c.id" : $"c.ix.{CosmosItem.Property(query.Kind, query.Index, query.Value!)}";
        var (lower, upper) = Bounds(query);
        var text = $"SELECT * FROM c WHERE c.tenant = @tenant AND {path} >= @lower AND {path} < @upper"
            + (from is null ? "" : $" AND {path} {(query.Descending ? "<" : ">")} @from")
            + $" AND (NOT IS_DEFINED(c.expires) OR c.expires > @now) ORDER BY {path} {(query.Descending ? "DESC" : "ASC")}";
        var statement = new QueryDefinition(text).WithParameter("@tenant", tenant.Value).WithParameter("@now", CosmosItem.Time(now))
            .WithParameter("@lower", lower).WithParameter("@upper", upper);
        return from is null ? statement : statement.WithParameter("@from", Key(query, from));
    }

    public static PagePosition Position(DocumentQuery query, FoundItem last)
    {
        var id = CosmosItem.DocumentId(query.Kind, last.Id);
        if (query.Index is null)
        {
            return new PagePosition(id, id);
        }

        var key = last.Json.GetProperty("ix").GetProperty(CosmosItem.Property(query.Kind, query.Index, query.Value!)).GetString()!;
        return new PagePosition(key[..^(id.Length + 1)], id);
    }

    private static string Key(DocumentQuery query, PagePosition position) =>
        query.Index is null ? CosmosItem.Id(new DocumentKey(query.Kind, position.Id)) : CosmosItem.SortKey(position.Sort, position.Id);

    // After an id: the first text that is greater. After a sort value: the first key beyond all of those that have it.
    private static (string Lower, string Upper) Bounds(DocumentQuery query)
    {
        if (query.Index is not null)
        {
            return (query.After is null ? "" : query.After + (char)(CosmosItem.SortEnd + 1), query.Before is null ? "\uffff" : query.Before + CosmosItem.SortEnd);
        }

        var kind = CosmosItem.Id(new DocumentKey(query.Kind, ""));
        return (query.After is null ? kind : kind + query.After + '\0', query.Before is null ? kind[..^1] + CosmosItem.AfterSeparator : kind + query.Before);
    }
}
