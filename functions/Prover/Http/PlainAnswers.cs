using System.Text;
using Microsoft.AspNetCore.Http;

namespace MidnightOS.Prover.Http;

/// <summary>Answers as the official proof server writes them: errors are plain text, results have no content type.</summary>
internal static class PlainAnswers
{
    /// <summary>What it says to a body that cannot be proved.</summary>
    public const string BadInput = "bad input";

    /// <summary>What it says when no more can wait.</summary>
    public const string QueueFull = "Job Queue full";

    /// <summary>What it says to a fault of its own.</summary>
    public const string Internal = "internal error";

    /// <summary>What this one says when something that it needs is out of reach.</summary>
    public const string Outage = "temporarily unavailable";

    /// <summary>Answers with text.</summary>
    public static Task TextAsync(this HttpResponse response, int status, string text)
    {
        response.StatusCode = status;
        response.ContentType = "text/plain; charset=utf-8";
        response.ContentLength = Encoding.UTF8.GetByteCount(text);
        return response.WriteAsync(text, response.HttpContext.RequestAborted);
    }

    /// <summary>Answers 200 with bytes.</summary>
    public static Task BytesAsync(this HttpResponse response, ReadOnlyMemory<byte> content)
    {
        response.ContentLength = content.Length;
        return response.Body.WriteAsync(content, response.HttpContext.RequestAborted).AsTask();
    }
}
