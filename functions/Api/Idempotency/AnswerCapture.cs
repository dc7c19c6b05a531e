using System.Net.Mime;
using Microsoft.AspNetCore.Http;

namespace MidnightOS.Api.Idempotency;

/// <summary>Takes the place of an answer's body: keeps what is written, and holds it back until it is recorded. An event stream also goes out as it is written.</summary>
internal sealed class AnswerCapture(HttpResponse response, Stream original) : Stream
{
    private const string EventStream = "text/event-stream";

    private static readonly string[] ContentHeaders = ["Content-Type", "ETag", "Location"];

    private readonly MemoryStream _kept = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool PassesThrough => response.ContentType?.StartsWith(EventStream, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The answer as it is remembered.</summary>
    public StoredAnswer ToAnswer() => new(
        response.StatusCode,
        ContentHeaders.Where(response.Headers.ContainsKey).ToDictionary(static name => name, name => response.Headers[name].ToString(), StringComparer.Ordinal),
        _kept.ToArray());

    /// <summary>Sends what was held back.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        if (!PassesThrough && _kept.Length > 0)
        {
            await original.WriteAsync(_kept.GetBuffer().AsMemory(0, (int)_kept.Length), cancellationToken);
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _kept.Write(buffer.Span);
        if (PassesThrough)
        {
            await original.WriteAsync(buffer, cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) =>
        PassesThrough ? original.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Flush() => throw new NotSupportedException("Answers are written asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Answers are written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
