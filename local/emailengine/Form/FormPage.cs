using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using EmailEngineSimulator.Http;

namespace EmailEngineSimulator.Form;

/// <summary>What the person has entered so far.</summary>
internal sealed record FormInput(string Data, string Signature, string Name, string Email);

/// <param name="Field">The name of the input.</param>
/// <param name="Message">What the person can do about it.</param>
internal sealed record FormProblem(string Field, string Message);

internal sealed record SampleMailbox(string Name, string Email);

/// <summary>The pages of the hosted form. They work without a script.</summary>
internal static partial class FormPage
{
    private static readonly SampleMailbox[] Samples =
    [
        new("Amy Adler", "amy@example.com"),
        new("Ben Okafor", "ben@example.com"),
        new("Chloé Martin", "chloe@example.com"),
    ];

    private static readonly string Frame = ReadPage("frame.html");
    private static readonly string Form = ReadPage("form.html");
    private static readonly string Error = ReadPage("error.html");

    public static SampleMailbox? Sample(string email) => Samples.FirstOrDefault(sample => sample.Email == email);

    public static IResult Render(FormInput input, FormProblem? problem)
    {
        Dictionary<string, string> values = new()
        {
            ["data"] = Encode(input.Data),
            ["sig"] = Encode(input.Signature),
            ["name"] = Encode(input.Name),
            ["email"] = Encode(input.Email),
            ["samples"] = string.Concat(Samples.Select(SampleButton)),
        };
        foreach (var field in new[] { "name", "email", "password" })
        {
            var isWrong = problem?.Field == field;
            values[$"{field}-problem"] = isWrong ? Encode(problem!.Message) : "";
            values[$"{field}-state"] = isWrong ? "aria-invalid=\"true\" autofocus" : "";
        }

        return Html(Form, values, problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    public static IResult RenderError(ApiError error) => Html(Error, new() { ["message"] = Encode(error.Message) }, (int)error.Status);

    private static IResult Html(string body, Dictionary<string, string> values, int status) =>
        Results.Content(Fill(Frame, new() { ["body"] = Fill(body, values) }), "text/html", Encoding.UTF8, status);

    private static string Fill(string page, Dictionary<string, string> values) => Placeholder().Replace(page, match => values[match.Groups[1].Value]);

    private static string SampleButton(SampleMailbox sample) =>
        $"""
        <button class="sample" name="sample" value="{Encode(sample.Email)}" formnovalidate>
          <span class="initial" aria-hidden="true">{Encode(sample.Name[..1])}</span>
          <span><b>{Encode(sample.Name)}</b><small>{Encode(sample.Email)}</small></span>
        </button>
        """;

    private static string ReadPage(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"form/{name}")!);
        return reader.ReadToEnd();
    }

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    [GeneratedRegex(@"\{\{([a-z-]+)\}\}")]
    private static partial Regex Placeholder();
}
