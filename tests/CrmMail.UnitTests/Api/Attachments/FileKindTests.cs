using System.Text;
using CrmMail.Api.Attachments;
using CrmMail.Contracts;

namespace CrmMail.UnitTests.Api.Attachments;

/// <summary>docs/attachments.md: what is handed out by what a mail says of a file, and by how it begins.</summary>
public sealed class FileKindTests
{
    [Theory]
    [InlineData("contract.pdf", "application/pdf", "application/pdf")]
    [InlineData("CONTRACT.PDF", "APPLICATION/PDF; name=contract.pdf", "application/pdf")]
    [InlineData("contract.pdf", "application/octet-stream", "application/pdf")]
    [InlineData("contract.pdf", null, "application/pdf")]
    [InlineData("contract.pdf. ", null, "application/pdf")]
    [InlineData(null, "image/png", "image/png")]
    [InlineData("", "image/png", "image/png")]
    [InlineData("contract.pdf", "text/html", "kind-mismatch")]
    [InlineData("setup.exe", "application/pdf", "kind-not-allowed")]
    [InlineData("contract.pdf.exe", "application/pdf", "kind-not-allowed")]
    [InlineData("contract.exe. .", "application/pdf", "kind-not-allowed")]
    [InlineData("page.html", "text/html", "kind-not-allowed")]
    [InlineData("picture.svg", "image/svg+xml", "kind-not-allowed")]
    [InlineData("macros.docm", "application/octet-stream", "kind-not-allowed")]
    [InlineData("contract", "application/pdf", "kind-not-allowed")]
    [InlineData(null, "application/octet-stream", "kind-not-allowed")]
    [InlineData(null, null, "kind-not-allowed")]
    public void A_kind_is_told_by_name_and_type(string? name, string? contentType, string expected)
    {
        var isAllowed = FileKind.TryFind(name, contentType, out var kind, out var refusal);

        Assert.Equal(expected, isAllowed ? kind!.ContentType : refusal.ToText());
    }

    [Theory]
    [InlineData("a.pdf", "%PDF-1.7", null)]
    [InlineData("a.pdf", "\n\n%PDF-1.7", null)]
    [InlineData("a.pdf", "plain", "kind-mismatch")]
    [InlineData("a.pdf", "MZ %PDF-1.7", "executable")]
    [InlineData("a.txt", "MZ", "executable")]
    [InlineData("a.txt", "\u007fELF", "executable")]
    [InlineData("a.txt", "#!/bin/sh", "executable")]
    [InlineData("a.txt", "# a heading", null)]
    [InlineData("a.txt", "no\0text", "kind-mismatch")]
    [InlineData("a.txt", "\u00ff\u00feG\0r\0", null)]
    [InlineData("a.txt", "", null)]
    [InlineData("a.png", "\u0089PNG\r\n\u001a\n", null)]
    [InlineData("a.jpg", "\u00ff\u00d8\u00ff\u00e0", null)]
    [InlineData("a.gif", "GIF89a", null)]
    [InlineData("a.gif", "GIF90a", "kind-mismatch")]
    [InlineData("a.webp", "RIFF1234WEBP", null)]
    [InlineData("a.webp", "RIFF1234WAVE", "kind-mismatch")]
    [InlineData("a.docx", "PK\u0003\u0004", null)]
    [InlineData("a.docx", "\u00ca\u00fe\u00ba\u00be", "executable")]
    [InlineData("a.xls", "\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1", null)]
    [InlineData("a.zip", "\u00cf\u00fa\u00ed\u00fe", "executable")]
    public void What_is_in_it_has_to_be_of_the_kind_and_no_program(string name, string start, string? expected)
    {
        Assert.True(FileKind.TryFind(name, null, out var kind, out _));

        Assert.Equal(expected, kind.Check(Encoding.Latin1.GetBytes(start))?.ToText());
    }
}
