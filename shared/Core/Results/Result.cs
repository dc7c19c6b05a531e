using System.Diagnostics.CodeAnalysis;

namespace MidnightOS.Core.Results;

/// <summary>A value or an expected failure. Outages and bugs are exceptions and never stand in here.</summary>
/// <typeparam name="T">What success gives.</typeparam>
public readonly struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Error? error)
    {
        _value = value;
        Error = error;
    }

    /// <summary>The failure; null on success.</summary>
    public Error? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsSuccess => Error is null;

    /// <summary>The value. Reading it from a failure is a bug and throws.</summary>
    public T Value => IsSuccess ? _value! : throw new InvalidOperationException($"There is no value: {Error.Code} {Error.Message}");

    /// <summary>A success.</summary>
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>A failure.</summary>
    public static implicit operator Result<T>(Error error) => new(default, error);

    /// <summary>Takes success and failure apart in one expression.</summary>
    public TOut Match<TOut>(Func<T, TOut> success, Func<Error, TOut> failure)
    {
        ArgumentNullException.ThrowIfNull(success);
        ArgumentNullException.ThrowIfNull(failure);
        return IsSuccess ? success(_value!) : failure(Error);
    }
}

/// <summary>The result of something that gives nothing but success or failure.</summary>
public readonly record struct Done
{
    /// <summary>The one value.</summary>
    public static Done Value => default;
}
