using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MidnightOS.Core.Outbox;

namespace MidnightOS.Core.Proofs.Apart;

/// <summary>Tells of this process's own records of jobs as soon as they are committed.</summary>
public sealed class ProofNewsLoop([FromKeyedServices(ApartServices.Key)] OutboxSignal signal, IProofNews news, ILogger<ProofNewsLoop> logger)
    : SignalLoop(signal, news.TellAsync, logger);
