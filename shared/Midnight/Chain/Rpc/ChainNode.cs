using Microsoft.Extensions.Logging;
using MidnightOS.Core.Chain;

namespace MidnightOS.Midnight.Chain.Rpc;

/// <summary>Submits transactions over the node's JSON-RPC.</summary>
internal sealed class ChainNode(JsonRpc rpc, ILogger<ChainNode> logger) : IChainNode
{
    public async Task<Submission> SubmitAsync(ReadOnlyMemory<byte> transaction, CancellationToken cancellationToken)
    {
        // A call that timed out is sent again: bytes that arrived the first time answer "already imported".
        var answer = await rpc.CallAsync("author_submitExtrinsic", [MidnightExtrinsic.Encode(transaction.Span)], cancellationToken);
        if (answer.Error is not { } error)
        {
            return new Submission(SubmissionOutcome.Accepted, null);
        }

        var submission = SubmissionAnswers.Of(error);
        if (submission.Outcome is SubmissionOutcome.Refused)
        {
            ChainLog.Refused(logger, submission.Reason ?? "");
        }

        return submission;
    }
}
