"""What rate files and gift catalogues share: sources, and dated entries that name them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from diamondctl.confidence import CONFIDENCES
from diamondctl.ratebook import entries as e
from diamondctl.yamlfile.schema import SLUG, At, Day, ListOf, MapOf, Record, Schema, Text, Word, listed


class Draft(NamedTuple):
    """A `RateEntry`, `GiftPrice` or `Source` as it stands in its file, before what it has to do with others is looked at."""

    entry: Any
    at: At


def _source(at: At, title: str, retrieved: date, published: date | None = None, url: str = "", **said: Any) -> Draft:
    return Draft(e.Source(title, published, retrieved, url, at.node.place.line, **said), at)


def _sources(at: At, drafts: dict[str, Draft]) -> dict[str, e.Source]:
    for name, (entry, of) in drafts.items():
        for other, place in of.texts("contradicts") if entry.contradicts else ():
            if other not in drafts or other == name:
                hint = "add it under sources; listed there: " + listed(drafts)
                at.contradiction(place, "R018", f"source '{other}', which '{name}' contradicts, is not listed", hint)
    return {name: draft.entry for name, draft in drafts.items()}


SOURCES: Final = MapOf(
    Text(SLUG, "a source name in small letters"),
    Record(
        _source,
        {"title": Text(), "retrieved": Day()},
        {
            "published": Day(),
            "url": Text("https?://.+", "a web address"),
            "document": Text(),
            "says": Text(),
            "checked": Day(),
            "contradicts": ListOf(Text(SLUG, "the name of a source"), 1),
            "gives": Text(),
        },
        placed=True,
    ),
    1,
    _sources,
)


ACCEPTED: Final = ListOf(
    Record(e.Accepted, {"code": Text("R[0-9]{3}", "a code such as R104"), "reason": Text(), "until": Day()}), 1
)


def dated(make: Callable[..., Draft], effective: Schema, **value: Schema) -> Record:
    """A record with the dates, confidence and sources that every entry has."""
    return Record(
        make,
        {
            "effective": effective,
            "recorded": Day(),
            **value,
            "confidence": Word(CONFIDENCES),
            "sources": ListOf(Text(SLUG, "the name of a source"), 1),
            "verified": Day(),
        },
        {"since": Word(("start", "first_seen")), "accepted": ACCEPTED},
        placed=True,
    )


def history(what: str, drafts: Iterable[Draft], sources: dict[str, e.Source]) -> tuple[Any, ...]:
    """Entries by (effective, recorded). Tells sources that are not listed (R018) and second entries of one time (R017)."""
    entries: dict[tuple[Any, date], Any] = {}
    for entry, at in drafts:
        for slug, place in at.texts("sources"):
            if slug not in sources:
                hint = "add it under sources; listed there: " + listed(sources)
                at.contradiction(place, "R018", f"source '{slug}' is not listed", hint)
        key = (entry.effective, entry.recorded)
        if key in entries:
            message = f"{what} effective {entry.effective_text} and recorded {entry.recorded}"
            hint = f"first on line {entries[key].line}; a correction has a later 'recorded'"
            at.contradiction(at.node.place, "R017", message, hint)
        entries[key] = entry
    return tuple(entries[key] for key in sorted(entries))
