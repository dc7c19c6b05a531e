using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Tests.Integration.Contract;
using MidnightOS.Tests.Integration.Embedded;
using Xunit.Abstractions;

namespace MidnightOS.Tests.Integration.BadInput;

/// <summary>Thousands of requests made from the host's own OpenAPI document, each a valid one with one thing changed.</summary>
public sealed class BadInputTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Seed = 20260601;
    private const int Least = 5000;
    private const int Workers = 8;

    private readonly string _folder = Directory.CreateTempSubdirectory("midnightos-").FullName;
    private WebApplication? _app;

    private Uri Address => new(_app!.Urls.First());

    public async Task InitializeAsync() => _app = await PlatformUnderTest.StartAsync(
        _folder, static builder => builder.Services.PostConfigure<PasswordHasherOptions>(static options => options.IterationCount = 100));

    public async Task DisposeAsync()
    {
        await _app!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task EveryOperation_WithOneThingChanged_AnswersInTheShapeOfTheContractAndNever5xx()
    {
        using var world = await World.BuildAsync(Address);
        var schema = await CheckedClient.DocumentAsync(world.Ann.Http);
        Assert.Equal(schema.Operations.Select(static o => o.Name).Order(StringComparer.Ordinal), world.Requests.Keys.Order(StringComparer.Ordinal));
        var results = new ConcurrentBag<(Probe Probe, RawAnswer Answer)>();
        var clock = Stopwatch.StartNew();

        await SendAllAsync([.. Valid(world)], results, workers: 1);
        Assert.All(results, static result => Assert.True(
            result.Answer.Status == result.Probe.Expected[0], $"{result.Probe.Operation} valid: {result.Answer.Status} {result.Answer.Body}"));
        var probes = Probes(world, schema).ToList();
        await SendAllAsync(probes, results, Workers);
        using var raw = new RawConnection(Address);
        var after = await raw.SendAsync(Encoding.ASCII.GetBytes($"GET /health HTTP/1.1\r\nHost: {Address.Authority}\r\n\r\n"));

        output.WriteLine(Table(results, clock.Elapsed));
        var wrong = results.Select(static r => (r, Problem: Verdict.Of(r.Probe, r.Answer))).Where(static one => one.Problem is not null).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} answers are wrong:\n{string.Join('\n', wrong.Take(60).Select(static one => Line(one.r.Probe, one.r.Answer, one.Problem!)))}");
        Assert.True(results.Count >= Least, $"{results.Count} requests were sent.");
        Assert.Equal(200, after.Status);
    }

    [Fact]
    public async Task EveryBody_OfTheDocument_TakesNoOtherFieldsThanItsOwn()
    {
        using var client = new HttpClient { BaseAddress = Address };
        var schema = await CheckedClient.DocumentAsync(client);
        var objects = schema.Operations.SelectMany(operation => BodyFields.Of(schema, operation.Operation).Where(static f => f.HasFields).Select(field => (operation.Name, field))).ToList();
        Assert.Contains(objects, static one => one.field.Name == "capabilities.limits");
        Assert.All(objects, static one => Assert.True(one.field.IsClosed, $"{one.Name}: {one.field.Name}"));
    }

    private static IEnumerable<Probe> Valid(World world) => world.Requests.Select(request =>
        Of(request.Key, request.Value, signedIn: true) with { What = "valid", Expected = [request.Value.Status ?? ContractTable.Rows.Single(row => row.Name == request.Key).Status] });

    private static IEnumerable<Probe> Probes(World world, ApiSchema schema)
    {
        var random = new Random(Seed);
        foreach (var row in ContractTable.Rows)
        {
            var request = world.Requests[row.Name];
            var valid = Of(row.Name, request, signedIn: true);
            var outside = RequestProbes.OfHeaders(valid, row.Is("open")).Concat(RequestProbes.OfTargets(valid, row.Name.Split(' ')[1])).Concat(RequestProbes.OfParameters(valid, row.Parameters, world.Cursor))
                .Concat(Methods(valid));
            foreach (var probe in outside.Concat(request.Body is null ? [] : RequestProbes.OfBodies(valid)))
            {
                yield return probe;
            }

            var fields = BodyFields.Of(schema, schema.Operations.Single(o => o.Name == row.Name).Operation);
            foreach (var probe in fields.Count == 0 ? [] : FieldProbes.Of(row.Name, request, fields, world.Address, random))
            {
                // A replacement and a patch are of the same fields as a creation, which gets them all.
                if (row.Name is not ("PUT /api/bots/{id}" or "PATCH /api/bots/{id}") || random.Next(3) == 0)
                {
                    yield return probe with { Authorization = valid.Authorization };
                }

                if (!row.Is("open") && random.Next(8) == 0)
                {
                    yield return probe with { Expected = [401] };
                }
            }
        }
    }

    private static IEnumerable<Probe> Methods(Probe valid)
    {
        foreach (var method in new[] { "HEAD", "OPTIONS", "TRACE", "PROPFIND", "get", "GETS", new string('M', 200) })
        {
            yield return valid with { What = $"method {method[..Math.Min(20, method.Length)]}", Method = method, Body = null };
        }
    }

    private static Probe Of(string operation, ValidRequest request, bool signedIn) => new(operation, "", operation.Split(' ')[0], request.Target)
    {
        Body = request.Body is { } body ? Encoding.UTF8.GetBytes(body.ToJsonString()) : null,
        Authorization = signedIn ? $"Bearer {request.Token}" : null,
    };

    private async Task SendAllAsync(List<Probe> probes, ConcurrentBag<(Probe, RawAnswer)> results, int workers)
    {
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(async () =>
        {
            using var connection = new RawConnection(Address);
            for (var i = Interlocked.Increment(ref next); i < probes.Count; i = Interlocked.Increment(ref next))
            {
                var probe = probes[i];
                results.Add((probe, await connection.SendAsync(probe.ToBytes(Address.Authority), probe.Method, probe.HangsUp)));
            }
        })));
    }

    private static string Table(ConcurrentBag<(Probe Probe, RawAnswer Answer)> results, TimeSpan time)
    {
        var text = new StringBuilder();
        foreach (var operation in results.GroupBy(static r => r.Probe.Operation, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            var statuses = operation.GroupBy(static r => r.Answer.Status).OrderBy(static g => g.Key).Select(static g => $"{g.Key}×{g.Count()}");
            text.AppendLine(CultureInfo.InvariantCulture, $"{operation.Key,-45} {operation.Count(),6}  {string.Join("  ", statuses)}");
        }

        return text.AppendLine(CultureInfo.InvariantCulture, $"{results.Count} requests, {results.Count(static r => r.Answer.Status is >= 200 and < 300)} of them answered with success, in {time.TotalSeconds:F1} s").ToString();
    }

    private static string Line(Probe probe, RawAnswer answer, string problem) =>
        $"{probe.Operation} | {probe.What} | {problem} | {answer.Status} {answer.Body[..Math.Min(300, answer.Body.Length)]}";
}
