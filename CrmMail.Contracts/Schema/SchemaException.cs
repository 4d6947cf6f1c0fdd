namespace CrmMail.Contracts;

/// <summary>The database cannot be brought to the schema of this build. The message is one line for the operator: the cause and the cure.</summary>
public sealed class SchemaException(string message) : Exception(message);
