using System.Text;
using MidnightOS.Azure.Messaging;
using MidnightOS.Core.Identity;
using MidnightOS.Core.Proofs;

namespace MidnightOS.Tests.Azure.Messaging;

public sealed class ProofMessageTests
{
    private const string Job = "prf_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static readonly ProofWord Word = new(new TenantId("ten_01ARZ3NDEKTSV4RRFFQ69G5FAV"), $"{Job}.01BX5ZZKBKACTAV9WEVGEMMVRZ", [.. Enumerable.Range(0, 32).Select(static n => (byte)n)], 3);

    [Fact]
    public void Read_WhatWasSent_IsTheSameWord()
    {
        var read = ProofMessage.Read(ProofMessage.BodyOf(Word), ProofMessage.KeyOf(Word));
        Assert.Equal((Word.Tenant, Word.Payload, Job, 3), (read!.Tenant, read.Payload, read.JobId, read.Sent));
        Assert.Equal(Word.Key, read.Key);
    }

    [Fact]
    public void Body_OfAWord_HoldsNoKey()
    {
        var body = Encoding.UTF8.GetString(ProofMessage.BodyOf(Word));
        Assert.Equal("""{"tenant":"ten_01ARZ3NDEKTSV4RRFFQ69G5FAV","payload":"prf_01ARZ3NDEKTSV4RRFFQ69G5FAV.01BX5ZZKBKACTAV9WEVGEMMVRZ","sent":3}""", body);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("no base64!")]
    public void Read_NoKey_IsAWordWithoutOne(string? key) => Assert.Empty(ProofMessage.Read(ProofMessage.BodyOf(Word), key)!.Key);

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"tenant":"ten_01ARZ3NDEKTSV4RRFFQ69G5FAV","payload":null}""")]
    [InlineData("""{"tenant":null,"payload":"prf_01ARZ3NDEKTSV4RRFFQ69G5FAV.x"}""")]
    [InlineData("""{"tenant":"x","payload":"prf_01ARZ3NDEKTSV4RRFFQ69G5FAV.x"}""")]
    [InlineData("""{"tenant":"ten_01ARZ3NDEKTSV4RRFFQ69G5FAV","payload":"prf_01ARZ3NDEKTSV4RRFFQ69G5FAV"}""")]
    [InlineData("""{"tenant":"ten_01ARZ3NDEKTSV4RRFFQ69G5FAV","payload":"../prf_01ARZ3NDEKTSV4RRFFQ69G5FAV.x"}""")]
    [InlineData("""{"tenant":"ten_01ARZ3NDEKTSV4RRFFQ69G5FAV","payload":"prf_01ARZ3NDEKTSV4RRFFQ69G5FAV.x","sent":-1}""")]
    public void Read_AnythingElse_IsNone(string body) => Assert.Null(ProofMessage.Read(Encoding.UTF8.GetBytes(body), ProofMessage.KeyOf(Word)));

    [Fact]
    public void Id_OfAWordThatIsSentOn_IsAnother() => Assert.NotEqual(ProofMessage.IdOf(Word), ProofMessage.IdOf(Word with { Sent = 4 }));
}
