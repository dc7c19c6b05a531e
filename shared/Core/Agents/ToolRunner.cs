using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Agents;

/// <summary>Runs one call of a model: an unknown tool or malformed arguments are refused with a structured result.</summary>
internal static class ToolRunner
{
    private const int MaxNameLength = 64;

    /// <summary>The outcome, and the call as the contract shows it.</summary>
    public static async Task<(ToolOutcome Outcome, ToolCall Shown)> RunAsync(
        LoopState state, FunctionCallContent call, ILogger logger, CancellationToken cancellationToken)
    {
        var known = state.Tools.FirstOrDefault(tool => string.Equals(tool.Name, call.Name, StringComparison.Ordinal))?.Name ?? "unknown";
        using var activity = AgentTelemetry.Tool(known);
        var outcome = await InvokeAsync(state, call, logger, cancellationToken);
        AgentTelemetry.ToolCalled(activity, known, outcome.Error is null);
        var shown = new ToolCall(
            Sanitize(call.Name), ToolArguments.ToJson(call.Arguments), outcome.Data, outcome.Error is null ? "succeeded" : "failed")
        {
            TransactionIds = outcome.Spends ? [.. outcome.Transactions.Select(static t => t.Id)] : [],
            Receipt = outcome.Receipt,
        };
        return (outcome, shown);
    }

    private static async Task<ToolOutcome> InvokeAsync(LoopState state, FunctionCallContent call, ILogger logger, CancellationToken cancellationToken)
    {
        var tool = state.Tools.FirstOrDefault(tool => string.Equals(tool.Name, call.Name, StringComparison.Ordinal));
        if (tool is null)
        {
            AgentLog.UnknownTool(logger, state.Turn.Bot.Id);
            // The name is the model's own text and must not reach the user as the host's.
            return ToolOutcome.Failed("tool", Error.Invalid("name", "This bot does not have the tool that was asked for."));
        }

        if (call.Exception is not null)
        {
            return ToolOutcome.Failed(tool.Name, Error.Invalid("arguments", "The arguments could not be read."), tool.Spends);
        }

        var arguments = new AIFunctionArguments(new Dictionary<string, object?>(call.Arguments ?? new Dictionary<string, object?>(), StringComparer.Ordinal));
        return (ToolOutcome)(await tool.InvokeAsync(arguments, cancellationToken))!;
    }

    private static string Sanitize(string? name) =>
        string.Concat((name ?? "").Where(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-').Take(MaxNameLength));
}
