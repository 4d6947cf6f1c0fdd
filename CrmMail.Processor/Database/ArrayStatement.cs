using Npgsql;
using NpgsqlTypes;

namespace CrmMail.Processor.Database;

/// <summary>
/// A statement over arrays, one per column: its text is the same for every number of rows, so it is planned once, and one round trip
/// writes any number of rows. The arrays are kept and filled anew for every batch.
/// </summary>
/// <param name="name">The file of the statement, as <see cref="SqlFile"/> reads it.</param>
internal sealed class ArrayStatement<TRow>(string name)
{
    private readonly string _sql = SqlFile.Read(name);
    private readonly List<IColumn> _columns = [];

    /// <summary>How many rows were added.</summary>
    public int Count { get; private set; }

    /// <summary>Defines the next parameter: an array of what each row gives.</summary>
    public ArrayStatement<TRow> Column<T>(NpgsqlDbType elementType, Func<TRow, T> value)
    {
        _columns.Add(new TypedColumn<T>(elementType, value));
        return this;
    }

    public void Add(TRow row)
    {
        Count++;
        foreach (var column in _columns)
        {
            column.Add(row);
        }
    }

    /// <summary>Adds the statement to the batch; null and nothing where there are no rows.</summary>
    public NpgsqlBatchCommand? AddTo(NpgsqlBatch batch)
    {
        if (Count == 0)
        {
            return null;
        }

        var command = new NpgsqlBatchCommand(_sql);
        foreach (var column in _columns)
        {
            command.Parameters.Add(column.ToParameter());
        }

        batch.BatchCommands.Add(command);
        return command;
    }

    public void Clear()
    {
        Count = 0;
        foreach (var column in _columns)
        {
            column.Clear();
        }
    }

    private interface IColumn
    {
        void Add(TRow row);

        NpgsqlParameter ToParameter();

        void Clear();
    }

    private sealed class TypedColumn<T>(NpgsqlDbType elementType, Func<TRow, T> value) : IColumn
    {
        private readonly List<T> _values = [];

        public void Add(TRow row) => _values.Add(value(row));

        public NpgsqlParameter ToParameter() =>
            new NpgsqlParameter<List<T>> { TypedValue = _values, NpgsqlDbType = NpgsqlDbType.Array | elementType };

        public void Clear() => _values.Clear();
    }
}
