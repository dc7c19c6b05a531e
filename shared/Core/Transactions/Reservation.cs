using MidnightOS.Core.Money;
using MidnightOS.Core.Wallets;

namespace MidnightOS.Core.Transactions;

/// <summary>The arithmetic of a transfer in the book: its amount is reserved once, and given back or spent once.</summary>
internal static class Reservation
{
    /// <summary>Reserves a transfer's amount, and counts it on the day whose spends it is among.</summary>
    public static WalletBook Reserve(WalletBook book, Transaction transaction, TransferWork work)
    {
        var holding = book.Of(transaction.TokenType);
        var reserved = book.With(transaction.TokenType, holding with { Reserved = holding.Reserved + transaction.Amount });
        return work.CountedOn is { } day ? Count(reserved, transaction.Amount, day) : reserved;
    }

    /// <summary>Counts an amount among the spends of a day.</summary>
    public static WalletBook Count(WalletBook book, Amount amount, DateOnly day) =>
        book with { Day = day, SpentOnDay = book.SpentOn(day) + amount };

    /// <summary>Gives back what a transfer that ended without effect had reserved.</summary>
    public static WalletBook Release(WalletBook book, Transaction transaction, TransferWork work)
    {
        var released = Unreserve(book, transaction, work);

        // The count of a day that is over is gone with it. Less than the amount is there only if hosts disagree about the day.
        return !work.Reserved || work.CountedOn is not { } day || day != book.Day
            ? released
            : released with { SpentOnDay = released.SpentOnDay > transaction.Amount ? released.SpentOnDay - transaction.Amount : Amount.Zero };
    }

    /// <summary>Takes the reservation of a transfer that the chain carried out; one that had been given back before counts among the day's spends again.</summary>
    public static WalletBook Spend(WalletBook book, Transaction transaction, TransferWork work) =>
        work.Reserved ? Unreserve(book, transaction, work)
        : work.CountedOn is { } day && day == book.Day ? Count(book, transaction.Amount, day)
        : book;

    private static WalletBook Unreserve(WalletBook book, Transaction transaction, TransferWork work)
    {
        var holding = book.Of(transaction.TokenType);
        return work.Reserved ? book.With(transaction.TokenType, holding with { Reserved = holding.Reserved - transaction.Amount }) : book;
    }
}
