using System.Net.Sockets;
using MidnightOS.Core;
using MidnightOS.Core.Custody;
using MidnightOS.Core.Storage;
using MidnightOS.Midnight.Devnet;
using MidnightOS.Midnight.Node;

namespace MidnightOS.Embedded.Start;

/// <summary>What keeps a host from starting, as one sentence for whoever started it.</summary>
internal static class StartProblem
{
    /// <summary>The sentence; null when the exception is a bug and its stack is wanted.</summary>
    public static string? Of(Exception exception) => exception switch
    {
        NodeUnavailableException or DevnetUnavailableException or VaultException or VaultUnavailableException or StorageUnavailableException => exception.Message,
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } => $"{exception.Message.Split('\n')[0].Trim()} Use http in --urls, or name a certificate with --Kestrel:Certificates:Default:Path.",
        IOException { InnerException: SocketException or { InnerException: SocketException } } => $"{exception.Message} Choose another address with --urls.",
        AggregateException { InnerExceptions: [var only] } => Of(only),
        _ => SettingProblem.Of(exception),
    };
}
