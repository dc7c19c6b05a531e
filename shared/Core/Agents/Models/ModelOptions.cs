namespace MidnightOS.Core.Agents.Models;

/// <summary>Which language model the agents use, section <c>Model</c>.</summary>
public sealed class ModelOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Model";

    /// <summary>The offline model that plans by grammar.</summary>
    public const string Scripted = "scripted";

    /// <summary>Any endpoint that speaks OpenAI's chat completions.</summary>
    public const string OpenAi = "openai";

    /// <summary><c>scripted</c> (the default) or <c>openai</c>.</summary>
    public string Provider { get; set; } = Scripted;

    /// <summary>The endpoint's base address, for example <c>https://api.openai.com/v1</c>. Plain HTTP only on loopback.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The endpoint's key. A secret: never logged, never in an answer.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The model for bots that name none.</summary>
    public string? Name { get; set; }

    /// <summary>What is wrong with the settings; null when nothing is.</summary>
    public string? Problem() =>
        Provider == Scripted ? null
        : Provider != OpenAi ? $"{Section}:Provider is {Scripted} or {OpenAi}."
        : Endpoint is not { IsAbsoluteUri: true } endpoint || !IsSafe(endpoint)
            ? $"{Section}:Endpoint must be an absolute https address (http only on loopback) when {Section}:Provider is {OpenAi}."
        : string.IsNullOrWhiteSpace(Name) ? $"{Section}:Name must name a model when {Section}:Provider is {OpenAi}."
        : string.IsNullOrWhiteSpace(ApiKey) ? $"{Section}:ApiKey must be set when {Section}:Provider is {OpenAi}; a server that asks for none takes any text."
        : null;

    private static bool IsSafe(Uri endpoint) =>
        endpoint.Scheme == Uri.UriSchemeHttps || (endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback);
}
