using MidnightOS.Embedded;
using MidnightOS.Embedded.Start;
using MidnightOS.Midnight.Node;

try
{
    await using var app = EmbeddedHost.Build(args);
    await app.Services.GetRequiredService<INodeWorkspace>().PrepareAsync(PackageSet.Product, new ConsoleProgress(), CancellationToken.None);
    await app.StartAsync();
    await app.Services.GetRequiredService<StartReport>().WriteAsync(Console.Out, CancellationToken.None);
    await app.WaitForShutdownAsync();
    return 0;
}
catch (Exception exception) when (StartProblem.Of(exception) is not null)
{
    await Console.Error.WriteLineAsync(StartProblem.Of(exception));
    return 1;
}
