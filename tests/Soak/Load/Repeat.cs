namespace MidnightOS.Tests.Soak.Load;

/// <summary>A request that is sent again with its key gives the first answer.</summary>
internal static class Repeat
{
    public static Task CheckAsync(Payment payment, Findings findings, CancellationToken cancellationToken) =>
        CheckAsync(payment.Owner, payment.Request, payment.Answer!, findings, cancellationToken);

    public static Task CheckAsync(BotEntry bot, Findings findings, CancellationToken cancellationToken) =>
        CheckAsync(bot.Owner, bot.Request, bot.Answer!, findings, cancellationToken);

    private static async Task CheckAsync(
        TenantSession owner, (string Path, object Body, string Key) request, Answer first, Findings findings, CancellationToken cancellationToken)
    {
        findings.Count("repeated requests");
        var again = await owner.PostAsync(request.Path, request.Body, request.Key, cancellationToken);

        // Refusals of all kinds count as one answer, but a problem document names the request that it is about.
        if (again.Status != first.Status || again.Code != first.Code || (first.IsSuccess && again.Text != first.Text))
        {
            findings.Violated($"The request {request.Key} was answered with {first.Status} {first.Text} and, again, with {again.Status} {again.Text}");
        }
    }
}
