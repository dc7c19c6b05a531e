using System.Text;

namespace MidnightOS.Tests.Integration.Secrets;

/// <summary>Looks for secrets in bytes, in every form that software writes bytes in.</summary>
internal sealed class SecretSearch
{
    private readonly List<(string Name, byte[] Form)> _forms = [];

    public IReadOnlyList<string> Names => [.. _forms.Select(static form => form.Name)];

    public SecretSearch Add(string name, byte[] secret)
    {
        AddForm($"{name}, raw", secret);
        AddText($"{name}, hex", Convert.ToHexStringLower(secret));
        AddText($"{name}, HEX", Convert.ToHexString(secret));
        foreach (var offset in new[] { 0, 1, 2 })
        {
            var base64 = Base64At(secret, offset);
            AddText($"{name}, base64 at {offset}", base64);
            AddText($"{name}, base64url at {offset}", base64.Replace('+', '-').Replace('/', '_'));
        }

        AddText($"{name}, as numbers", string.Join(',', secret));
        return this;
    }

    public SecretSearch Add(string name, string secret)
    {
        AddForm($"{name}, UTF-16", Encoding.Unicode.GetBytes(secret));
        return Add(name, Encoding.UTF8.GetBytes(secret));
    }

    /// <summary>What is found.</summary>
    public IReadOnlyList<string> In(byte[] haystack) =>
        [.. _forms.Where(form => haystack.AsSpan().IndexOf(form.Form) >= 0).Select(static form => form.Name).Distinct(StringComparer.Ordinal)];

    public IReadOnlyList<string> In(string haystack) => In(Encoding.UTF8.GetBytes(haystack));

    /// <summary>What is found in the files of a data folder, also those that a host has open; its key file is meant to hold keys.</summary>
    public IEnumerable<string> InFiles(string folder) =>
        from file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        where !file.EndsWith(Path.Combine("keys", "vault.json"), StringComparison.Ordinal)
        from name in In(ReadShared(file))
        select $"{Path.GetRelativePath(folder, file)}: {name}";

    /// <summary>A file that somebody may have open.</summary>
    public static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    // Inside a longer text the secret may begin at any of three places of a group of four characters; those at its edges hold bits of its neighbours.
    private static string Base64At(byte[] secret, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. secret]).TrimEnd('=');
        var first = offset == 0 ? 0 : offset + 1;
        var whole = (offset + secret.Length) / 3 * 4;
        return text[first..whole];
    }

    private void AddText(string name, string text) => AddForm(name, Encoding.UTF8.GetBytes(text));

    private void AddForm(string name, byte[] form) => _forms.Add((name, form));
}
