using System.Security.Cryptography;
using MidnightOS.Core.Storage;

namespace MidnightOS.Azure.Tables;

/// <summary>Tries a change again that another writer was faster than.</summary>
internal static class Contention
{
    private const int Attempts = 400;
    private const int Patient = 3;
    private const int LongestPause = 50;

    /// <param name="attempt">Looks at what is stored and changes it; null = another was faster.</param>
    /// <param name="cancellationToken">Ends the attempts.</param>
    public static async Task<T> RepeatAsync<T>(Func<Task<T?>> attempt, CancellationToken cancellationToken)
        where T : class
    {
        for (var i = 0; i < Attempts; i++)
        {
            if (await attempt() is { } done)
            {
                return done;
            }

            if (i >= Patient)
            {
                await Task.Delay(RandomNumberGenerator.GetInt32(1, LongestPause), cancellationToken);
            }
        }

        throw new StorageUnavailableException($"Others changed the same row {Attempts} times in between.");
    }
}
