using System.Net.Sockets;
using CrmMail.Processor.Batches;
using Npgsql;

namespace CrmMail.UnitTests.Processor;

public sealed class OutagesTests
{
    [Theory]
    [InlineData("22021", false)] // a NUL in a text
    [InlineData("22P05", false)] // a lone surrogate in jsonb
    [InlineData("23514", false)] // a check
    [InlineData("54000", false)] // an index entry that is too long
    [InlineData("08006", true)] // the connection broke
    [InlineData("40P01", true)] // a deadlock
    [InlineData("53100", true)] // the disk is full
    [InlineData("57P01", true)] // the server is shut down
    [InlineData("42P01", true)] // a table is missing: no event is to blame
    public void PostgreSQL_blames_an_event_only_for_its_data(string sqlState, bool isOutage) =>
        Assert.Equal(isOutage, Outages.IsOutage(new PostgresException("", "ERROR", "ERROR", sqlState)));

    [Fact]
    public void A_server_that_does_not_answer_is_an_outage()
    {
        Assert.True(Outages.IsOutage(new TimeoutException()));
        Assert.True(Outages.IsOutage(new NpgsqlException("", new SocketException())));
        Assert.False(Outages.IsOutage(new InvalidCastException()));
    }
}
