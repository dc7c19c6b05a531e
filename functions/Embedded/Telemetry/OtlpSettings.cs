using MidnightOS.Core;
using OpenTelemetry.Exporter;

namespace MidnightOS.Embedded.Telemetry;

/// <summary>Where traces and metrics are sent, by section <c>OpenTelemetry</c> or the standard variables of OpenTelemetry. Nothing is sent unless one of them is set.</summary>
/// <param name="Traces">Where traces go; null for nowhere.</param>
/// <param name="Metrics">Where metrics go; null for nowhere.</param>
/// <param name="Protocol">How.</param>
internal sealed record OtlpSettings(Uri? Traces, Uri? Metrics, OtlpExportProtocol Protocol)
{
    private const string Endpoint = $"{OpenTelemetryOptions.Section}:{nameof(OpenTelemetryOptions.Endpoint)}";
    private const string ProtocolSetting = $"{OpenTelemetryOptions.Section}:{nameof(OpenTelemetryOptions.Protocol)}";

    /// <summary>Reads the settings.</summary>
    /// <remarks>The variables: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ (endpoint, protocol; those of a signal go first and are taken as they are).</remarks>
    /// <exception cref="OptionsProblemException">One is wrong.</exception>
    public static OtlpSettings Read(IConfiguration configuration)
    {
        var protocol = ReadProtocol(configuration);
        if (string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase))
        {
            return new OtlpSettings(null, null, protocol);
        }

        var common = ReadUri(configuration, Endpoint) ?? ReadUri(configuration, "OTEL_EXPORTER_OTLP_ENDPOINT");
        return new OtlpSettings(
            ReadUri(configuration, "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") ?? Of(common, "v1/traces", protocol),
            ReadUri(configuration, "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT") ?? Of(common, "v1/metrics", protocol),
            protocol);
    }

    private static Uri? Of(Uri? common, string path, OtlpExportProtocol protocol) =>
        common is null || protocol is OtlpExportProtocol.Grpc ? common : new Uri($"{common.AbsoluteUri.TrimEnd('/')}/{path}");

    private static Uri? ReadUri(IConfiguration configuration, string name) =>
        configuration[name] is not { Length: > 0 } text ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Query.Length == 0 ? uri
        : throw new OptionsProblemException($"{name} is the address of an OTLP receiver, such as http://127.0.0.1:4318.");

    private static OtlpExportProtocol ReadProtocol(IConfiguration configuration)
    {
        var name = configuration[ProtocolSetting] is { Length: > 0 } ? ProtocolSetting : "OTEL_EXPORTER_OTLP_PROTOCOL";
        return configuration[name] switch
        {
            null or "" or "http/protobuf" => OtlpExportProtocol.HttpProtobuf,
            "grpc" => OtlpExportProtocol.Grpc,
            _ => throw new OptionsProblemException($"{name} is http/protobuf or grpc."),
        };
    }
}

/// <summary>The platform's own settings of OTLP; the standard variables stand beside them.</summary>
internal sealed class OpenTelemetryOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "OpenTelemetry";

    /// <summary>The base address of a receiver, such as <c>http://127.0.0.1:4318</c>.</summary>
    public string? Endpoint { get; set; }

    /// <summary><c>http/protobuf</c> (the default) or <c>grpc</c>.</summary>
    public string? Protocol { get; set; }
}
