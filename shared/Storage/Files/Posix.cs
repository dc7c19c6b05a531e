using System.Runtime.InteropServices;

namespace MidnightOS.Storage.Files;

/// <summary>The calls of libc that .NET does not offer: a folder cannot be synced, a link not made, a lock not tried through it.</summary>
internal static class Posix
{
    public const int ReadOnly = 0;
    public const int ReadWrite = 2;
    public const int FileExists = 17;
    public const int LockExclusiveNow = 2 | 4;
    public const int Unlock = 8;

    /// <summary>A child process must not inherit the descriptor (O_CLOEXEC).</summary>
    public static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    public static IOException LastError(string call, string path)
    {
        var code = Marshal.GetLastPInvokeError();
        return new IOException($"{call} failed for {path}: {Marshal.GetPInvokeErrorMessage(code)}", code);
    }

#pragma warning disable IDE1006, SYSLIB1054, CA2101 // The names of libc.
    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int close(int descriptor);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int flock(int descriptor, int operation);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static extern int link(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string created);
#pragma warning restore IDE1006, SYSLIB1054, CA2101
}
