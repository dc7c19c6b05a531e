using MidnightOS.Embedded;
using MidnightOS.Embedded.Operator;
using MidnightOS.Embedded.Start;
using MidnightOS.Midnight.Node;

try
{
    if (OperatorCommand.TrySay(args) is { } said)
    {
        await Console.Out.WriteLineAsync(said);
        return 0;
    }

    var command = OperatorCommand.WordsOf(args);
    await using var app = EmbeddedHost.Build(args[command.Length..]);
    if (command.Length > 0)
    {
        return await OperatorCommand.RunAsync(command, app.Services, CancellationToken.None);
    }

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
