using System.Runtime.InteropServices;

namespace MidnightOS.Midnight.Node;

/// <summary>Forbids core dumps of this process and, since limits are inherited, of every child: a dump would hold seeds.</summary>
internal static class CoreDumps
{
    /// <summary>
    /// A limit of one byte rather than none: Linux ignores a limit of 0 when dumps go to a program (<c>core_pattern</c> with a pipe), but
    /// refuses the dump for a limit of 1 (<c>fs/coredump.c</c>); a file of one byte is never written either.
    /// </summary>
    private const ulong OneByte = 1;

    private const int CoreResource = 4;

    private static readonly Lazy<bool> Forbidden = new(Apply);

    /// <summary>Whether dumps are forbidden now. Windows has no such limit and writes no dumps unless an administrator asks for them.</summary>
    public static bool Forbid() => Forbidden.Value;

    private static bool Apply()
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        var limit = new Limit { Current = OneByte, Maximum = OneByte };
        if (NativeMethods.SetLimit(CoreResource, ref limit) == 0)
        {
            return true;
        }

        // The hard limit is 0 already and may not be raised.
        limit = default;
        return NativeMethods.SetLimit(CoreResource, ref limit) == 0;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Current;
        public ulong Maximum;
    }

    private static class NativeMethods
    {
        // getrlimit(2): RLIMIT_CORE is 4 and rlim_t is 64 bits wide on 64-bit Linux and on macOS.
        [DllImport("libc", EntryPoint = "setrlimit", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int SetLimit(int resource, ref Limit limit);
    }
}
