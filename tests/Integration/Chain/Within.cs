namespace MidnightOS.Tests.Integration.Chain;

/// <summary>Turns a wait that would never end into a failure. No test depends on the length.</summary>
internal static class Within
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<T> Reason<T>(this Task<T> task) => task.WaitAsync(Patience);

    public static Task Reason(this Task task) => task.WaitAsync(Patience);

    public static Task<T> Reason<T>(this ValueTask<T> task) => task.AsTask().WaitAsync(Patience);
}
