namespace MidnightOS.Core.Identity;

/// <summary>The prefixes of ids. An id is a prefix and 26 characters of Crockford base 32 that sort by time (as a ULID does).</summary>
public static class IdPrefix
{
    /// <summary>User.</summary>
    public const string User = "usr_";

    /// <summary>Tenant.</summary>
    public const string Tenant = "ten_";

    /// <summary>Bot.</summary>
    public const string Bot = "bot_";

    /// <summary>Operation; also the id of the flow that carries it out.</summary>
    public const string Operation = "op_";

    /// <summary>Transaction; also the id of the flow that carries it through.</summary>
    public const string Transaction = "txn_";

    /// <summary>Conversation: the <c>sessionId</c> of a chat.</summary>
    public const string Conversation = "cnv_";

    /// <summary>Message of a conversation.</summary>
    public const string Message = "msg_";

    /// <summary>Event.</summary>
    public const string Event = "evt_";

    /// <summary>Sign-in session.</summary>
    public const string Session = "ses_";

    /// <summary>Access token (its <c>jti</c>).</summary>
    public const string Token = "tok_";

    /// <summary>Proof job; derived from its content.</summary>
    public const string Proof = "prf_";

    /// <summary>API key.</summary>
    public const string ApiKey = "key_";

    /// <summary>Record of the outbox.</summary>
    public const string Outbox = "out_";
}
