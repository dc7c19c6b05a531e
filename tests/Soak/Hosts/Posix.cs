using System.Runtime.InteropServices;

namespace MidnightOS.Tests.Soak.Hosts;

/// <summary>Signals to processes.</summary>
internal static class Posix
{
    public const int Kill = 9;
    public const int Terminate = 15;

    /// <summary>Sends a signal; a process that is gone already is none to mind.</summary>
    public static void Send(int pid, int signal) => _ = kill(pid, signal);

#pragma warning disable IDE1006, SYSLIB1054 // The name of libc.
    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int pid, int signal);
#pragma warning restore IDE1006, SYSLIB1054
}
