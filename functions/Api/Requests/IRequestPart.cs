using Microsoft.AspNetCore.Http;
using MidnightOS.Api.Errors;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>A parameter of an endpoint that reads itself from the request. One that is wrong is answered before the endpoint runs.</summary>
internal interface IRequestPart
{
    /// <summary>What is wrong with it; null when it was read.</summary>
    Error? Error { get; }
}

/// <summary>Answers for endpoints whose parameters could not be read.</summary>
internal sealed class RequestPartFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach (var argument in context.Arguments)
        {
            if (argument is IRequestPart { Error: { } error })
            {
                return ValueTask.FromResult<object?>(error.ToHttp());
            }
        }

        return next(context);
    }
}
