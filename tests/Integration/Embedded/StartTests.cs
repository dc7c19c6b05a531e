using System.Reflection;
using MidnightOS.Api.Metrics;
using MidnightOS.Core.Accounts.Entra;
using MidnightOS.Core.Bots;
using MidnightOS.Custody;
using MidnightOS.Embedded;
using MidnightOS.Embedded.Operator;
using MidnightOS.Embedded.Start;
using MidnightOS.Midnight.Devnet;
using MidnightOS.Orchestrations.Engine;
using MidnightOS.Prover;
using MidnightOS.Storage;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Embedded;

/// <summary>What a user reads who starts the host wrongly.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--Devnet:IndexerPort", "abc", "Devnet:IndexerPort cannot be \"abc\": it is a number.")]
    [InlineData("--Devnet:BlockTime", "soon", "Devnet:BlockTime cannot be \"soon\": it is a time such as 00:00:01.")]
    [InlineData("--Bots:PerTenant", "many", "Bots:PerTenant cannot be \"many\": it is a number.")]
    [InlineData("--RateLimits:Spends:PerMinute", "0", "RateLimits:Spends:PerMinute must be a number from 1.")]
    [InlineData("--RateLimits:Spend:PerMinute", "5", "there is no such limit")]
    [InlineData("--Logging:LogLevel:MidnightOS", "Loud", "Logging:LogLevel:MidnightOS must be one of")]
    [InlineData("--urls", "banana", "--urls must be addresses")]
    [InlineData("--urls", "http://127.0.0.1:99999", "--urls must be addresses")]
    [InlineData("--urls", "https://127.0.0.1:0", "Kestrel:Certificates:Default:Path")]
    [InlineData("--Data:Foldr", "elsewhere", "There is no setting Data:Foldr. The settings of Data are Folder.")]
    [InlineData("--Dta:Folder", "elsewhere", "There is no setting --Dta:Folder.")]
    [InlineData("--verbose", "yes", "There is no setting --verbose.")]
    [InlineData("--Custody:KeyFile", "/dev/null/vault.json", "The folder of the key file /dev/null/vault.json cannot be written")]
    [InlineData("--Midnight:Network", "moon", "Midnight:Network")]
    [InlineData("--Prover:Host", "banana", "Prover:Host must be an IP address such as 127.0.0.1.")]
    [InlineData("--Prover:AnswerTimeout", "00:00:00", "Prover:AnswerTimeout must be between a second and an hour.")]
    public async Task Start_SettingThatCannotBeUsed_IsOneSentenceThatNamesIt(string setting, string value, string expected)
    {
        var exception = await Record.ExceptionAsync(() => StartAsync([setting, value]));
        var sentence = StartProblem.Of(exception!);
        Assert.NotNull(sentence);
        Assert.Contains(expected, sentence, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', sentence);
    }

    [Fact]
    public async Task Start_FolderOfAnotherNetwork_IsRefused()
    {
        string[] preview = ["--Midnight:Network", "preview", "--Midnight:Indexer", "http://127.0.0.1:9/api/v4/graphql", "--Midnight:Node", "http://127.0.0.1:9"];
        await StartAsync(preview);
        var exception = await Record.ExceptionAsync(() => StartAsync([]));
        Assert.Contains("belongs to the network preview, not to devnet", StartProblem.Of(exception!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_FolderThatNoHostHasUsed_IsRefusedAndLeftEmpty()
    {
        await using var app = EmbeddedHost.Build(PlatformUnderTest.Arguments(_folder.Path));
        Assert.Equal(1, await OperatorCommand.RunAsync(["keys", "rotate", "wallets"], app.Services, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Unknown_WordsThatAreNoCommand_AreNamedBeforeTheHelp() =>
        Assert.StartsWith("\"keys lst\" is no command", OperatorCommand.Unknown(["keys", "lst"]), StringComparison.Ordinal);

    [Theory]
    [InlineData("--help")]
    [InlineData("keys", "rotate", "-h")]
    [InlineData("--version")]
    public void TrySay_HelpOrVersion_NeedsNoHost(params string[] args) => Assert.NotEmpty(OperatorCommand.TrySay(args)!);

    [Fact]
    public void TrySay_AnythingElse_IsLeftToTheHost() => Assert.Null(OperatorCommand.TrySay(["--Data:Folder", "data"]));

    [Fact]
    public void Known_EverySettingOfEveryOptionsClass_IsListedAndNoOther()
    {
        var assemblies = new[] { typeof(BotOptions), typeof(CustodyOptions), typeof(StorageOptions), typeof(DevnetOptions), typeof(FlowEngineOptions), typeof(MetricsOptions), typeof(ProverOptions), typeof(EmbeddedHost) }.Select(static type => type.Assembly);
        var settings = assemblies.SelectMany(static assembly => assembly.GetTypes())
            .Select(static type => (Type: type, Section: type.GetField("Section", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)?.GetRawConstantValue() as string))
            // Of the azure edition alone.
            .Where(static found => found.Section is not null && found.Type != typeof(EntraOptions))
            .SelectMany(static found => found.Type.GetProperties().Where(static property => property.CanWrite).Select(property => $"{found.Section}:{property.Name}"))
            .Order(StringComparer.Ordinal);
        Assert.Equal(settings, CheckSettings.Known.SelectMany(static section => section.Value.Select(name => $"{section.Key}:{name}")).Order(StringComparer.Ordinal));
    }

    private async Task StartAsync(string[] settings)
    {
        await using var app = await PlatformUnderTest.StartAsync(_folder.Path, settings);
    }
}
