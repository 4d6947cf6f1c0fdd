using CrmMail.Processor.Database;
using Npgsql;

namespace CrmMail.UnitTests.Processor.Database;

public sealed class PreparedStatementsTests
{
    [Theory]
    [InlineData("Host=postgres", 100)]
    [InlineData("Host=postgres;Max Auto Prepare=0", 0)]
    [InlineData("Host=postgres;max auto prepare=20", 20)]
    public void What_the_connection_string_says_of_prepared_statements_holds(string connection, int expected)
    {
        var database = new NpgsqlDataSourceBuilder(connection);

        PreparedStatements.Keep(database);

        Assert.Equal(expected, database.ConnectionStringBuilder.MaxAutoPrepare);
    }
}
