"""What an explanation says of the rates that it rests on: each entry with its sources, their words and addresses."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from diamondctl.confidence import weakest
from diamondctl.ratebook.entries import Source
from diamondctl.rating.places import Entry
from diamondctl.render import numbers
from diamondctl.render import shape as f
from diamondctl.render.entries import value_text
from diamondctl.render.page import Page, Part, said
from diamondctl.render.view import View
from diamondctl.reports.values import RateUse
from diamondctl.words import counted


def explained(
    view: View,
    uses: Sequence[RateUse],
    more: Callable[[], Sequence[Part]] = tuple,
    brief: Callable[[], Sequence[Part]] | None = None,
) -> View:
    """A report whose evidence also has `more`, and the sources of the rates in use. What it rests on stands on the default
    screen in `brief`, instead of the page, where that is given.
    """

    def page() -> Page:
        made = view.page()
        parts = made.parts if brief is None else [*brief(), *_rests_on(uses)]
        return made._replace(parts=parts, evidence=lambda: [*made.evidence(), *more(), *sources_parts(uses)])

    return view._replace(page=page)


def _rests_on(uses: Sequence[RateUse]) -> list[Part]:
    """How many rates are behind a report, and where each is told with its sources."""
    if not uses:
        return []
    sure = weakest(use.entry.confidence for use in uses)
    return [said(f"Rests on {counted(len(uses), 'rate')}, the weakest {sure}; each with its sources: -v")]


def sources_parts(uses: Sequence[RateUse]) -> list[Part]:
    """A paragraph for each entry."""
    return [
        (
            said(f"{use.entry.rate}: {value_text(use.entry)}", kind="title"),
            said(f"{use.entry.confidence}, {use.entry.where}, seen to hold on {use.entry.verified}", kind="row"),
            said(*(_source(use.zone.sources[name]) for name in use.entry.sources if name in use.zone.sources), mark="- "),
        )
        for use in uses
    ]


def _source(source: Source) -> str:
    when = f"published {source.published}" if source.published else "undated"
    says = f": {source.says}" if source.says else ""
    where = source.url or f"Without an address; {source.document}"
    return f"{source.title} ({when}, read {source.retrieved}){says} {where}"


def _places(entry: Entry, sign: int) -> str:
    """Where it comes from (-1), or goes to (1)."""
    return ", ".join(dict.fromkeys(post.place for post in entry.postings if (post.amount.high or post.amount.low) * sign > 0))


def _amount(entry: Entry) -> str:
    """What goes in."""
    return ", ".join(
        f"{numbers.money_range(post.amount, post.currency)} {post.currency}"
        for post in entry.postings
        if (post.amount.high or post.amount.low) > 0
    )


_WHAT = {"shown beside the computed": "not explained"}  # as everywhere on a screen
_MOVED: f.Fields = (
    f.cell("Date", lambda entry: str(entry.day), f.LABEL),
    f.cell("What", lambda entry: _WHAT.get(entry.what, entry.what)),
    f.cell("From", lambda entry: _places(entry, -1)),
    f.cell("Into", lambda entry: _places(entry, 1)),
    f.cell("Amount", _amount, f.FIGURE),
    f.cell("Id", lambda entry: entry.record or "-", f.LABEL, drop=1),
)


def entries_part(entries: Sequence[tuple[str, Entry]]) -> Part:
    """Every entry between places, so that a balance can be added up."""
    return f.table(_MOVED, [entry for _, entry in entries], "Entries that the balance is the sum of") if entries else ()
