using System.Reflection;
using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>A query parameter that is <c>true</c>, <c>false</c> or absent; its name is the endpoint parameter's.</summary>
internal sealed class QueryFlag : IRequestPart, IBindableFromHttpContext<QueryFlag>
{
    /// <summary>Whether it is set.</summary>
    public bool IsSet { get; private init; }

    /// <inheritdoc/>
    public Error? Error { get; private init; }

    public static ValueTask<QueryFlag?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var name = parameter.Name!;
        var flag = !context.Request.Query.TryGetValue(name, out var values) ? new QueryFlag()
            : bool.TryParse(values, out var set) ? new QueryFlag { IsSet = set }
            : new QueryFlag { Error = Error.Invalid(name, $"{name} must be true or false.") };
        return ValueTask.FromResult<QueryFlag?>(flag);
    }
}
