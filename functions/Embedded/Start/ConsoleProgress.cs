namespace MidnightOS.Embedded.Start;

/// <summary>Says what takes long before the host is ready.</summary>
internal sealed class ConsoleProgress : IProgress<string>
{
    public void Report(string value) => Console.Out.WriteLine(value);
}
