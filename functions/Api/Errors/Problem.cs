using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Errors;

/// <summary>An error answer: <c>application/problem+json</c> of RFC 9457 with the platform's own <c>error</c> beside its members.</summary>
/// <param name="Type">A URN of the error code; the same for every occurrence.</param>
/// <param name="Title">A short sentence, the same for every occurrence.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">What happened this time.</param>
/// <param name="TraceId">Finds the request in logs and traces.</param>
/// <param name="Error">The code and the fields at fault.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string TraceId, ProblemError Error)
{
    public const string MediaType = "application/problem+json";

    public static Problem From(Error error, int status, HttpContext context) => new(
        $"urn:midnightos:error:{error.Code.Name}", error.Code.Title, status, error.Message, TraceIdOf(context),
        new ProblemError(error.Code.Name, error.Message, error.Details ?? new Dictionary<string, string>(StringComparer.Ordinal)));

    public static string TraceIdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}

/// <summary>The platform's error.</summary>
/// <param name="Code">The stable code.</param>
/// <param name="Message">The sentence that the user reads.</param>
/// <param name="Details">Field name to what is wrong with it; empty when no field is at fault.</param>
internal sealed record ProblemError(string Code, string Message, IReadOnlyDictionary<string, string> Details);
