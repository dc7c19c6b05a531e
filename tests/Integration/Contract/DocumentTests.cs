using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Api.RateLimits;
using MidnightOS.Tests.Integration.Embedded;

namespace MidnightOS.Tests.Integration.Contract;

/// <summary>The OpenAPI document: valid in itself, and the contract's table row by row.</summary>
[Collection(PlatformCollection.Name)]
public sealed class DocumentTests(PlatformUnderTest platform)
{
    [Fact]
    public async Task Document_Operations_AreExactlyThoseOfTheContract()
    {
        var schema = await ReadAsync();
        Assert.Equal(
            ContractTable.Rows.Select(static row => row.Name).Order(StringComparer.Ordinal),
            schema.Operations.Select(static operation => operation.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_EveryOperation_TakesGivesAndRefusesWhatTheContractSays()
    {
        var schema = await ReadAsync();
        var operations = schema.Operations.ToDictionary(static operation => operation.Name, static operation => operation.Operation, StringComparer.Ordinal);
        Assert.All(ContractTable.Rows, row =>
        {
            var operation = operations[row.Name];
            Assert.Equal(row.Body.Order(StringComparer.Ordinal), BodyOf(schema, operation).Order(StringComparer.Ordinal));
            Assert.Equal(row.Parameters, ParametersOf(operation).Where(static p => p.In != "path").Select(static p => p.Name).Order(StringComparer.Ordinal));
            Assert.Equal(row.Codes, CodesOf(operation).Order(StringComparer.Ordinal));
            Assert.Equal(!row.Is("open"), operation.TryGetProperty("security", out _));
            var success = operation.GetProperty("responses").GetProperty(row.Status.ToString(CultureInfo.InvariantCulture));
            Assert.Equal(row.Answer.Order(StringComparer.Ordinal), FieldsOf(schema, success).Order(StringComparer.Ordinal));
            Assert.Equal(row.Is("stream"), success.TryGetProperty("content", out var content) && content.TryGetProperty("text/event-stream", out _));
        });
    }

    [Fact]
    public async Task Document_RecordsAndEnums_AreThoseOfTheContract()
    {
        var schemas = (await ReadAsync()).Document.GetProperty("components").GetProperty("schemas");
        Assert.All(ContractTable.Records, record => Assert.Equal(
            record.Value.Split(' ').Order(StringComparer.Ordinal),
            schemas.GetProperty(record.Key).GetProperty("properties").EnumerateObject().Select(static p => p.Name).Order(StringComparer.Ordinal)));
        Assert.All(ContractTable.Enums, values =>
        {
            Assert.Equal(values.Value.Split(' '), schemas.GetProperty(values.Key).GetProperty("enum").EnumerateArray().Select(static v => v.GetString()));
            Assert.Equal("string", schemas.GetProperty(values.Key).GetProperty("type").GetString());
        });
        Assert.Equal(
            ContractTable.Enums.Keys.Order(StringComparer.Ordinal),
            schemas.EnumerateObject().Where(static s => s.Value.TryGetProperty("enum", out _)).Select(static s => s.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Document_AsOpenApi31_IsSoundInItself()
    {
        var schema = await ReadAsync();
        Assert.StartsWith("3.1.", schema.Document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(schema.Document.GetProperty("info").GetProperty("title").GetString()!);
        Assert.NotEmpty(schema.Document.GetProperty("info").GetProperty("version").GetString()!);
        Assert.All(References(schema.Document), reference => Assert.NotEqual(JsonValueKind.Undefined, schema.Resolve(reference).ValueKind));
        var operations = schema.Operations.ToList();
        Assert.Equal(operations.Count, operations.Select(static o => o.Operation.GetProperty("operationId").GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.All(operations, operation =>
        {
            var inPath = operation.Name.Split('{').Skip(1).Select(static part => part.Split('}')[0]);
            Assert.Equal(inPath, ParametersOf(operation.Operation).Where(static p => p.In == "path").Select(static p => p.Name));
            Assert.Equal(ParametersOf(operation.Operation).Count(), ParametersOf(operation.Operation).Distinct().Count());
            Assert.All(operation.Operation.GetProperty("responses").EnumerateObject(), static r => Assert.NotEmpty(r.Value.GetProperty("description").GetString()!));
            Assert.All(RequirementsOf(operation.Operation), name => Assert.True(
                schema.Document.GetProperty("components").GetProperty("securitySchemes").TryGetProperty(name, out _), name));
        });
    }

    [Fact]
    public void EveryOperation_ByWhatItDoes_CountsUnderTheLimitOfTheContract()
    {
        var limits = platform.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .SelectMany(static route => (route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Select(method =>
                (Name: $"{method} /{route.RoutePattern.RawText!.Trim('/')}", route.Metadata.GetMetadata<RateLimitMetadata>()!.Limit)))
            .ToDictionary(static route => route.Name, static route => route.Limit, StringComparer.Ordinal);
        var options = RateLimitOptions.Read(new ConfigurationBuilder().Build());

        Assert.All(ContractTable.Rows, row => Assert.Equal(PerMinute(row), limits[row.Name] is { } limit ? options.PerMinute(limit) : null));
    }

    // Whatever tries a password counts as a sign-in does.
    private static int? PerMinute(ContractRow row) => row.Name.Split('/')[^1] switch
    {
        _ when row.Is("uncounted") => null,
        "register" or "login" or "password" or "export" => 5,
        "refresh" or "logout" => 30,
        "send" or "calls" or "confirm" or "cancel" or "faucet" => 10,
        "chat" => 60,
        _ => row.Name.StartsWith("GET ", StringComparison.Ordinal) ? 600 : 30,
    };

    private Task<ApiSchema> ReadAsync() => ReadAsync(new HttpClient { BaseAddress = platform.Address });

    private static async Task<ApiSchema> ReadAsync(HttpClient http)
    {
        using (http)
        {
            return await CheckedClient.DocumentAsync(http);
        }
    }

    private static IEnumerable<string> BodyOf(ApiSchema schema, JsonElement operation)
    {
        if (!operation.TryGetProperty("requestBody", out var body))
        {
            return [];
        }

        Assert.True(body.GetProperty("required").GetBoolean());
        var content = schema.Resolve(body.GetProperty("content").GetProperty("application/json").GetProperty("schema").GetProperty("$ref").GetString()!);
        var required = content.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(static name => name.GetString()!).ToList() : [];
        return content.GetProperty("properties").EnumerateObject().Select(field => required.Contains(field.Name) ? field.Name : $"{field.Name}?");
    }

    private static IEnumerable<string> FieldsOf(ApiSchema schema, JsonElement response) =>
        response.TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var json)
            ? schema.Resolve(json.GetProperty("schema").GetProperty("$ref").GetString()!).GetProperty("properties").EnumerateObject().Select(static p => p.Name)
            : [];

    private static IEnumerable<(string Name, string In)> ParametersOf(JsonElement operation) => operation.TryGetProperty("parameters", out var parameters)
        ? parameters.EnumerateArray().Select(static p =>
        {
            Assert.True(p.GetProperty("in").GetString() != "path" || p.GetProperty("required").GetBoolean());
            Assert.True(p.TryGetProperty("schema", out _));
            return (p.GetProperty("name").GetString()!, p.GetProperty("in").GetString()!);
        })
        : [];

    private static IEnumerable<string> CodesOf(JsonElement operation) =>
        from response in operation.GetProperty("responses").EnumerateObject()
        where response.Value.TryGetProperty("x-error-codes", out _)
        from code in response.Value.GetProperty("x-error-codes").EnumerateArray()
        let known = Core.Results.ErrorCodes.All.Single(known => known.Name == code.GetString())
        where known.Status.ToString(CultureInfo.InvariantCulture) == response.Name
            && response.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString() == ApiSchema.Problem
        select known.Name;

    private static IEnumerable<string> RequirementsOf(JsonElement operation) => operation.TryGetProperty("security", out var security)
        ? security.EnumerateArray().SelectMany(static requirement => requirement.EnumerateObject().Select(static p => p.Name))
        : [];

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(static p =>
            p is { Name: "$ref", Value.ValueKind: JsonValueKind.String } ? [p.Value.GetString()!] : References(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
