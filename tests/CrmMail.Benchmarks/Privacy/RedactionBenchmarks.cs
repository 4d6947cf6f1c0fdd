using System.Text;
using BenchmarkDotNet.Attributes;
using CrmMail.Contracts;

namespace CrmMail.Benchmarks.Privacy;

/// <summary>What the redaction of ordinary text costs: a megabyte of it, so that 5 ms are 200 MB/s.</summary>
[MemoryDiagnoser]
[ShortRunJob]
public class RedactionBenchmarks
{
    private const int Size = 1_000_000;

    // As people write, with dates, amounts, telephone numbers and links, and nothing to remove.
    private const string Letter = """
        Dear Ms Smith, thank you for your order no. 20261127-88 of 27 November 2026. We ship 12 of the 345 boxes today and the others by the end of next
        week; please find the delivery note attached. The total is EUR 4,250.00 (net 3,571.43), payable within 30 days. You can follow the parcel at
        https://parcels.example.com/track?id=JD014600003RU. If anything is missing, call me at +49 30 90182006 or write back: I am in the office from 9:30
        to 17:00. For the new portal, choose a password of your own when you sign in for the first time; nobody here will ever ask you for it. By the way,
        the meeting with Mr Adler has moved to Tuesday, room 4.12. I look forward to seeing you there, and remain with kind regards, Bob Buyer, Customer Ltd
        
        """;

    private readonly Redactor _redactor = new(new RedactionOptions());
    private readonly Redactor _withPattern = new(new RedactionOptions { Patterns = { @"\bC-\d{6}\b" } });
    private string _long = "";
    private string[] _snippets = [];

    [GlobalSetup]
    public void SetUp()
    {
        var repeated = new StringBuilder().Insert(0, Letter.ReplaceLineEndings(" "), (Size / Letter.Length) + 1).ToString();
        _long = repeated[..Size];
        _snippets = [.. _long.Chunk(Snippet.MaxOpeningLength).Select(characters => new string(characters))];
    }

    /// <summary>One text.</summary>
    [Benchmark]
    public string Megabyte() => _redactor.Redact(_long);

    /// <summary>As many texts of the length of an opening.</summary>
    [Benchmark]
    public int MegabyteOfOpenings()
    {
        var length = 0;
        foreach (var snippet in _snippets)
        {
            length += _redactor.Redact(snippet).Length;
        }

        return length;
    }

    /// <summary>One text, and one pattern of the configuration.</summary>
    [Benchmark]
    public string MegabyteWithPattern() => _withPattern.Redact(_long);
}
