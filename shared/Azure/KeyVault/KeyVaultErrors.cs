using System.Text.Json;
using Azure;
using Azure.Identity;
using MidnightOS.Core.Custody;

namespace MidnightOS.Azure.KeyVault;

/// <summary>What an answer of Key Vault means.</summary>
/// <remarks>Codes: https://learn.microsoft.com/azure/key-vault/general/rest-error-codes. A disabled version is told as 403 with the inner code <c>KeyDisabled</c>.</remarks>
internal static class KeyVaultErrors
{
    /// <summary>Makes a call and tells its failures by the platform's exceptions.</summary>
    public static async Task<T> CallAsync<T>(KeyAddress key, string what, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RequestFailedException error)
        {
            throw Of(key, what, error.Status, InnerCode(error), error);
        }
        catch (AuthenticationFailedException error)
        {
            throw new VaultUnavailableException($"The vault of the key {key} could not be asked to {what}: this app could not sign in.", error);
        }
        catch (AggregateException error) when (error.InnerExceptions.All(static inner => inner is RequestFailedException))
        {
            throw new VaultUnavailableException($"The vault of the key {key} is out of reach; the call was repeated.", error);
        }
    }

    /// <summary>Whether the identity lacks the right, rather than the version being disabled.</summary>
    public static bool IsForbidden(RequestFailedException error) => error.Status == 403 && !IsDisabled(InnerCode(error));

    /// <param name="key">The key.</param>
    /// <param name="what">What was asked: "unwrap".</param>
    /// <param name="status">The HTTP status; 0 when there was no answer.</param>
    /// <param name="innerCode">The innermost code of the error; null when there is none.</param>
    /// <param name="error">What the client threw.</param>
    internal static Exception Of(KeyAddress key, string what, int status, string? innerCode, Exception error) => status switch
    {
        404 => new VaultException($"The key {key} or the version to {what} with is gone.", error),
        403 when IsDisabled(innerCode) => new VaultException($"The version of the key {key} to {what} with is disabled, expired or not valid yet.", error),
        400 => new VaultException($"The vault of the key {key} refused to {what}: what it was given was tampered with, or is not for this key.", error),
        _ => new VaultUnavailableException($"The vault of the key {key} could not {what} ({(status == 0 ? "no answer" : $"status {status}")}).", error),
    };

    private static bool IsDisabled(string? code) => code is "KeyDisabled" or "KeyNotYetValid" or "KeyExpired";

    private static string? InnerCode(RequestFailedException error)
    {
        if (error.GetRawResponse()?.Content is not { } content)
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(content);
            return json.RootElement.TryGetProperty("error", out var outer) && outer.TryGetProperty("innererror", out var inner) && inner.TryGetProperty("code", out var code)
                ? code.GetString()
                : null;
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException)
        {
            // An answer of something in between that is no vault.
            return null;
        }
    }
}
