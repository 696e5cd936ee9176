"""What rate files and gift catalogues share: sources, and dated entries that name them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final, NamedTuple

from diamondctl.confidence import CONFIDENCES
from diamondctl.ratebook import entries as e
from diamondctl.yamlfile.schema import SLUG, At, Day, ListOf, MapOf, Record, Schema, Text, Word, listed


class Draft(NamedTuple):
    """A `RateEntry` or `GiftPrice` as it stands in its file, before its history is put in order."""

    entry: Any
    at: At


def _source(at: At, title: str, retrieved: date, published: date | None = None, url: str = "") -> e.Source:
    return e.Source(title, published, retrieved, url, at.node.place.line)


SOURCES: Final = MapOf(
    Text(SLUG, "a source name in small letters"),
    Record(
        _source,
        {"title": Text(), "retrieved": Day()},
        {"published": Day(), "url": Text("https?://.+", "a web address")},
        placed=True,
    ),
    1,
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
