using System.Globalization;

namespace CrmMail.Contracts;

/// <summary>
/// International bank account numbers (ISO 13616): a country, two check digits (mod 97) and as many letters and digits as the country has,
/// in one piece or with single blanks or dashes between them, in either case.
/// </summary>
internal static class Iban
{
    private const int CountryLength = 2;

    // The IBAN registry: https://www.swift.com/standards/data-standards/iban-international-bank-account-number
    private static readonly byte[] Lengths = LengthsOf(
        """
        AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18
        FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27
        MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27
        SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30
        """);

    /// <summary>Whether the digit is the first check digit of an IBAN.</summary>
    public static bool TryFind(ReadOnlySpan<char> text, int checkDigit, out int start, out int end)
    {
        start = checkDigit - CountryLength;
        end = -1;
        if (start < 0 || !char.IsAsciiLetter(text[start]) || !char.IsAsciiLetter(text[start + 1]) || (start > 0 && Separator.IsWord(text[start - 1])))
        {
            return false;
        }

        var length = Lengths[IndexOf(text[start], text[start + 1])];
        return length > 0 && TryRead(text, start, length, out end);
    }

    /// <summary>Reads so many letters and digits; their number, with the first four of them behind the others, is 1 modulo 97.</summary>
    private static bool TryRead(ReadOnlySpan<char> text, int start, int length, out int end)
    {
        var (account, head) = (0, 0);
        end = start;
        for (var n = 0; n < length; n++, end++)
        {
            if (n > 3 && end < text.Length && Separator.Is(text[end]))
            {
                end++;
            }

            if (end >= text.Length || !char.IsAsciiLetterOrDigit(text[end]) || (n is 2 or 3 && !char.IsAsciiDigit(text[end])))
            {
                return false;
            }

            if (n < 4)
            {
                head = Append(head, text[end]);
            }
            else
            {
                account = Append(account, text[end]);
            }
        }

        return (end == text.Length || !Separator.IsWord(text[end])) && ((account * 1_000_000) + head) % 97 == 1;
    }

    // A letter stands for two digits: 10 for A to 35 for Z. So the first four are six digits.
    private static int Append(int remainder, char character) => char.IsAsciiDigit(character)
        ? ((remainder * 10) + character - '0') % 97
        : ((remainder * 100) + (character & ~0x20) - 'A' + 10) % 97;

    private static byte[] LengthsOf(string registry)
    {
        var lengths = new byte[26 * 26];
        foreach (var entry in registry.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            lengths[IndexOf(entry[0], entry[1])] = byte.Parse(entry.AsSpan(CountryLength), CultureInfo.InvariantCulture);
        }

        return lengths;
    }

    private static int IndexOf(char first, char second) => (((first & ~0x20) - 'A') * 26) + (second & ~0x20) - 'A';
}
