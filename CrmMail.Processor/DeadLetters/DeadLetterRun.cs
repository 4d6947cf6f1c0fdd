using CrmMail.Contracts;

namespace CrmMail.Processor.DeadLetters;

/// <summary>A run over dead letters that somebody asked for.</summary>
/// <param name="Id">The run.</param>
/// <param name="Action">What it does with them.</param>
/// <param name="Request">Which letters, and how fast.</param>
/// <param name="RequestedBy">Who asked for it.</param>
/// <param name="MaxId">The last letter that it may take.</param>
/// <param name="Handled">How many letters it took before it was taken up.</param>
internal sealed record DeadLetterRun(Guid Id, DeadLetterAction Action, DeadLetterRunRequest Request, string RequestedBy, long MaxId, long Handled);
