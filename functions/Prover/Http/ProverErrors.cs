using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Accounts;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Storage;

namespace MidnightOS.Prover.Http;

/// <summary>Answers what no route answered: exceptions, and paths and methods that are none.</summary>
internal sealed partial class ProverErrors(RequestDelegate next, ILogger<ProverErrors> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            context.Abort();
        }
        catch (BadHttpRequestException exception) when (!context.Response.HasStarted)
        {
            await context.Response.TextAsync(exception.StatusCode, Text(exception.StatusCode));
        }
        catch (Exception exception) when (exception is StorageUnavailableException or VaultException or VaultUnavailableException or IssuerUnavailableException)
        {
            LogOutage(exception);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, PlainAnswers.Outage);
        }
        catch (Exception exception)
        {
            LogDefect(exception);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, PlainAnswers.Internal);
        }
    }

    /// <summary>Routing's own answer to a wrong method is 405; the official server knows no such path then.</summary>
    public static Task UnroutedAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is RouteEndpoint)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "5";
        }

        return context.Response.TextAsync(status, text);
    }

    private static string Text(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "payload too large",
        StatusCodes.Status408RequestTimeout => "request timeout",
        _ => "bad request",
    };

    [LoggerMessage(EventId = 7100, Level = LogLevel.Error, Message = "A request of the proof service failed")]
    private partial void LogDefect(Exception exception);

    [LoggerMessage(EventId = 7103, Level = LogLevel.Warning, Message = "A request of the proof service could not be served: a dependency is out of reach")]
    private partial void LogOutage(Exception exception);
}
