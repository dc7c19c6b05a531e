using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MidnightOS.Core.Agents.Models;

/// <summary>The function calls of one streamed answer, which come in pieces told apart by the call's index.</summary>
internal sealed class ToolCallPieces
{
    private readonly SortedDictionary<int, Call> _calls = [];

    /// <summary>How many calls there are.</summary>
    public int Count => _calls.Count;

    /// <summary>Takes a piece: id and name come once, the arguments' JSON in parts.</summary>
    public void Add(int index, string? id, string? name, string? arguments)
    {
        if (!_calls.TryGetValue(index, out var call))
        {
            _calls[index] = call = new Call();
        }

        call.Id = string.IsNullOrEmpty(id) ? call.Id : id;
        call.Name = string.IsNullOrEmpty(name) ? call.Name : name;
        call.Arguments.Append(arguments);
    }

    /// <summary>The calls in the model's order; arguments that are no JSON object are told by <see cref="FunctionCallContent.Exception"/>.</summary>
    public IEnumerable<FunctionCallContent> ToContents() => _calls.Values.Select(static call => call.ToContent());

    private sealed class Call
    {
        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();

        public FunctionCallContent ToContent()
        {
            var json = Arguments.Length == 0 ? "{}" : Arguments.ToString();
            return FunctionCallContent.CreateFromParsedArguments(
                json, Id, Name, static text => JsonSerializer.Deserialize<Dictionary<string, object?>>(text));
        }
    }
}
