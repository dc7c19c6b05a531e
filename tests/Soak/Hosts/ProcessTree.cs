namespace MidnightOS.Tests.Soak.Hosts;

/// <summary>The children of a host, found in <c>/proc</c>: the host itself is not asked.</summary>
internal static class ProcessTree
{
    /// <summary>The children of a process whose command line contains a text.</summary>
    public static IReadOnlyList<int> ChildrenOf(int parent, string commandPart)
    {
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && ParentOf(folder) == parent && CommandOf(folder).Contains(commandPart, StringComparison.Ordinal))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    private static int ParentOf(string folder)
    {
        // pid (name) state parent …; the name may hold anything, a bracket too.
        var stat = Read(Path.Combine(folder, "stat"));
        var afterName = stat.LastIndexOf(')');
        return afterName < 0 ? 0 : int.Parse(stat[(afterName + 2)..].Split(' ')[1]);
    }

    private static string CommandOf(string folder) => Read(Path.Combine(folder, "cmdline"));

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
            return "";
        }
    }
}
