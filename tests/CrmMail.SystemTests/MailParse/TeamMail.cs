namespace CrmMail.SystemTests.MailParse;

/// <summary>Mails at team addresses as MailParse tells of them.</summary>
internal static class TeamMail
{
    public static string Of(string messageId, string from, string to, string receivedAt = "2026-06-01T11:59:30.000Z") =>
        $$$"""
        {
            "message_id": "<{{{messageId}}}>",
            "thread": {"in_reply_to": null, "references": []},
            "envelope": {"from": {"email": "{{{from}}}", "name": ""}, "to": [{"email": "{{{to}}}", "name": ""}], "cc": [{"email": "team@corp.example", "name": "Team"}], "reply_to": []},
            "subject": "{{{messageId}}}", "text": "Words", "html": "<p>Words</p>", "attachments": [],
            "spam": {"score": 0.1, "flag": false}, "auth": {"spf": "pass", "dkim": "pass"}, "received_at": "{{{receivedAt}}}"
        }
        """;
}
