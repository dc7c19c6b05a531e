using System.Reflection;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MidnightOS.Core.Identity;

namespace MidnightOS.Api.Idempotency;

/// <summary>What an endpoint knows of the request's <c>Idempotency-Key</c>. Take it as a parameter of an endpoint that is <see cref="IdempotencyConventions.Idempotent"/>.</summary>
internal sealed class IdempotencyContext : IBindableFromHttpContext<IdempotencyContext>
{
    private readonly IIdGenerator _ids;
    private string[]? _parts;
    private DateTimeOffset _firstSeen;

    private IdempotencyContext(IIdGenerator ids) => _ids = ids;

    /// <summary>The key; null when the request has none.</summary>
    public string? Key { get; private set; }

    /// <summary>The id of what the request creates: the same however often it is sent with its key. Null without a key.</summary>
    /// <param name="prefix">One of <see cref="IdPrefix"/>.</param>
    public string? DeriveId(string prefix) => _parts is null ? null : _ids.Derive(prefix, _firstSeen, _parts);

    public static ValueTask<IdempotencyContext?> BindAsync(HttpContext context, ParameterInfo parameter) =>
        ValueTask.FromResult<IdempotencyContext?>(Of(context));

    /// <summary>The one of this request.</summary>
    public static IdempotencyContext Of(HttpContext context)
    {
        if (context.Features.Get<IdempotencyContext>() is { } known)
        {
            return known;
        }

        var made = new IdempotencyContext(context.RequestServices.GetRequiredService<IIdGenerator>());
        context.Features.Set(made);
        return made;
    }

    /// <summary>Tells the key of a request that is not signed in: nothing is recorded, and the use case itself recognises the key.</summary>
    public void Set(string key) => Key = key;

    /// <summary>Tells the key of a recorded request.</summary>
    /// <param name="key">The key.</param>
    /// <param name="firstSeen">When it was first seen.</param>
    /// <param name="parts">What ids are derived from.</param>
    public void Set(string key, DateTimeOffset firstSeen, string[] parts) => (Key, _firstSeen, _parts) = (key, firstSeen, parts);
}
