namespace CrmMail.Processor.Database;

/// <summary>The SQL of the stages lies beside them, in folders called <c>Sql</c>.</summary>
internal static class SqlFile
{
    /// <summary>The text of <c>name.sql</c>. Read when a stage is made, not when it runs.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(SqlFile).Assembly.GetManifestResourceStream($"{name}.sql")
            ?? throw new ArgumentException($"There is no {name}.sql among the embedded resources.", nameof(name));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
