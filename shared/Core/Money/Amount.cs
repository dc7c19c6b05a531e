using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MidnightOS.Core.Money;

/// <summary>An amount of one token in atomic units (for NIGHT: STAR, 10⁻⁶ NIGHT). Never negative, never a floating-point number; arithmetic that would overflow throws.</summary>
/// <param name="Atomic">Atomic units; the ledger's own type is u128.</param>
[JsonConverter(typeof(AmountJsonConverter))]
public readonly record struct Amount(UInt128 Atomic) : IComparable<Amount>
{
    /// <summary>Nothing.</summary>
    public static Amount Zero => default;

    /// <summary>Whether it is nothing.</summary>
    public bool IsZero => Atomic == UInt128.Zero;

    /// <summary>The sum.</summary>
    public static Amount operator +(Amount a, Amount b) => new(checked(a.Atomic + b.Atomic));

    /// <summary>The difference; a negative one throws.</summary>
    public static Amount operator -(Amount a, Amount b) => new(checked(a.Atomic - b.Atomic));

    /// <summary>Less than.</summary>
    public static bool operator <(Amount a, Amount b) => a.Atomic < b.Atomic;

    /// <summary>Greater than.</summary>
    public static bool operator >(Amount a, Amount b) => a.Atomic > b.Atomic;

    /// <summary>Less than or equal.</summary>
    public static bool operator <=(Amount a, Amount b) => a.Atomic <= b.Atomic;

    /// <summary>Greater than or equal.</summary>
    public static bool operator >=(Amount a, Amount b) => a.Atomic >= b.Atomic;

    /// <summary>The sum of many.</summary>
    public static Amount Sum(IEnumerable<Amount> amounts)
    {
        ArgumentNullException.ThrowIfNull(amounts);
        return amounts.Aggregate(Zero, static (sum, next) => sum + next);
    }

    /// <summary>Reads atomic units written as a decimal integer without sign or separators.</summary>
    public static bool TryParseAtomic(string? text, out Amount amount)
    {
        var ok = UInt128.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var atomic);
        amount = new Amount(atomic);
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(Amount other) => Atomic.CompareTo(other.Atomic);

    /// <summary>Atomic units as a decimal integer.</summary>
    public override string ToString() => Atomic.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An amount in a stored document: atomic units as a JSON string.</summary>
internal sealed class AmountJsonConverter : JsonConverter<Amount>
{
    public override Amount Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Amount.TryParseAtomic(reader.GetString(), out var amount) ? amount : throw new JsonException("Not an amount of atomic units.");

    public override void Write(Utf8JsonWriter writer, Amount value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
