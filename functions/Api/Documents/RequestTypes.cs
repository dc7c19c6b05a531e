using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Routing;
using MidnightOS.Api.Requests;

namespace MidnightOS.Api.Documents;

/// <summary>The types that requests are made of: the bodies of all endpoints and what lies in them. None takes a field that it does not know.</summary>
internal sealed class RequestTypes(EndpointDataSource endpoints)
{
    private readonly Lazy<HashSet<Type>> _types = new(() => Find(endpoints));

    /// <summary>Whether a request may hold an object of this type.</summary>
    public bool Contains(Type type) => _types.Value.Contains(type);

    private static HashSet<Type> Find(EndpointDataSource endpoints)
    {
        var found = new HashSet<Type>();
        foreach (var body in endpoints.Endpoints.SelectMany(static endpoint => endpoint.Metadata.OfType<BodyMetadata>()))
        {
            Add(ApiJson.Options.GetTypeInfo(body.Type), found);
        }

        return found;
    }

    private static void Add(JsonTypeInfo type, HashSet<Type> found)
    {
        if (type.Kind == JsonTypeInfoKind.Enumerable)
        {
            Add(type.Options.GetTypeInfo(type.ElementType!), found);
        }
        else if (type.Kind == JsonTypeInfoKind.Object && found.Add(type.Type))
        {
            foreach (var property in type.Properties)
            {
                Add(type.Options.GetTypeInfo(property.PropertyType), found);
            }
        }
    }
}
