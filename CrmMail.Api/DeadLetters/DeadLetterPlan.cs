namespace CrmMail.Api.DeadLetters;

/// <summary>What an order would do.</summary>
/// <param name="Execute">Always false: nothing was changed.</param>
/// <param name="Matches">How many letters the filter finds.</param>
/// <param name="Requeueable">How many of them would be handled.</param>
/// <param name="Withheld">How many would not, because they were put back 5 times: they need `force`.</param>
/// <param name="ByReason">What is wrong with those that the filter finds.</param>
internal sealed record DeadLetterPlan(bool Execute, long Matches, long Requeueable, long Withheld, IReadOnlyList<ReasonCount> ByReason);

/// <summary>How many letters have a reason.</summary>
/// <param name="Reason">What is wrong with them.</param>
/// <param name="Count">How many there are.</param>
internal sealed record ReasonCount(string Reason, long Count);

/// <summary>An order that is being carried out.</summary>
/// <param name="Execute">Always true.</param>
/// <param name="Run">Who does it, and how far it is.</param>
internal sealed record AcceptedDeadLetterOrder(bool Execute, DeadLetterRun Run);
