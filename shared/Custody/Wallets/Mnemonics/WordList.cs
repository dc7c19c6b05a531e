using System.Text;

namespace MidnightOS.Custody.Wallets.Mnemonics;

/// <summary>The English word list of BIP-39: 2048 words, https://github.com/bitcoin/bips/blob/master/bip-0039/english.txt.</summary>
internal static class WordList
{
    /// <summary>The words in ASCII, in the order of their indexes.</summary>
    public static IReadOnlyList<byte[]> Words { get; } = Load();

    private static byte[][] Load()
    {
        using var stream = typeof(WordList).Assembly.GetManifestResourceStream("MidnightOS.Custody.Wallets.Mnemonics.english.txt")!;
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Encoding.ASCII.GetBytes)];
    }
}
