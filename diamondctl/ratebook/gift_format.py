"""The format of a gift catalogue file: its schema, and how checked YAML becomes a `GiftFile`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from diamondctl import periods
from diamondctl.problems import ProblemLog
from diamondctl.ratebook import entries as e
from diamondctl.ratebook.gifts import CatalogueGift, GiftFile, GiftPrice
from diamondctl.ratebook.zone_format import SOURCES
from diamondctl.yamlfile.nodes import Node
from diamondctl.yamlfile.schema import SLUG, Day, Fields, ListOf, MapOf, Number, Record, Text, Version, Word

GIFTS: Final = Record(
    {
        "schema": Version(),
        "platform": Text(SLUG, "a platform name in small letters"),
        "sources": SOURCES,
        "gifts": MapOf(
            Text("[1-9][0-9]{0,19}", "a gift id, digits only"),
            Record(
                {
                    "name": Text(),
                    "prices": ListOf(
                        Record(
                            {
                                "effective": Day(),
                                "recorded": Day(),
                                "coins": Number(digits=9),
                                "confidence": Word(e.CONFIDENCES),
                                "sources": ListOf(Text(SLUG, "the name of a source"), 1),
                                "verified": Day(),
                            },
                            {"since": Word(("start", "first_seen"))},
                        ),
                        1,
                    ),
                }
            ),
            1,
        ),
    }
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors (shipped as rates/gifts.schema.json)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "diamondctl gift catalogue, schema 1",
        **GIFTS.json_schema(),
    }


def build_gifts(root: Node, *, file: str, sha256: str, log: ProblemLog) -> GiftFile | None:
    """A `GiftFile` from the tree of one file, or None when problems were logged."""
    before = log.total
    fields = GIFTS.check(root, log)
    if fields is None:
        return None
    gifts = tuple(
        CatalogueGift(gift_id, item["name"], tuple(_history(gift_id, item["prices"], fields["sources"], log)))
        for gift_id, item in fields["gifts"].items()
    )
    if log.total > before:
        return None
    sources = {
        slug: e.Source(item["title"], item.get("published"), item["retrieved"], item.get("url", ""), item.place.line)
        for slug, item in fields["sources"].items()
    }
    return GiftFile(fields["platform"], gifts, sources, file, sha256)


def _history(gift_id: str, items: list[Fields], sources: Fields, log: ProblemLog) -> list[GiftPrice]:
    history: dict[tuple[date, date], GiftPrice] = {}
    for item in items:
        for place, slug in zip(item["sources"].places, item["sources"], strict=True):
            if slug not in sources:
                hint = "add it under sources; listed there: " + ", ".join(sources)
                log.add(place.problem("R018", f"source '{slug}' is not listed", hint))
        day: date = item["effective"]
        key = (day, item["recorded"])
        if key in history:
            message = f"gift {gift_id}: a second price effective {day} and recorded {item['recorded']}"
            hint = f"first on line {history[key].line}; a correction has a later 'recorded'"
            log.add(item.place.problem("R017", message, hint))
        history[key] = GiftPrice(
            periods.instant_of(datetime(day.year, day.month, day.day)),
            str(day),
            item.get("since", "start"),
            item["recorded"],
            int(item["coins"]),
            item["confidence"],
            tuple(item["sources"]),
            item["verified"],
            item.place.line,
        )
    return [history[key] for key in sorted(history)]
