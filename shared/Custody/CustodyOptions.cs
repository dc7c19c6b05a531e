using Microsoft.Extensions.Options;

namespace MidnightOS.Custody;

/// <summary>Settings <c>Custody:*</c>.</summary>
public sealed class CustodyOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Custody";

    /// <summary><c>Custody:KeyFile</c>: the file of the key-encryption keys. Default <c>keys/vault.json</c> in <c>Data:Folder</c>.</summary>
    public string KeyFile { get; set; } = string.Empty;
}

internal sealed class CustodyOptionsValidator : IValidateOptions<CustodyOptions>
{
    public ValidateOptionsResult Validate(string? name, CustodyOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.KeyFile))
        {
            return ValidateOptionsResult.Fail("Custody:KeyFile must name a file.");
        }

        return Directory.Exists(options.KeyFile)
            ? ValidateOptionsResult.Fail($"Custody:KeyFile must name a file; {options.KeyFile} is a folder.")
            : ValidateOptionsResult.Success;
    }
}
