using Microsoft.Extensions.Options;

namespace MidnightOS.Core;

/// <summary>What is wrong with the settings, for whoever started the program.</summary>
public static class SettingProblem
{
    /// <summary>The sentence, which names the setting; null when the exception is about none.</summary>
    public static string? Of(Exception exception) => exception switch
    {
        OptionsValidationException wrong => string.Join(" ", wrong.Failures),
        OptionsProblemException => exception.Message,
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => Unbound(exception.Message),
        AggregateException { InnerExceptions: [var only] } => Of(only),
        _ => null,
    };

    // "Failed to convert configuration value 'abc' at 'Devnet:IndexerPort' to type 'System.Int32'."
    private static string Unbound(string message) =>
        message.Split('\'') is [_, var value, _, var setting, _, var type, ..]
            ? $"{setting} cannot be \"{value}\": it is {(type.EndsWith("TimeSpan", StringComparison.Ordinal) ? "a time such as 00:00:01" : type.EndsWith("Uri", StringComparison.Ordinal) ? "an address" : "a number")}."
            : message;
}
