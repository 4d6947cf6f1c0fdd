using System.Text;
using System.Text.Json;
using CrmMail.Contracts;
using CrmMail.Processor.Bodies;

namespace CrmMail.UnitTests.Processor.Bodies;

public sealed class ToldBodyTests
{
    [Theory]
    [InlineData("""{"event":"messageNew","data":{"text":{"id":"1","plain":"a\nb","html":"<p>a</p>","hasMore":true}}}""", "a\nb", "<p>a</p>", true)]
    [InlineData("""{"data":{"text":{"html":"<p>\u00fc \ud83d\ude00</p>"},"subject":"s"},"text":"no"}""", null, "<p>ü 😀</p>", false)]
    [InlineData("""{"data":{"text":{"plain":null,"html":17,"hasMore":"yes"}}}""", null, null, false)]
    [InlineData("""{"data":{"text":"a"}}""", null, null, false)]
    [InlineData("""{"data":[]}""", null, null, false)]
    public void Of_EmailEngine(string json, string? text, string? html, bool hasMore) =>
        Assert.Equal(new ToldBody(text, html, hasMore), ToldBody.Read(MailSource.EmailEngine, Encoding.UTF8.GetBytes(json), 100));

    [Theory]
    [InlineData("""{"message_id":"1","text":"a","html":"<p>a</p>","attachments":[{"text":"no"}]}""", "a", "<p>a</p>")]
    [InlineData("""{"text":null}""", null, null)]
    public void Of_MailParse(string json, string? text, string? html) =>
        Assert.Equal(new ToldBody(text, html, false), ToldBody.Read(MailSource.MailParse, Encoding.UTF8.GetBytes(json), 100));

    [Theory]
    [InlineData('x')]
    [InlineData('ü')]
    [InlineData('\n')]
    public void Of_a_long_text_more_than_was_asked_for_is_read_but_not_all(char character)
    {
        var json = JsonSerializer.Serialize(new { data = new { text = new { plain = new string(character, 5000) } } });

        Assert.InRange(ToldBody.Read(MailSource.EmailEngine, Encoding.UTF8.GetBytes(json), 100).Text!.Length, 101, 612);
    }
}
