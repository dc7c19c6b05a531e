using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel;

namespace MidnightOS.Azure.SemanticKernel;

/// <summary>The tools of a bot as a plugin of Semantic Kernel, only to be shown to the model: rules about money are the agent loop's, which alone runs tools.</summary>
internal static class BotPlugin
{
    /// <summary>The plugin's name. Not the bot's own: that is free text of its user and would reach the model as part of every tool's name.</summary>
    public const string Name = "bot";

    // Between plugin and function in what the model sees.
    private const string Prefix = Name + "-";

    /// <summary>The plugin with a function for each tool.</summary>
    public static KernelPlugin Of(IEnumerable<AIFunctionDeclaration> tools) =>
        KernelPluginFactory.CreateFromFunctions(Name, tools.Select(static tool =>
            KernelFunctionFactory.CreateFromMethod(NotRunHere, tool.Name, tool.Description, Parameters(tool.JsonSchema))));

    /// <summary>The tool's name of what the model called; a name outside of the plugin stays as it is.</summary>
    public static string ToolName(string called) => called.StartsWith(Prefix, StringComparison.Ordinal) ? called[Prefix.Length..] : called;

    private static string NotRunHere() => throw new InvalidOperationException("Tools of bots are run by the agent loop alone.");

    private static List<KernelParameterMetadata> Parameters(JsonElement schema)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(static name => name.GetString()).ToHashSet(StringComparer.Ordinal) : [];
        return !schema.TryGetProperty("properties", out var properties) ? [] : properties.EnumerateObject()
            .Select(property => new KernelParameterMetadata(property.Name)
            {
                IsRequired = required.Contains(property.Name), Schema = KernelJsonSchema.Parse(property.Value.GetRawText()),
            })
            .ToList();
    }
}
