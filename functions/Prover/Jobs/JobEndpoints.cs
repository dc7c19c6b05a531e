using System.Globalization;
using Microsoft.AspNetCore.Http;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Access;
using MidnightOS.Prover.Http;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Queue;

namespace MidnightOS.Prover.Jobs;

/// <summary>Proofs that take longer than an answer may: jobs that are stored, survive a restart, and are asked for.</summary>
internal sealed class JobEndpoints(
    ProverAccess access, BodyReader bodies, IProofQueue queue, SubmitProof submit, ReadProof read, CancelProof cancel, JobViews views)
{
    private const int PageSize = 50;

    /// <summary><c>POST /jobs</c>: the body of an official <c>/prove</c> → 202 with the job; the same body again gives the same job.</summary>
    public async Task SubmitAsync(HttpContext context)
    {
        if (await access.FindOwnerAsync(context) is not { } caller)
        {
            return;
        }

        var (body, status) = await bodies.ReadAsync(context.Request, caller.Tenant, context.RequestAborted);
        if (body is null)
        {
            await context.Response.TextAsync(status, status == StatusCodes.Status413PayloadTooLarge ? "payload too large" : PlainAnswers.QueueFull);
            return;
        }

        using (body)
        {
            body.IsReusable = true;
            await SubmitAsync(context, caller.Tenant, body);
        }
    }

    /// <summary><c>GET /jobs</c>: the caller's jobs, the newest first; <c>?cursor=</c> goes on.</summary>
    public async Task ListAsync(HttpContext context)
    {
        if (await access.FindOwnerAsync(context) is not { } caller)
        {
            return;
        }

        try
        {
            var (jobs, continuation) = await read.ListAsync(caller.Tenant, PageSize, Text(context, "cursor"), context.RequestAborted);
            await JobAnswers.JsonAsync(context, StatusCodes.Status200OK, new { data = jobs.Select(views.Of).ToList(), nextCursor = continuation });
        }
        catch (InvalidContinuationException)
        {
            await context.Response.TextAsync(StatusCodes.Status400BadRequest, "the cursor is not one of this list");
        }
    }

    /// <summary><c>GET /jobs/{id}</c>: the job; with <c>Accept: text/event-stream</c> each of its states as an event until its last.</summary>
    public Task GetAsync(HttpContext context) => OfJobAsync(context, async (tenant, job) =>
    {
        if (JobAnswers.WantsEvents(context.Request))
        {
            await JobAnswers.EventsAsync(context, views.WatchAsync(tenant, job, context.RequestAborted));
            return;
        }

        await JobAnswers.JsonAsync(context, StatusCodes.Status200OK, await views.OfAsync(tenant, job, context.RequestAborted));
    });

    /// <summary><c>GET /jobs/{id}/result</c>: the answer of an official <c>/prove</c>; 409 while there is none, 400 or 500 when there will be none, 410 when it is not there any more.</summary>
    public Task ResultAsync(HttpContext context) => OfJobAsync(context, async (tenant, job) =>
    {
        if (await read.ResultAsync(tenant, job.Id, context.RequestAborted) is { IsSuccess: true } proof)
        {
            await context.Response.BytesAsync(proof.Value);
            return;
        }

        if (job.Failure is { } failure)
        {
            var (status, text) = FailureAnswers.Of(failure);
            await context.Response.TextAsync(status, $"{text}: {failure.Reason}");
            return;
        }

        if (job.Status is ProofJobStatus.Succeeded)
        {
            await context.Response.TextAsync(StatusCodes.Status410Gone, "the proof is not here any more: send the same body to POST /jobs, and it is made again");
            return;
        }

        context.Response.Headers.RetryAfter = "1";
        await context.Response.TextAsync(StatusCodes.Status409Conflict, $"the job is {job.Status.ToString().ToLowerInvariant()}");
    });

    /// <summary><c>DELETE /jobs/{id}</c>: takes a job back, or erases an ended one with its proof.</summary>
    public Task DeleteAsync(HttpContext context) => OfJobAsync(context, async (tenant, job) =>
    {
        await cancel.RunAsync(tenant, job.Id, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    private async Task SubmitAsync(HttpContext context, TenantId tenant, HeldBody body)
    {
        if (!ProveRequestParser.TryParseProve(body.Content, out var request, out var error))
        {
            await context.Response.TextAsync(StatusCodes.Status400BadRequest, error.Answer);
            return;
        }

        body.Witness = request.Preimage;
        if (queue.IsFullFor(tenant))
        {
            await context.Response.TextAsync(StatusCodes.Status429TooManyRequests, PlainAnswers.QueueFull);
            return;
        }

        var job = await submit.RunAsync(tenant, new ProofRequest(body.Content, K: views.KOf(tenant, request)), context.RequestAborted);
        if (!job.IsSuccess)
        {
            context.Response.Headers.RetryAfter = job.Error.RetryAfter?.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            await context.Response.TextAsync(StatusCodes.Status429TooManyRequests, PlainAnswers.QueueFull);
            return;
        }

        context.Response.Headers.Location = $"/jobs/{job.Value.Id}";
        await JobAnswers.JsonAsync(context, StatusCodes.Status202Accepted, await views.OfAsync(tenant, job.Value, context.RequestAborted));
    }

    private async Task OfJobAsync(HttpContext context, Func<TenantId, ProofJob, Task> answer)
    {
        if (await access.FindOwnerAsync(context) is not { } caller)
        {
            return;
        }

        var id = (string)context.Request.RouteValues["id"]!;
        if (await read.FindAsync(caller.Tenant, id, context.RequestAborted) is { } job)
        {
            await answer(caller.Tenant, job);
            return;
        }

        await context.Response.TextAsync(StatusCodes.Status404NotFound, "there is no such job");
    }

    private static string? Text(HttpContext context, string name) => context.Request.Query.TryGetValue(name, out var values) && values.Count == 1 ? values[0] : null;
}
