namespace MidnightOS.Tests.Integration.Support;

/// <summary>Waits for what other threads and processes do. No test depends on how long it takes; what never happens fails the test.</summary>
internal static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static Task UntilAsync(Func<bool> happened) => UntilAsync(() => Task.FromResult(happened()));

    public static async Task UntilAsync(Func<Task<bool>> happened)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!await happened())
        {
            await Task.Delay(Pause, limit.Token);
        }
    }
}
