using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;
using MidnightOS.Api.Documents;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>A query parameter that is <c>true</c>, <c>false</c> or absent; its name is the endpoint parameter's.</summary>
internal sealed class QueryFlag : IRequestPart, IBindableFromHttpContext<QueryFlag>, IEndpointParameterMetadataProvider
{
    /// <summary>Whether it is set.</summary>
    public bool IsSet { get; private init; }

    /// <inheritdoc/>
    public Error? Error { get; private init; }

    public static ValueTask<QueryFlag?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var name = parameter.Name!;
        var flag = !context.Request.Query.TryGetValue(name, out var values) ? new QueryFlag()
            : values.ToString().All(char.IsAsciiLetter) && bool.TryParse(values, out var set) ? new QueryFlag { IsSet = set }
            : new QueryFlag { Error = Error.Invalid(name, $"{name} must be true or false.") };
        return ValueTask.FromResult<QueryFlag?>(flag);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new ParameterMetadata(parameter.Name!, ParameterLocation.Query, JsonSchemaType.Boolean, "false by default."));
}
