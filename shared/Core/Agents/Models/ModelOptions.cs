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

    /// <summary>A deployment of Azure OpenAI, signed in by identity; the azure edition alone.</summary>
    public const string AzureOpenAi = "azure-openai";

    /// <summary><c>scripted</c> (the default), <c>openai</c> or, in the azure edition, <c>azure-openai</c>.</summary>
    public string Provider { get; set; } = Scripted;

    /// <summary>The endpoint's base address, for example <c>https://api.openai.com/v1</c>, or that of an Azure OpenAI resource. Plain HTTP only on loopback.</summary>
    public Uri? Endpoint { get; set; }

    /// <summary>The endpoint's key; Azure OpenAI has none. A secret: never logged, never in an answer.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The model for bots that name none.</summary>
    public string? Name { get; set; }

    /// <summary>What is wrong with the settings; null when nothing is.</summary>
    public string? Problem() =>
        Provider == Scripted ? null
        : Provider is not (OpenAi or AzureOpenAi) ? $"{Section}:Provider is {Scripted}, {OpenAi} or, in the azure edition, {AzureOpenAi}."
        : Endpoint is not { IsAbsoluteUri: true } endpoint || !IsSafe(endpoint, Provider)
            ? $"{Section}:Endpoint must be an absolute https address (http only on loopback) when {Section}:Provider is {Provider}."
        : string.IsNullOrWhiteSpace(Name) ? $"{Section}:Name must name a model when {Section}:Provider is {Provider}."
        : Provider == OpenAi && string.IsNullOrWhiteSpace(ApiKey) ? $"{Section}:ApiKey must be set when {Section}:Provider is {OpenAi}; a server that asks for none takes any text."
        : Provider == AzureOpenAi && !string.IsNullOrEmpty(ApiKey) ? $"{Section}:ApiKey must not be set when {Section}:Provider is {AzureOpenAi}: the app signs in by its identity."
        : null;

    // Tokens of an identity are sent over https alone.
    private static bool IsSafe(Uri endpoint, string provider) =>
        endpoint.Scheme == Uri.UriSchemeHttps || (provider == OpenAi && endpoint.Scheme == Uri.UriSchemeHttp && endpoint.IsLoopback);
}
