using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidnightOS.Core.Identity;

/// <summary>The id of a tenant: the partition key of every document and the first parameter of every store method.</summary>
/// <remarks>A type of its own so that no other string can be passed where the tenant decides what may be seen.</remarks>
[JsonConverter(typeof(TenantIdJsonConverter))]
public readonly record struct TenantId
{
    private readonly string? _value;

    /// <summary>The partition of what belongs to the platform itself and to no customer: signing keys, the vault's record. No user is ever in it.</summary>
    public static TenantId Platform { get; } = new($"{IdPrefix.Tenant}00000000000000000000000000");

    /// <param name="value">An id that starts with <c>ten_</c>.</param>
    public TenantId(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (!value.StartsWith(IdPrefix.Tenant, StringComparison.Ordinal))
        {
            throw new ArgumentException("A tenant id starts with ten_.", nameof(value));
        }

        _value = value;
    }

    /// <summary>The id as text. Reading the default value is a bug and throws.</summary>
    public string Value => _value ?? throw new InvalidOperationException("The tenant id was never set.");

    /// <inheritdoc/>
    public override string ToString() => Value;
}

internal sealed class TenantIdJsonConverter : JsonConverter<TenantId>
{
    public override TenantId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, TenantId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
