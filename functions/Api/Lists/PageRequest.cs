using System.Buffers.Text;
using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using MidnightOS.Api.Documents;
using MidnightOS.Api.Requests;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Lists;

/// <summary>Which page of a list is asked for: <c>?limit=</c> and <c>?cursor=</c>.</summary>
internal sealed class PageRequest : IRequestPart, IBindableFromHttpContext<PageRequest>, IEndpointParameterMetadataProvider
{
    public const int DefaultLimit = 20;
    public const int MaxLimit = 100;
    private const int LongestCursor = 2048;

    /// <summary>Items in the page, 1 to 100.</summary>
    public int Limit { get; private init; } = DefaultLimit;

    /// <summary>The store's continuation; null on the first page. A wrong one makes the store throw, which is answered with 400.</summary>
    public string? Continuation { get; private init; }

    /// <inheritdoc/>
    public Error? Error { get; private init; }

    public static ValueTask<PageRequest?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<PageRequest?>(Read(context.Request.Query));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ParameterMetadata("limit", ParameterLocation.Query, JsonSchemaType.Integer, "Items in the page.")
        {
            Bounds = static schema => (schema.Minimum, schema.Maximum, schema.Default) = ("1", "100", DefaultLimit),
        });
        builder.Metadata.Add(new ParameterMetadata("cursor", ParameterLocation.Query, JsonSchemaType.String, "The nextCursor of the page before."));
    }

    /// <summary>What the client sends to get the next page.</summary>
    public static string? CursorOf(string? continuation) =>
        continuation is null ? null : Base64Url.EncodeToString(Encoding.UTF8.GetBytes(continuation));

    private static PageRequest Read(IQueryCollection query)
    {
        var limit = DefaultLimit;
        if (query.TryGetValue("limit", out var limits)
            && (!IsNumber(limits, out limit) || limit is < 1 or > MaxLimit))
        {
            return new PageRequest { Error = Error.Invalid("limit", $"limit must be a number from 1 to {MaxLimit}.") };
        }

        string? continuation = null;
        return query.TryGetValue("cursor", out var cursors) && !TryReadCursor(cursors, out continuation)
            ? new PageRequest { Error = Error.Invalid("cursor", "cursor is not one of this list.") }
            : new PageRequest { Limit = limit, Continuation = continuation };
    }

    // The framework's parser lets NUL characters stand behind a number.
    private static bool IsNumber(string? text, out int number)
    {
        number = 0;
        return text is not null && text.All(char.IsAsciiDigit) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryReadCursor(string? cursor, out string? continuation)
    {
        continuation = null;
        if (string.IsNullOrEmpty(cursor) || cursor.Length > LongestCursor || !Base64Url.IsValid(cursor))
        {
            return false;
        }

        continuation = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return true;
    }
}

/// <summary>A page of a list, newest first.</summary>
/// <param name="Data">The items.</param>
/// <param name="Pagination">How to go on.</param>
internal sealed record PageResponse<T>(IReadOnlyList<T> Data, Pagination Pagination)
{
    public static PageResponse<T> Of(IReadOnlyList<T> items, PageRequest page, string? continuation) =>
        new(items, new Pagination(page.Limit, PageRequest.CursorOf(continuation)));
}

/// <summary>How to go on in a list.</summary>
/// <param name="Limit">The items that were asked for.</param>
/// <param name="NextCursor">What gives the next page; null after the last.</param>
internal sealed record Pagination(int Limit, string? NextCursor);
