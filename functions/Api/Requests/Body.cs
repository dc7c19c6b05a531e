using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;
using MidnightOS.Api.Errors;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>The JSON body of a request, read strictly; every kind of wrong input is a 400 with the field's name.</summary>
/// <typeparam name="T">A record whose fields are the body's. <c>required</c> and validation attributes are its rules.</typeparam>
internal sealed class Body<T> : IRequestPart, IBindableFromHttpContext<Body<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private readonly Result<T> _result;

    private Body(Result<T> result) => _result = result;

    /// <inheritdoc/>
    public Error? Error => _result.Error;

    /// <summary>The body.</summary>
    public T Value => _result.Value;

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        if (!IsJson(context.Request.ContentType))
        {
            return new Body<T>(ExceptionErrors.NotJson);
        }

        var bytes = await RequestBytes.ReadAsync(context);
        return new Body<T>(bytes.IsSuccess ? RequestJson.Read<T>(bytes.Value.Content) : bytes.Error);
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new BodyMetadata(typeof(T)));

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}

/// <summary>Tells the OpenAPI document what an endpoint reads. Not the framework's own metadata: that would answer 415 before a 401.</summary>
/// <param name="Type">The body's type.</param>
internal sealed record BodyMetadata(Type Type);
