using Microsoft.Extensions.Configuration;

namespace MidnightOS.Azure.Start;

/// <summary>The Functions host, which starts an app as its worker and tells it where it listens.</summary>
public static class FunctionsHost
{
    /// <summary>The setting with the host's address (Microsoft.Azure.Functions.Worker, <c>GrpcServiceCollectionExtensions</c>).</summary>
    public const string AddressSetting = "Functions:Worker:HostEndpoint";

    /// <summary>The host's command line for it (<c>WorkerHostBuilderExtensions</c>).</summary>
    public const string AddressSwitch = "--functions-uri";

    // On plans with a pool of warm processes the host loads the app into its own process and gives it no address.
    private const string Native = "AZURE_FUNCTIONS_NATIVE_HOST";

    /// <summary>Looks for the host's address where the worker will look for it.</summary>
    /// <param name="app">What the program is, such as "the prover".</param>
    /// <param name="args">Its command line.</param>
    /// <returns>Null when it is there; otherwise a sentence for whoever started the program.</returns>
    public static string? Problem(string app, string[] args) =>
        AppContext.GetData(Native) is not null ? null : Problem(app, Read(args)[AddressSetting]);

    private static string? Problem(string app, string? address)
    {
        if (string.IsNullOrEmpty(address))
        {
            return $"This is {app} of MidnightOS.Functions, a worker that the Azure Functions host starts: the host's address is missing ({AddressSwitch}, or {AddressSetting.Replace(":", "__", StringComparison.Ordinal)} in the "
                + "environment). Run \"func start\" in this folder, or its container; the whole platform on one machine is functions/Embedded.";
        }

        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? null
            : $"{AddressSetting} is \"{address}\", and must be the address of the Azure Functions host, such as http://127.0.0.1:50051.";
    }

    private static IConfigurationRoot Read(string[] args) => new ConfigurationBuilder()
        .AddEnvironmentVariables("AZURE_FUNCTIONS_")
        .AddEnvironmentVariables()
        .AddCommandLine(args, new Dictionary<string, string>(StringComparer.Ordinal) { [AddressSwitch] = AddressSetting })
        .Build();
}
