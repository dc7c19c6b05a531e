using MidnightOS.Core.Identity;
using MidnightOS.Core.Results;
using MidnightOS.Core.Transactions;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Agents;

/// <summary>A bot's wallet as its agent reaches it. Tenant, bot and acting user are bound by the host; the model supplies only arguments.</summary>
/// <remarks>Every rule of a spend (funds, policy, the bot's state, approvals) is checked behind this port, outside the language model.</remarks>
public interface IBotWallet
{
    /// <summary>Addresses, balances and how far the wallet has read the chain. <c>WALLET_NOT_READY</c> before it exists.</summary>
    Task<Result<WalletView>> GetAsync(AgentScope scope, CancellationToken cancellationToken);

    /// <summary>Asks for a spend. The same <see cref="SpendRequest.TransactionId"/> again gives the transaction that it made before.</summary>
    Task<Result<TransactionView>> SendAsync(AgentScope scope, SpendRequest request, CancellationToken cancellationToken);

    /// <summary>The bot's transactions, newest first.</summary>
    /// <param name="scope">Who asks.</param>
    /// <param name="limit">1 to 100.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<Result<IReadOnlyList<TransactionView>>> HistoryAsync(AgentScope scope, int limit, CancellationToken cancellationToken);

    /// <summary>One transaction of this bot; <c>NOT_FOUND</c> when it has none of this id.</summary>
    Task<Result<TransactionView>> FindTransactionAsync(AgentScope scope, string id, CancellationToken cancellationToken);

    /// <summary>Confirms a transaction of this bot that waits for it.</summary>
    Task<Result<TransactionView>> ConfirmAsync(AgentScope scope, string id, CancellationToken cancellationToken);

    /// <summary>Cancels a transaction of this bot that is not submitted yet.</summary>
    Task<Result<TransactionView>> CancelAsync(AgentScope scope, string id, CancellationToken cancellationToken);
}

/// <summary>In whose name an agent acts.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="UserId">The signed-in user who wrote the message.</param>
/// <param name="BotId">The bot.</param>
/// <param name="ConversationId">The conversation.</param>
/// <param name="MessageId">The user's message that the agent answers.</param>
public sealed record AgentScope(TenantId Tenant, string UserId, string BotId, string ConversationId, string MessageId);

/// <summary>A spend that an agent asks for.</summary>
/// <param name="To">The recipient's address as it was given; not checked yet.</param>
/// <param name="Amount">A decimal number in token units.</param>
/// <param name="Token">The token's symbol.</param>
/// <param name="Note">What it is for; null when nothing was said.</param>
/// <param name="Confirmed">Whether the user's own current message licenses exactly this spend; otherwise it waits for a confirmation.</param>
/// <param name="TransactionId">The id that the transaction will have; derived from message and call, so that a repeated call spends once.</param>
public sealed record SpendRequest(string To, string Amount, string Token, string? Note, bool Confirmed, string TransactionId);
