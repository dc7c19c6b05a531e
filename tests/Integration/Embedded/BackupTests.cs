using System.Globalization;
using System.Net;
using MidnightOS.Embedded;
using MidnightOS.Embedded.Operator;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Integration.Embedded;

/// <summary>The operator's backup beside a host that works, and a host on the copy.</summary>
[Collection(PlatformCollection.Name)]
public sealed class BackupTests(PlatformUnderTest platform) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Backup_WhileTransfersRun_GivesAFolderThatAHostGoesOnFrom()
    {
        using var ann = await platform.SignUpAsync();
        var (bot, friend) = (await ann.CreateBotAsync(), await ann.CreateBotAsync("Friend"));
        await ann.FundAsync(bot, "100");
        var early = await SendAsync(ann, bot, friend);
        await ann.EndOfAsync(early);

        var (copy, keys) = (_folder.File("copy"), _folder.File("vault.json"));
        using var stop = new CancellationTokenSource();
        var load = LoadAsync(ann, bot, friend, stop.Token);
        Assert.Equal(0, await RunAsync("backup", copy, keys));
        await stop.CancelAsync();
        Assert.NotEmpty(await load);

        Directory.CreateDirectory(Path.Combine(copy, "keys"));
        File.Move(keys, Path.Combine(copy, "keys", "vault.json"));
        await using var restored = await PlatformUnderTest.StartAsync(copy);
        using var again = ann.On(new Uri(restored.Urls.First()));
        Assert.False(File.Exists(Path.Combine(copy, "backup.json")));
        Assert.Equal("confirmed", (string?)(await again.GetAsync($"/api/transactions/{early}"))["status"]);

        // Whatever was under way ends, and the books say what the restored chain has.
        await again.UntilAsync($"/api/bots/{bot}/wallet", static w => PlatformClient.Night(w, "reserved") == "0");
        var left = 100m - decimal.Parse(await again.TotalAsync(bot), CultureInfo.InvariantCulture);
        await again.UntilAsync($"/api/bots/{friend}/wallet", w => decimal.Parse(PlatformClient.Night(w, "total"), CultureInfo.InvariantCulture) == left);
        Assert.Equal("confirmed", (string?)(await again.EndOfAsync(await SendAsync(again, bot, friend)))["status"]);
    }

    [Fact]
    public async Task Backup_FolderIsThereAlready_LeavesItAlone()
    {
        var copy = Directory.CreateDirectory(_folder.File("mine")).FullName;
        Assert.Equal(1, await RunAsync("backup", copy));
        Assert.Empty(Directory.GetFileSystemEntries(copy));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Backup_KeyFileIntoTheSameFolder_IsRefused()
    {
        var copy = _folder.File("copy");
        Assert.Equal(1, await RunAsync("backup", copy, Path.Combine(copy, "vault.json")));
        Assert.False(Directory.Exists(copy));
    }

    [Fact]
    public async Task Backup_KeyFileIsThereAlready_LeavesNothingBehind()
    {
        var (copy, keys) = (_folder.File("copy"), _folder.File("vault.json"));
        await File.WriteAllTextAsync(keys, "mine");
        Assert.Equal(1, await RunAsync("backup", copy, keys));
        Assert.False(Directory.Exists(copy));
        Assert.Equal("mine", await File.ReadAllTextAsync(keys));
    }

    [Fact]
    public async Task Backup_IntoTheDataFolder_IsRefused()
    {
        var copy = Path.Combine(platform.Folder, "blobs", "copy");
        Assert.Equal(1, await RunAsync("backup", copy));
        Assert.False(Directory.Exists(copy));
    }

    [Fact]
    public async Task Backup_WithoutAKeyFile_HoldsNoKey()
    {
        var copy = _folder.File("copy");
        Assert.Equal(0, await RunAsync("backup", copy));
        Assert.DoesNotContain(Directory.GetFiles(copy, "*", SearchOption.AllDirectories), static file => file.EndsWith("vault.json", StringComparison.Ordinal));
        Assert.All(Directory.GetFiles(copy, "*", SearchOption.AllDirectories), static file => Assert.True(
            OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite), file));
    }

    // As an operator does it: another process's composition on the same folder.
    private async Task<int> RunAsync(params string[] words)
    {
        await using var app = EmbeddedHost.Build(PlatformUnderTest.Arguments(platform.Folder));
        return await OperatorCommand.RunAsync(words, app.Services, CancellationToken.None);
    }

    private static async Task<List<string>> LoadAsync(PlatformClient client, string bot, string friend, CancellationToken stop)
    {
        List<string> sent = [];
        do
        {
            sent.Add(await SendAsync(client, bot, friend));
        }
        while (!stop.IsCancellationRequested);
        return sent;
    }

    private static async Task<string> SendAsync(PlatformClient client, string bot, string friend)
    {
        var to = await client.AddressOfAsync(friend);
        var sent = await client.PostAsync($"/api/bots/{bot}/wallet/send", new { to, amount = "0.01" }, HttpStatusCode.Accepted);
        return (string)sent["transaction"]!["id"]!;
    }
}
