using System.Net.Sockets;
using Microsoft.Extensions.Options;
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
        OptionsValidationException wrong => string.Join(" ", wrong.Failures),
        OptionsProblemException or NodeUnavailableException or DevnetUnavailableException or VaultException or StorageUnavailableException => exception.Message,
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => Unbound(exception.Message),
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } => $"{exception.Message.Split('\n')[0].Trim()} Use http in --urls, or name a certificate with --Kestrel:Certificates:Default:Path.",
        IOException { InnerException: SocketException or { InnerException: SocketException } } => $"{exception.Message} Choose another address with --urls.",
        AggregateException { InnerExceptions: [var only] } => Of(only),
        _ => null,
    };

    // "Failed to convert configuration value 'abc' at 'Devnet:IndexerPort' to type 'System.Int32'."
    private static string Unbound(string message) =>
        message.Split('\'') is [_, var value, _, var setting, _, var type, ..]
            ? $"{setting} cannot be \"{value}\": it is {(type.EndsWith("TimeSpan", StringComparison.Ordinal) ? "a time such as 00:00:01" : type.EndsWith("Uri", StringComparison.Ordinal) ? "an address" : "a number")}."
            : message;
}
