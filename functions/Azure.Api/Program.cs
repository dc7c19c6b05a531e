using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MidnightOS.Azure.Api;
using MidnightOS.Azure.Start;

return await WorkerProgram.RunAsync("the API", args, static args =>
{
    var builder = FunctionsApplication.CreateBuilder(args);
    builder.ConfigureFunctionsWebApplication();
    builder.Services.AddApiApp(builder.Configuration);
    builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
    return builder.Build();
}, Console.Error);
