using System.Globalization;
using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Decoding;

public sealed class MailDatesTests
{
    private const string Received = "2026-06-01T12:00:00.0000000Z";

    [Theory]
    [InlineData("2026-05-31T10:00:00.000Z", "2026-05-31T10:00:00.0000000Z")]
    [InlineData("2026-05-31T10:00:00+02:00", "2026-05-31T08:00:00.0000000Z")]
    [InlineData("Sun, 31 May 2026 10:00:00 +0200", "2026-05-31T08:00:00.0000000Z")]
    [InlineData("Mon, 31 May 2026 10:00:00 +0300 (EET)", "2026-05-31T07:00:00.0000000Z")] // a wrong weekday, and a comment
    [InlineData("2026-05-31 10:00", "2026-05-31T10:00:00.0000000Z")] // no zone: UTC
    [InlineData("2026-05-31T10:00:00.1234567Z", "2026-05-31T10:00:00.1234560Z")] // PostgreSQL keeps microseconds
    [InlineData("1990-01-01T00:00:00Z", "1990-01-01T00:00:00.0000000Z")]
    [InlineData("2026-06-02T12:00:00Z", "2026-06-02T12:00:00.0000000Z")] // a clock that is a day fast
    [InlineData("2026-06-02T12:00:01Z", Received)]
    [InlineData("1989-12-31T23:59:59Z", Received)]
    [InlineData("0001-01-01T00:00:00Z", Received)]
    [InlineData("0001-01-01T00:00:00+14:00", Received)]
    [InlineData("9999-12-31T23:59:59.9999999Z", Received)]
    [InlineData("9999-12-31T23:59:59-14:00", Received)]
    [InlineData("+275760-09-13T00:00:00.000Z", Received)]
    [InlineData("Thu, 32 Foo 2026 10:00:00 +0000", Received)]
    [InlineData("Thu, 31 May 2026 25:61:00 +0000", Received)]
    [InlineData("(x),y", Received)]
    [InlineData("(", Received)]
    [InlineData(",", Received)]
    [InlineData("1780000000000", Received)]
    [InlineData("\uFFFD", Received)]
    [InlineData("", Received)]
    [InlineData(null, Received)]
    public void A_date_that_makes_no_sense_is_the_time_of_receipt(string? claimed, string expected) =>
        Assert.Equal(expected, Text(MailDates.OrReceived(claimed, Time(Received))));

    [Theory]
    [InlineData("0001-01-01T00:00:00.0000000Z")]
    [InlineData("9999-12-31T23:59:59.9999990Z")]
    [InlineData("9999-12-31T00:00:00.0000000Z")]
    public void A_time_of_receipt_at_the_end_of_the_calendar_is_no_fault(string received) =>
        Assert.Equal(received, Text(MailDates.OrReceived(received, Time(received))));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(DateTime date) => date.ToString("O", CultureInfo.InvariantCulture);
}
