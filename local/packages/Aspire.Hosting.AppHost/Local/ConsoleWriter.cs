namespace Aspire.Hosting.Local;

/// <summary>Writes to the terminal of the run: the console of every resource, each in its colour, and what the run itself has to say.</summary>
internal sealed class ConsoleWriter(IReadOnlyList<string> resources)
{
    private const string Red = "\e[1;31m";
    private const string Green = "\e[1;32m";
    private const string Dim = "\e[2m";
    private const string Reset = "\e[0m";

    private static readonly string[] ResourceColours = ["\e[36m", "\e[35m", "\e[33m", "\e[34m", "\e[32m", "\e[95m", "\e[96m", "\e[94m", "\e[93m"];

    private readonly bool _colours = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    private readonly int _width = resources.Max(name => name.Length);
    private readonly Lock _gate = new();

    public void Resource(string resource, string line)
    {
        var colour = ResourceColours[Math.Max(0, resources.ToList().IndexOf(resource)) % ResourceColours.Length];
        Line($"{Paint(colour, resource.PadRight(_width))} {Paint(Dim, "|")} {line}");
    }

    public void Good(string text) => Line(Paint(Green, text));

    public void Bad(string text) => Line(Paint(Red, text));

    public void Line(string text)
    {
        lock (_gate)
        {
            Console.Out.WriteLine(text);
        }
    }

    private string Paint(string colour, string text) => _colours ? $"{colour}{text}{Reset}" : text;
}
