using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using MidnightOS.Azure.Flows;

var builder = FunctionsApplication.CreateBuilder(args);
builder.Services.AddFlowsApp(builder.Configuration);
builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
await builder.Build().RunAsync();
