using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Errors;

/// <summary>The one place where errors become HTTP.</summary>
internal static class ErrorAnswers
{
    /// <summary>The answer to a failure, or what success gives.</summary>
    public static IResult ToHttp<T>(this Result<T> result, Func<T, IResult> success) => result.Match(success, ToHttp);

    /// <summary>204, or the answer to a failure.</summary>
    public static IResult ToHttp(this Result<Done> result) => result.ToHttp(static _ => Results.NoContent());

    /// <summary>The answer to a failure.</summary>
    public static IResult ToHttp(this Error error) => new ErrorResult(error);

    /// <summary>Writes the answer to a failure.</summary>
    /// <param name="response">Of a request that was not answered yet.</param>
    /// <param name="error">The failure.</param>
    public static Task WriteAsync(this HttpResponse response, Error error)
    {
        response.StatusCode = error.Code.Status;
        if (error.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (response.StatusCode == StatusCodes.Status401Unauthorized && response.Headers.WWWAuthenticate.Count == 0)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        response.Headers.Remove(HeaderNames.ETag);
        var problem = Problem.From(error, response.StatusCode, response.HttpContext);
        return response.WriteAsJsonAsync(problem, ApiJson.Options, Problem.MediaType, response.HttpContext.RequestAborted);
    }

    private sealed class ErrorResult(Error error) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => error.Code.Status;

        public Task ExecuteAsync(HttpContext httpContext) => httpContext.Response.WriteAsync(error);
    }
}
