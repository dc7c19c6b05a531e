namespace MidnightOS.Tests.Soak.Faults;

/// <summary>What a proxy does with connections; WebSockets are none of another kind to it.</summary>
internal enum Fault
{
    /// <summary>Carries every byte.</summary>
    None,

    /// <summary>Takes connections, and nothing moves on any of them.</summary>
    Stop,

    /// <summary>Resets every connection at once.</summary>
    Refuse,

    /// <summary>Carries pieces, each after a pause.</summary>
    Slow,

    /// <summary>Resets connections in the midst of answers.</summary>
    Cut,

    /// <summary>Answers everything with HTTP 500.</summary>
    Error,

    /// <summary>Answers with bytes that are no HTTP.</summary>
    Garbage,
}
