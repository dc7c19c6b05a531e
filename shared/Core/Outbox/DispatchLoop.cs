using Microsoft.Extensions.Logging;

namespace MidnightOS.Core.Outbox;

/// <summary>Dispatches this process's own outbox records as soon as they are committed. What it misses, the sweep of the due markers finds.</summary>
public sealed class DispatchLoop(OutboxSignal signal, DispatchOutbox dispatch, ILogger<DispatchLoop> logger) : SignalLoop(signal, dispatch.RunAsync, logger);
