using System.Text.Json;
using MidnightOS.Core.Documents;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Azure.Messaging;

/// <summary>A message of the queue <c>proofs</c>: the word of a proof job. Whoever accepts a job sends it, the prover takes it.</summary>
/// <remarks>
/// The body names the job alone. The key that opens its request is an application property: whoever puts a message aside can take a property off it, the body stays
/// (<c>propertiesToModify</c> of a dead-lettered message). See docs/adr/0016.
/// </remarks>
public sealed record ProofMessage
{
    /// <summary>The queue.</summary>
    public const string Queue = "proofs";

    /// <summary>The application property with the key, base64.</summary>
    public const string KeyProperty = "key";

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>What names the job's bytes, and the job.</summary>
    public required string Payload { get; init; }

    /// <summary>How often it was sent on before.</summary>
    public int Sent { get; init; }

    /// <summary>The message's id: one for each time that the word is sent, so that a queue which drops doubles drops none that is sent on.</summary>
    public static string IdOf(ProofWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return $"{word.Payload}.{word.Sent}";
    }

    /// <summary>The message's body, UTF-8 JSON.</summary>
    public static byte[] BodyOf(ProofWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return JsonSerializer.SerializeToUtf8Bytes(new ProofMessage { Tenant = word.Tenant.Value, Payload = word.Payload, Sent = word.Sent }, DocumentJson.Options);
    }

    /// <summary>The value of <see cref="KeyProperty"/>.</summary>
    public static string KeyOf(ProofWord word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return Convert.ToBase64String(word.Key);
    }

    /// <summary>Reads a message.</summary>
    /// <param name="body">Its body.</param>
    /// <param name="key">Its key; null or no base64 gives a word without a key, whose job is ended with the reason.</param>
    /// <returns>The word; null when it is none, which belongs into the dead letters.</returns>
    public static ProofWord? Read(ReadOnlyMemory<byte> body, string? key)
    {
        try
        {
            return JsonSerializer.Deserialize<ProofMessage>(body.Span, DocumentJson.Options) is { } message
                ? ProofWord.Of(message.Tenant, message.Payload, Bytes(key), message.Sent)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[] Bytes(string? text)
    {
        var bytes = new byte[(text?.Length ?? 0) * 3 / 4];
        return Convert.TryFromBase64String(text ?? "", bytes, out var length) ? bytes[..length] : [];
    }
}
