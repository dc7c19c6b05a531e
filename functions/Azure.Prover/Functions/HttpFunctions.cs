using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using MidnightOS.Prover.Hosting;

namespace MidnightOS.Azure.Prover.Functions;

/// <summary>The functions that take requests. None of them knows a route or a rule: each hands the request to the pipeline of the proof service.</summary>
/// <remarks>No methods are named: the pipeline says what a path takes. Its answer is the answer, so the functions give an empty one.</remarks>
/// <param name="prover">The pipeline.</param>
public sealed class HttpFunctions(ProverPipeline prover)
{
    /// <summary>Stored jobs.</summary>
    [Function("Jobs")]
    public Task<IResult> JobsAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "jobs/{*path}")] HttpRequest request) => RunAsync(request);

    /// <summary>The routes of the official proof server, and all that is none; named so that it sorts last.</summary>
    [Function("ZzOfficial")]
    public Task<IResult> ZzOfficialAsync([HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request) => RunAsync(request);

    private async Task<IResult> RunAsync(HttpRequest request)
    {
        await prover.RunAsync(request.HttpContext);
        return Results.Empty;
    }
}
