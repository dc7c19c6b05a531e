using MidnightOS.Core.Accounts;

namespace MidnightOS.Tests.Unit.Accounts;

public sealed class AccountRuleTests
{
    [Theory]
    [InlineData("password1234")]
    [InlineData("Password123!")]
    [InlineData("P@ssw0rd123")]
    [InlineData("1234567890")]
    [InlineData("0987654321")]
    [InlineData("qwertyuiop")]
    [InlineData("qwerty123456")]
    [InlineData("1q2w3e4r5t")]
    [InlineData("1qaz2wsx3edc")]
    [InlineData("aaaaaaaaaa")]
    [InlineData("abcabcabcabc")]
    [InlineData("abcdefghij")]
    [InlineData("iloveyou123")]
    [InlineData("letmein2024")]
    [InlineData("welcome2026!")]
    [InlineData("administrator")]
    [InlineData("adminadmin")]
    [InlineData("admin-admin-123")]
    [InlineData("Summer2025!")]
    [InlineData("changeme123")]
    [InlineData("bitcoin2024")]
    [InlineData("123password")]
    public void Check_WellKnownPassword_IsRefused(string password) =>
        Assert.Contains("well-known", Passwords.Check("password", password)?.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a long quiet evening")]
    [InlineData("Tr0ub4dor&3x!")]
    [InlineData("mk7#pQ2vL9")]
    [InlineData("violet tractor 88")]
    [InlineData("correct horse battery staple")]
    [InlineData("SecretOrange-77")]
    [InlineData("dragon8391047562")]
    [InlineData("naïve käse überall")]
    [InlineData("密码密码是一个很长的句子")]
    [InlineData("Integration-Test-Pass-1")]
    public void Check_OtherPassword_IsTaken(string password) => Assert.Null(Passwords.Check("password", password));

    [Fact]
    public void Check_Length_CountsCharactersBelowAndBytesAbove()
    {
        Assert.NotNull(Passwords.Check("password", "mk7#pQ2vL"));
        Assert.NotNull(Passwords.Check("password", "😀😁😂🤣😃"));
        Assert.Null(Passwords.Check("password", Varied(256)));
        Assert.NotNull(Passwords.Check("password", Varied(257)));
    }

    [Theory]
    [InlineData("Alice@Example.com", "alice@example.com")]
    [InlineData("  a.b+c@d-e.example ", "a.b+c@d-e.example")]
    [InlineData("käse@bücher.example", "käse@bücher.example")]
    public void Normalize_Address_GivesItTrimmedInLowerCase(string text, string expected) => Assert.Equal(expected, EmailAddress.Normalize(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("@example.com")]
    [InlineData("alice@")]
    [InlineData("alice@example")]
    [InlineData("alice@@example.com")]
    [InlineData("a b@example.com")]
    [InlineData("alice@.com")]
    [InlineData("alice@example..com")]
    [InlineData("alice@-example.com")]
    [InlineData("alice@exam ple.com")]
    [InlineData("<alice@example.com>")]
    [InlineData("alice\n@example.com")]
    public void Normalize_NoAddress_IsNull(string? text) => Assert.Null(EmailAddress.Normalize(text));

    [Fact]
    public void Normalize_TooLong_IsNull()
    {
        Assert.Null(EmailAddress.Normalize($"{new string('a', 65)}@example.com"));
        Assert.Null(EmailAddress.Normalize($"a@{string.Join('.', Enumerable.Repeat(new string('b', 60), 5))}.com"));
    }

    public static TheoryData<Role, string[]> Table => new()
    {
        { Role.Viewer, ["bots:read", "wallets:read"] },
        { Role.Member, ["bots:read", "wallets:read", "chat:use", "wallets:spend"] },
        { Role.Admin, ["bots:read", "wallets:read", "chat:use", "wallets:spend", "bots:write", "treasury:approve", "users:manage"] },
        { Role.Owner, ["bots:read", "wallets:read", "chat:use", "wallets:spend", "bots:write", "treasury:approve", "users:manage", "wallets:export", "keys:manage"] },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void Of_EveryRole_IsThisTable(Role role, string[] permissions)
    {
        Assert.Equal(permissions, RolePermissions.Of(role));
        Assert.All(permissions, permission => Assert.True(RolePermissions.Allows(role, permission)));
        Assert.Equal(role == Role.Owner, RolePermissions.Allows(role, Permission.WalletsExport));
    }

    private static string Varied(int length) => string.Concat(Enumerable.Range(0, length).Select(static i => (char)('!' + (i * 7 % 90))));
}
