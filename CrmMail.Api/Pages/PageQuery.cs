using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using CrmMail.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace CrmMail.Api.Pages;

/// <summary>The part of a list that is asked for.</summary>
internal readonly record struct PageQuery(
    [property: FromQuery(Name = "cursor"), Description("`next` of the page before; without it the first page.")] string? Cursor,
    [property: FromQuery(Name = "limit"), Description("The most entries of the page: 1 to 200, 50 if not given."), Range(1, PageQuery.MaxLimit)] int? Limit)
{
    public const int MaxLimit = 200;
    private const int DefaultLimit = 50;

    /// <summary>The number of entries.</summary>
    /// <exception cref="ProblemException">It is out of range.</exception>
    public int Size => Limit switch
    {
        null => DefaultLimit,
        >= 1 and <= MaxLimit => Limit.Value,
        _ => throw new ProblemException(Problem.Invalid("limit", $"The limit is 1 to {MaxLimit}.")),
    };

    /// <summary>The position that the cursor stands for; null for the first page.</summary>
    /// <exception cref="ProblemException">It is no cursor of this list.</exception>
    public TPosition? Position<TPosition>(string list) where TPosition : class =>
        Cursor is null ? null
        : Pages.Cursor.TryDecode<TPosition>(list, Cursor, out var position) ? position
        : throw NoSuchCursor();

    /// <summary>The cursor is none of this list.</summary>
    public static ProblemException NoSuchCursor() => new(Problem.Invalid("cursor", "This is no `next` of a page of this list."));
}
