using System.Collections;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization.Metadata;
using MidnightOS.Core.Results;

namespace MidnightOS.Api.Requests;

/// <summary>Checks a request record against the validation attributes of its fields.</summary>
internal static class RequestRules
{
    /// <summary>All that is wrong, with the names of the fields; null when nothing is.</summary>
    public static Error? Check(object request, JsonTypeInfo type)
    {
        var problems = new Dictionary<string, string>(StringComparer.Ordinal);
        Check(request, type, "", problems);
        return FieldErrors.From(problems);
    }

    private static void Check(object? value, JsonTypeInfo type, string path, Dictionary<string, string> problems)
    {
        if (type.Kind == JsonTypeInfoKind.Object && value is not null)
        {
            foreach (var property in type.Properties)
            {
                CheckField(value, property, path, problems);
            }
        }
        else if (type.Kind == JsonTypeInfoKind.Enumerable && value is IEnumerable items)
        {
            var itemType = type.Options.GetTypeInfo(type.ElementType!);
            var index = 0;
            foreach (var item in items)
            {
                Check(item, itemType, $"{path}[{index++}]", problems);
            }
        }
    }

    private static void CheckField(object owner, JsonPropertyInfo property, string path, Dictionary<string, string> problems)
    {
        var name = FieldErrors.Join(path, property.Name);
        var value = property.Get?.Invoke(owner);
        foreach (var rule in property.AttributeProvider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true) ?? [])
        {
            if (((ValidationAttribute)rule).GetValidationResult(value, new ValidationContext(owner) { MemberName = name }) is { } failed)
            {
                problems.TryAdd(name, failed.ErrorMessage ?? "is not valid");
            }
        }

        Check(value, property.Options.GetTypeInfo(property.PropertyType), name, problems);
    }
}

/// <summary>Text of a bounded length that is not blank and holds no control character but tab and line ends; for a list, each of its items.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class TextAttribute : StringLengthAttribute
{
    /// <summary>Text of at most so many characters (UTF-16).</summary>
    public TextAttribute(int max)
        : base(max) => MinimumLength = 1;

    /// <summary>Whether blank text is fine.</summary>
    public bool MayBeBlank
    {
        get => MinimumLength == 0;
        init => MinimumLength = value ? 0 : 1;
    }

    /// <summary>Whether control characters are fine: secrets are taken as they are.</summary>
    public bool Verbatim { get; init; }

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) => value switch
    {
        string text => Problem(text),
        IEnumerable<string> texts => texts.Select(Problem).FirstOrDefault(static problem => problem is not null),
        _ => ValidationResult.Success,
    };

    private ValidationResult? Problem(string text) =>
        !MayBeBlank && string.IsNullOrWhiteSpace(text) ? new ValidationResult("must not be empty")
        : text.Length > MaximumLength ? new ValidationResult($"has at most {MaximumLength} characters")
        : !Verbatim && text.Any(static c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')) ? new ValidationResult("must not hold control characters")
        : ValidationResult.Success;
}
