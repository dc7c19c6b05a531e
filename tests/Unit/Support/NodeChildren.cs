using System.Globalization;

namespace MidnightOS.Tests.Unit.Support;

/// <summary>The Node processes that a host has started.</summary>
internal static class NodeChildren
{
    /// <summary>The proving processes of a host, those that end while they are looked at left out.</summary>
    /// <param name="host">The host's process id.</param>
    /// <returns>Process ids.</returns>
    public static List<int> Proving(int host)
    {
        List<int> found = [];
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            try
            {
                if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                    && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains(Path.Combine("prover", "src", "main.js"), StringComparison.Ordinal)
                    && File.ReadAllText(Path.Combine(folder, "status")).Contains($"PPid:\t{host}\n", StringComparison.Ordinal))
                {
                    found.Add(id);
                }
            }
            catch (IOException)
            {
                // It ended while it was looked at.
            }
        }

        return found;
    }

    /// <summary>The most memory that a process has held so far, MiB.</summary>
    /// <param name="process">Its id.</param>
    public static double PeakMebibytes(int process)
    {
        const string Peak = "VmHWM:";
        var line = File.ReadLines($"/proc/{process}/status").First(static line => line.StartsWith(Peak, StringComparison.Ordinal));
        return double.Parse(line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024;
    }
}
