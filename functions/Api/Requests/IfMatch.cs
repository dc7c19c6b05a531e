using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;
using MidnightOS.Api.Documents;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>The <c>If-Match</c> header of a change (RFC 9110, 13.1.1).</summary>
internal sealed class IfMatch : IRequestPart, IBindableFromHttpContext<IfMatch>, IEndpointParameterMetadataProvider
{
    /// <summary>The version that the change is made to; null when any will do (no header, or <c>*</c>).</summary>
    public string? ETag { get; private init; }

    /// <inheritdoc/>
    public Error? Error { get; private init; }

    public static ValueTask<IfMatch?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<IfMatch?>(Read(context.Request.Headers.IfMatch));

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ParameterMetadata("If-Match", ParameterLocation.Header, JsonSchemaType.String, "The ETag that the change is made to."));
        builder.Metadata.Add(new FailureMetadata([ErrorCodes.PreconditionFailed]));
    }

    private static IfMatch Read(string? header)
    {
        if (string.IsNullOrEmpty(header) || header == "*")
        {
            return new IfMatch();
        }

        // If-Match compares strongly, and a weak tag never matches strongly.
        return !EntityTagHeaderValue.TryParse(header, out var tag) ? new IfMatch { Error = Error.Invalid("If-Match", "If-Match must be one ETag of this resource.") }
            : tag.IsWeak ? new IfMatch { Error = new Error(ErrorCodes.PreconditionFailed, "If-Match needs a strong ETag.") }
            : new IfMatch { ETag = tag.Tag.Substring(1, tag.Tag.Length - 2) };
    }
}

internal static class ETagConventions
{
    /// <summary>Puts the version of what is answered on the answer.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="etag">The store's ETag, without quotes.</param>
    public static void SetETag(this HttpResponse response, string etag) => response.Headers.ETag = $"\"{etag}\"";
}
