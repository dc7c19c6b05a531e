using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using MidnightOS.Core.Accounts;
using MidnightOS.Tests.Benchmarks.Hosts;
using MidnightOS.Tests.Benchmarks.Load;
using MidnightOS.Tests.Unit.Support;

namespace MidnightOS.Tests.Benchmarks.Cases;

/// <summary>What a login costs over the password hash itself, and that a known and an unknown e-mail take the same time.</summary>
internal static class LoginCase
{
    private const int Rounds = 60;

    public static async Task<IReadOnlyList<Figure>> RunAsync(BenchmarkOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var platform = await ChildHost.PlatformAsync(folder.Path);
        using var ann = await Client.SignUpAsync(platform.Address);
        var hasher = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = AccountServices.PasswordIterations }));
        var hash = hasher.HashPassword(null!, Client.Password);
        List<double> hashes = [], logins = [], wrong = [], unknown = [];
        for (var i = 0; i < Rounds + 5; i++)
        {
            var times = (
                Time(() => hasher.VerifyHashedPassword(null!, hash, Client.Password)),
                await LoginAsync(ann, ann.Email, Client.Password),
                await LoginAsync(ann, ann.Email, "not the password at all"),
                await LoginAsync(ann, $"{Guid.NewGuid():n}@example.com", "not the password at all"));

            // The first rounds warm both up.
            if (i >= 5)
            {
                hashes.Add(times.Item1);
                logins.Add(times.Item2);
                wrong.Add(times.Item3);
                unknown.Add(times.Item4);
            }
        }

        return
        [
            Figure.AtMost("login, median", Samples.Median(logins), "ms", Samples.Median(hashes), "the hash", 1.10),
            Figure.AtMost("login with an unknown e-mail, median", Samples.Median(unknown), "ms", Samples.Median(wrong), "wrong password", 1.02),
            Figure.AtLeast("login with an unknown e-mail, median", Samples.Median(unknown), "ms", Samples.Median(wrong), "wrong password", 0.98),
        ];
    }

    private static double Time(Action work)
    {
        var started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static async Task<double> LoginAsync(Client client, string email, string password)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await client.Http.PostAsJsonAsync("/api/auth/login", new { email, password });
        await answer.Content.ReadAsByteArrayAsync();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
