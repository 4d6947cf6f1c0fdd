namespace CrmMail.Api.Bodies;

/// <summary>What is stored of a body, or of its keys, is not what was encrypted: the row was changed, or a master key has the id of another one.</summary>
internal sealed class UnreadableBodyException(Exception inner) : Exception("What is stored of a body is not what was encrypted.", inner);
