using CrmMail.Processor.Decoding;

namespace CrmMail.UnitTests.Processor.Decoding;

/// <summary>What is kept of attached files, of both sources.</summary>
public sealed class AttachedFilesTests
{
    [Theory]
    [InlineData("""[{"id":"A","contentType":"application/pdf","encodedSize":686,"inline":false,"filename":"contract.pdf"}]""", 1, """[{"name":"contract.pdf","type":"application/pdf","size":686}]""")]
    [InlineData("""[{},{"filename":null,"contentType":5,"encodedSize":-1}]""", 2, """[{},{"type":"5"}]""")]
    [InlineData("""[{"encodedSize":1.5},{"encodedSize":"1"},{"filename":{"a":[1]}},7,[1]]""", 5, "[{},{},{},{},{}]")]
    [InlineData("""[{"filename":"a\u0000b"}]""", 1, "[{\"name\":\"a\uFFFDb\"}]")]
    [InlineData("""{"filename":"a"}""", 0, "[]")]
    [InlineData("null", 0, "[]")]
    public void Of_EmailEngine_whatever_is_there_in_whatever_form(string attachments, int count, string expected)
    {
        var mail = Decode(attachments);

        Assert.Equal((count, expected), (mail.Count, mail.ToJson()));
    }

    [Fact]
    public void Of_MailParse_with_the_place()
    {
        var files = TeamMail.DecodeMail("""  "attachments":[{"filename":"a.pdf","content_type":"application/pdf","size":1e3,"url":"https://files.example/a"},null,{"size":1e300}]  """).Text.Attachments;

        Assert.Equal((3, """[{"name":"a.pdf","type":"application/pdf","size":1000,"url":"https://files.example/a"},{},{}]"""), (files.Count, files.ToJson()));
    }

    [Fact]
    public void Fifty_are_kept_and_all_are_counted_and_long_texts_are_cut()
    {
        var files = new AttachedFiles();
        for (var n = 0; n < 60; n++)
        {
            files.Add(new AttachedFile(new string('n', 1000), new string('t', 1000), n, "https://files.example/" + new string('u', 2000)));
        }

        Assert.Equal((60, 50), (files.Count, files.Kept.Count));
        Assert.Equal((255, 255, null), (files.Kept[0].Name!.Length, files.Kept[0].ContentType!.Length, files.Kept[0].Url));
    }

    private static AttachedFiles Decode(string attachments) => Webhook.DecodeMail($"""  "messageId":"<1@x>","attachments":{attachments}  """).Text.Attachments;
}
