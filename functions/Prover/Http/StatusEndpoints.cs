using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using MidnightOS.Prover.Queue;

namespace MidnightOS.Prover.Http;

/// <summary>What the proof server says of itself, to anyone.</summary>
internal sealed class StatusEndpoints(IProofQueue queue, TimeProvider time)
{
    /// <summary>The release of the official proof server whose protocol this speaks: that of the ledger packages it is built on.</summary>
    public const string Version = "8.1.0";

    /// <summary><c>GET /version</c>.</summary>
    public static Task VersionAsync(HttpContext context) => context.Response.TextAsync(StatusCodes.Status200OK, Version);

    /// <summary><c>GET /proof-versions</c>.</summary>
    public static Task ProofVersionsAsync(HttpContext context) => context.Response.TextAsync(StatusCodes.Status200OK, "[\"V2\"]");

    /// <summary><c>GET /</c> and <c>GET /health</c>.</summary>
    public Task HealthAsync(HttpContext context) => JsonAsync(context, writer =>
    {
        writer.WriteString("status", "ok");
        writer.WriteString("timestamp", Timestamp(time.GetUtcNow()));
    });

    /// <summary><c>GET /ready</c>: 503 while the queue is full.</summary>
    public Task ReadyAsync(HttpContext context)
    {
        var state = queue.State;
        context.Response.StatusCode = state.IsFull ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return JsonAsync(context, writer =>
        {
            writer.WriteString("status", state.IsFull ? "busy" : "ok");
            writer.WriteNumber("jobsProcessing", state.Processing);
            writer.WriteNumber("jobsPending", state.Pending);
            writer.WriteNumber("jobCapacity", state.Capacity);
            writer.WriteString("timestamp", Timestamp(time.GetUtcNow()));
        });
    }

    /// <summary>A moment as Rust's <c>time::OffsetDateTime</c> writes it for people: the fraction without trailing zeros, but never empty.</summary>
    internal static string Timestamp(DateTimeOffset moment)
    {
        var fraction = moment.UtcDateTime.ToString("fffffff", CultureInfo.InvariantCulture).TrimEnd('0');
        return string.Create(CultureInfo.InvariantCulture, $"{moment.UtcDateTime:yyyy-MM-dd HH:mm:ss}.{(fraction.Length == 0 ? "0" : fraction)} +00:00:00");
    }

    private static async Task JsonAsync(HttpContext context, Action<Utf8JsonWriter> write)
    {
        using var content = new MemoryStream(160);
        await using (var writer = new Utf8JsonWriter(content, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        await context.Response.BytesAsync(content.ToArray());
    }
}
