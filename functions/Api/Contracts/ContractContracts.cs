using System.Buffers;
using System.Text.Json;
using MidnightOS.Api.Requests;
using MidnightOS.Core.Chain;
using MidnightOS.Core.Contracts;

namespace MidnightOS.Api.Contracts;

internal sealed record CallBody
{
    /// <summary>The entry point's name: the circuit's, as the Compact compiler calls it.</summary>
    [Text(128)]
    public required string EntryPoint { get; init; }

    /// <summary>What the call does to the contract's state: the official runtime's public transcript, the ledger's Op&lt;AlignedValue&gt;[] with bytes in lower hex.</summary>
    public required IReadOnlyList<JsonElement> Transcript { get; init; }

    /// <summary>The circuit's private outputs (AlignedValue[]); without them, none.</summary>
    public IReadOnlyList<JsonElement>? PrivateTranscriptOutputs { get; init; }

    /// <summary>The circuit's input (AlignedValue); without it, empty.</summary>
    public JsonElement? Input { get; init; }

    /// <summary>The circuit's output (AlignedValue); without it, empty.</summary>
    public JsonElement? Output { get; init; }

    /// <summary>The randomness of the commitment to input and output, lower hex; without it, fresh.</summary>
    [Text(80)]
    public string? CommunicationRandomness { get; init; }

    /// <summary>The circuit's keys.</summary>
    public required CallKeys Keys { get; init; }

    /// <summary>A note of the user's own, at most 500 characters; it does not go to the chain.</summary>
    [Text(500, MayBeBlank = true)]
    public string? Note { get; init; }

    public CallPayload ToPayload()
    {
        var json = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(json);
        writer.WriteStartObject();
        Write(writer, "transcript", Transcript);
        Write(writer, "privateTranscriptOutputs", PrivateTranscriptOutputs);
        Write(writer, "input", Input);
        Write(writer, "output", Output);
        if (CommunicationRandomness is { } randomness)
        {
            writer.WriteString("communicationRandomness", randomness);
        }

        writer.WriteEndObject();
        writer.Flush();
        return new CallPayload(json.WrittenSpan.ToArray(), new CircuitKeys(Keys.ProverKey, Keys.VerifierKey, Keys.Ir));
    }

    private static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<JsonElement>? items)
    {
        if (items is not null)
        {
            writer.WriteStartArray(name);
            foreach (var item in items)
            {
                item.WriteTo(writer);
            }

            writer.WriteEndArray();
        }
    }

    private static void Write(Utf8JsonWriter writer, string name, JsonElement? item)
    {
        if (item is { } value)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}

/// <summary>A circuit's keys as the Compact compiler writes them, each in base64; at most 12 MiB in all.</summary>
internal sealed record CallKeys
{
    /// <summary>The proving key.</summary>
    public required byte[] ProverKey { get; init; }

    /// <summary>The verifying key; it must be the contract's.</summary>
    public required byte[] VerifierKey { get; init; }

    /// <summary>The binary intermediate representation (.bzkir).</summary>
    public required byte[] Ir { get; init; }
}
