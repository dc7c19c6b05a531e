using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Proofs;
using MidnightOS.Prover.Access;
using MidnightOS.Prover.Protocol;
using MidnightOS.Prover.Proving;
using MidnightOS.Prover.Queue;

namespace MidnightOS.Prover.Http;

/// <summary>The routes that take work: <c>/prove</c>, <c>/check</c>, <c>/prove-tx</c> and <c>/k</c>.</summary>
internal sealed partial class ProofEndpoints(
    IProofQueue queue, ProverAccess access, BodyReader bodies, AnswerLimits limits, ILogger<ProofEndpoints> logger)
{
    private const string UnknownIr = "Unsupported ZKIR version";

    /// <summary><c>POST /prove</c>.</summary>
    public Task ProveAsync(HttpContext context) => RunAsync(context, static body =>
        ProveRequestParser.TryParseProve(body, out var request, out var error) ? new Work(new ProofCall.Prove(request, body), request.Preimage) : new Work(error));

    /// <summary><c>POST /check</c>.</summary>
    public Task CheckAsync(HttpContext context) => RunAsync(context, static body =>
        ProveRequestParser.TryParseCheck(body, out var request, out var error) ? new Work(new ProofCall.Check(request), request.Preimage) : new Work(error));

    /// <summary><c>POST /prove-tx</c>.</summary>
    public Task ProveTransactionAsync(HttpContext context) => RunAsync(context, static body =>
        ProveRequestParser.TryParseProveTransaction(body, out var request, out var error) ? new Work(new ProofCall.ProveTransaction(request), request.Transaction) : new Work(error));

    /// <summary><c>POST /k</c>.</summary>
    public Task KAsync(HttpContext context) => RunAsync(context, static body =>
        ProveRequestParser.TryParseIr(body, out var error) ? new Work(new ProofCall.K(body), default) : new Work(error));

    private async Task RunAsync(HttpContext context, Func<ReadOnlyMemory<byte>, Work> parse)
    {
        if (await access.FindAsync(context) is not { } caller)
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
            await RunAsync(context, caller, parse(body.Content), body);
        }
    }

    private async Task RunAsync(HttpContext context, ProofCaller caller, Work work, HeldBody body)
    {
        if (work.Call is not { } call)
        {
            body.IsReusable = true;
            if (logger.IsEnabled(LogLevel.Information))
            {
                LogRefused(context.Request.Path, body.Content.Length, work.Error!);
            }

            await context.Response.TextAsync(StatusCodes.Status400BadRequest, work.Error!.Answer);
            return;
        }

        using var limit = limits.Start(context.RequestAborted);
        body.Witness = work.Witness;
        try
        {
            var answer = await queue.RunAsync(caller, call, limit.TimeUp, limit.Gone);
            body.InUse = answer.BytesInUse;
            body.IsReusable = true;
            body.Dispose();
            await (answer.JobId is { } job ? PointToAsync(context, job) : AnswerAsync(context, call, answer.Answer));
        }
        catch (OperationCanceledException) when (limit.Reason(call) is { } reason)
        {
            await context.Response.TextAsync(StatusCodes.Status503ServiceUnavailable, reason);
        }
    }

    // The proof goes on. Who asks again, as the official client does, waits for the same one.
    private static async Task PointToAsync(HttpContext context, string jobId)
    {
        context.Response.Headers.Location = $"/jobs/{jobId}";
        context.Response.Headers.RetryAfter = "5";
        await context.Response.TextAsync(StatusCodes.Status503ServiceUnavailable, $"The proof takes longer than an answer may. It goes on as /jobs/{jobId}.");
    }

    private async Task AnswerAsync(HttpContext context, ProofCall call, ProverAnswer? answer)
    {
        if (answer is null)
        {
            await context.Response.TextAsync(StatusCodes.Status429TooManyRequests, PlainAnswers.QueueFull);
        }
        else if (answer.IsDone)
        {
            await context.Response.BytesAsync(call is ProofCall.K ? Encoding.ASCII.GetBytes((answer.K ?? 0).ToString(CultureInfo.InvariantCulture)) : answer.Content);
        }
        else
        {
            if (logger.IsEnabled(LogLevel.Information))
            {
                LogNotDone(context.Request.Path, answer.Failure.Kind, answer.Failure.Reason);
            }

            var (status, text) = Failure(call, answer.Failure);
            await context.Response.TextAsync(status, text);
        }
    }

    // The official server says no more than "bad input" when a file is missing, and leaves its user to guess which one is wanted.
    private static (int Status, string Text) Failure(ProofCall call, ProofFailure failure) => failure.Kind switch
    {
        ProofFailureKind.BadInput when call is ProofCall.K => (StatusCodes.Status400BadRequest, UnknownIr),
        ProofFailureKind.MissingFile => (StatusCodes.Status400BadRequest, $"{PlainAnswers.BadInput}: {failure.Reason}"),
        _ => FailureAnswers.Of(failure),
    };

    [LoggerMessage(EventId = 7101, Level = LogLevel.Information, Message = "A body of {Route} ({Bytes} bytes) was refused: {Error}")]
    private partial void LogRefused(PathString route, int bytes, ProtocolError error);

    [LoggerMessage(EventId = 7102, Level = LogLevel.Information, Message = "{Route} was not done: {Kind}, {Reason}")]
    private partial void LogNotDone(PathString route, ProofFailureKind kind, string reason);

    private readonly record struct Work(ProofCall? Call, ReadOnlyMemory<byte> Witness, ProtocolError? Error)
    {
        public Work(ProofCall call, ReadOnlyMemory<byte> witness)
            : this(call, witness, null)
        {
        }

        public Work(ProtocolError error)
            : this(null, default, error)
        {
        }
    }
}
