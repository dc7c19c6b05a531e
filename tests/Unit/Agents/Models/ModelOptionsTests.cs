using Microsoft.Extensions.Options;
using MidnightOS.Core.Agents.Models;
using MidnightOS.Core.Agents.Models.OpenAi;
using MidnightOS.Core.Agents.Scripted;

namespace MidnightOS.Tests.Unit.Agents.Models;

public sealed class ModelOptionsTests
{
    [Theory]
    [InlineData("scripted", null, null, null, null)]
    [InlineData("openai", "https://models.example/v1", "key", "small", null)]
    [InlineData("openai", "http://127.0.0.1:1234/v1", "key", "small", null)]
    [InlineData("azure-openai", "https://models.openai.azure.com", null, "small", null)]
    [InlineData("azure-openai", "https://models.openai.azure.com", "key", "small", "Model:ApiKey")]
    [InlineData("azure-openai", null, null, "small", "Model:Endpoint")]
    [InlineData("azure-openai", "https://models.openai.azure.com", null, null, "Model:Name")]
    [InlineData("magic", null, null, null, "Model:Provider")]
    [InlineData("openai", null, "key", "small", "Model:Endpoint")]
    [InlineData("openai", "http://models.example/v1", "key", "small", "Model:Endpoint")]
    [InlineData("openai", "https://models.example/v1", null, "small", "Model:ApiKey")]
    [InlineData("openai", "https://models.example/v1", "key", " ", "Model:Name")]
    public void Problem_Settings_NamesTheOneAtFault(string provider, string? endpoint, string? key, string? name, string? setting)
    {
        var options = new ModelOptions { Provider = provider, Endpoint = endpoint is null ? null : new Uri(endpoint), ApiKey = key, Name = name };

        if (setting is null)
        {
            Assert.Null(options.Problem());
        }
        else
        {
            Assert.StartsWith(setting, options.Problem(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void For_BotOfTheScriptedModel_StaysOffline()
    {
        var options = Options.Create(new ModelOptions { Provider = "openai", Endpoint = new Uri("http://127.0.0.1:1"), ApiKey = "k", Name = "small" });
        var provider = new ChatClientProvider(options, new OpenAiModels(options));

        Assert.IsType<ScriptedChatClient>(provider.For(Records.Bot with { Model = "scripted" }));
        Assert.IsType<OpenAiChatClient>(provider.For(Records.Bot));
    }

    [Fact]
    public void For_NoProvider_IsScripted()
    {
        var options = Options.Create(new ModelOptions());
        var provider = new ChatClientProvider(options, new OpenAiModels(options));

        Assert.IsType<ScriptedChatClient>(provider.For(Records.Bot with { Model = "gpt-x" }));
    }
}
