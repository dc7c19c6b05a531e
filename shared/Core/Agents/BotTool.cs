using System.Text.Json;
using Microsoft.Extensions.AI;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Results;

namespace MidnightOS.Core.Agents;

/// <summary>A tool of an agent, bound by the host to one turn. It checks its arguments against its schema before it runs.</summary>
internal abstract class BotTool : AIFunction
{
    private readonly JsonElement _schema;

    protected BotTool(AgentTurn turn, string schema)
    {
        Turn = turn;
        _schema = JsonSerializer.Deserialize<JsonElement>(schema);
    }

    /// <inheritdoc/>
    public override JsonElement JsonSchema => _schema;

    /// <summary>Whether it is about moving money.</summary>
    public virtual bool Spends => false;

    /// <summary>The turn that it serves.</summary>
    protected AgentTurn Turn { get; }

    /// <summary>Runs with arguments that fit the schema.</summary>
    protected abstract Task<ToolOutcome> RunAsync(JsonElement arguments, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var read = ToolArguments.Read(_schema, arguments);
        return read.IsSuccess ? await RunAsync(read.Value, cancellationToken) : Fail(read.Error);
    }

    /// <summary>A failure of this tool.</summary>
    protected ToolOutcome Fail(Error error) => ToolOutcome.Failed(Name, error, Spends);

    /// <summary>The structured result of a success.</summary>
    protected static JsonElement Ok<T>(T data) => JsonSerializer.SerializeToElement(new { status = "succeeded", data }, DocumentJson.Options);
}
