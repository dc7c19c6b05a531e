using System.Globalization;
using System.Numerics;
using MidnightOS.Prover.Protocol;

namespace MidnightOS.Tests.Integration.Prover;

/// <summary>What official clients send is read, and written again byte for byte.</summary>
public sealed class OfficialBodyTests
{
    [CircuitFact]
    public async Task TryParseProve_OfTheOfficialClient_GivesWhatItWasGivenAndIsWrittenAlike()
    {
        foreach (var (name, keys, bound) in new[] { ("prove", true, false), ("proveBound", true, true), ("proveBuiltIn", false, true) })
        {
            var body = await OfficialBodies.OfAsync(name);
            Assert.True(ProveRequestParser.TryParseProve(body, out var request, out var error), error?.ToString());
            Assert.Equal(await OfficialBodies.OfAsync("preimage"), request.Preimage.ToArray());
            Assert.Equal("count", request.KeyLocation);
            Assert.Equal(keys ? OfficialBodies.Circuit("prover") : null, request.Keys?.ProverKey.ToArray());
            Assert.Equal(keys ? OfficialBodies.Circuit("verifier") : null, request.Keys?.VerifierKey.ToArray());
            Assert.Equal(keys ? OfficialBodies.Circuit("bzkir") : null, request.Keys?.Ir.ToArray());
            Assert.Equal(bound, request.BindingInput is not null);
            Assert.Equal(body, ProveRequestWriter.Write(request));
        }
    }

    [CircuitFact]
    public async Task TryParseProve_BindingInput_IsTheNumberThatTheClientGave()
    {
        Assert.True(ProveRequestParser.TryParseProve(await OfficialBodies.OfAsync("proveBound"), out var request, out _));
        var given = BigInteger.Parse("0" + await OfficialBodies.TextAsync("binding"), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Assert.Equal(given, new BigInteger(request.BindingInput!.Value.Span, isUnsigned: true));
    }

    [CircuitFact]
    public async Task TryParseCheck_OfTheOfficialClient_GivesWhatItWasGivenAndIsWrittenAlike()
    {
        foreach (var (name, ir) in new[] { ("check", OfficialBodies.Circuit("bzkir")), ("checkBuiltIn", null) })
        {
            var body = await OfficialBodies.OfAsync(name);
            Assert.True(ProveRequestParser.TryParseCheck(body, out var request, out var error), error?.ToString());
            Assert.Equal(await OfficialBodies.OfAsync("preimage"), request.Preimage.ToArray());
            Assert.Equal(ir, request.Ir?.ToArray());
            Assert.Equal(body, ProveRequestWriter.Write(request));
        }
    }

    [CircuitFact]
    public async Task TryParseProveTransaction_OfTheOfficialClient_IsTakenApartWhereTheTransactionEnds()
    {
        var body = await OfficialBodies.OfAsync("proveTransaction");
        Assert.True(ProveRequestParser.TryParseProveTransaction(body, out var request, out var error), error?.ToString());
        Assert.Equal(await OfficialBodies.OfAsync("transaction"), request.Transaction.ToArray());
        Assert.Equal(["b", "count"], request.Keys.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(OfficialBodies.Circuit("prover"), request.Keys["count"].ProverKey.ToArray());
        Assert.Equal(body, ProveRequestWriter.Write(request));
        Assert.True(ProveRequestParser.TryParseProveTransaction(await OfficialBodies.OfAsync("proveNothing"), out var nothing, out error), error?.ToString());
        Assert.Empty(nothing.Keys);
    }
}
