"""The format of a gift catalogue file, of which a `GiftFile` is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from diamondctl import periods
from diamondctl.problems import ProblemLog
from diamondctl.ratebook.dated_format import SOURCES, Draft, dated, history
from diamondctl.ratebook.entries import Source
from diamondctl.ratebook.gifts import CatalogueGift, GiftFile, GiftPrice, Other
from diamondctl.yamlfile import schema as s
from diamondctl.yamlfile.nodes import Node
from diamondctl.yamlfile.schema import SLUG, Day, ListOf, MapOf, Number, Record, Text, Version


def _price(at: s.At, effective: date, since: str = "start", **fields: Any) -> Draft:
    instant = periods.instant_of(datetime(effective.year, effective.month, effective.day))
    price = GiftPrice(effective=instant, effective_text=str(effective), since=since, line=at.node.place.line, **fields)
    return Draft(price, at)


def _gift_file(
    schema: str, platform: str, sources: dict[str, Source], gifts: dict[str, tuple[str, tuple[Draft, ...]]]
) -> GiftFile:
    for _, drafts in gifts.values():
        for price, at in drafts:
            for slug in {slug for other in price.contradicted_by for slug in other.sources} - sources.keys():
                at.contradiction("contradicted_by", "R018", f"source '{slug}' is not listed", "add it under sources")
    catalogue = tuple(
        CatalogueGift(gift_id, name, history(f"gift {gift_id}: a second price", drafts, sources))
        for gift_id, (name, drafts) in gifts.items()
    )
    return GiftFile(platform, catalogue, sources, "", "")


_COINS: Final = Number(digits=9)
_DATED: Final = dated(_price, Day(), coins=_COINS)
_PRICE: Final = replace(
    _DATED,
    optional={
        **_DATED.optional,
        "contradicted_by": ListOf(
            Record(Other, {"coins": _COINS, "sources": ListOf(Text(SLUG, "the name of a source"), 1)}), 1
        ),
    },
)
GIFTS: Final = Record(
    _gift_file,
    {
        "schema": Version(),
        "platform": Text(SLUG, "a platform name in small letters"),
        "sources": SOURCES,
        "gifts": MapOf(
            Text("[1-9][0-9]{0,19}", "a gift id, digits only"),
            Record(
                lambda prices, name="": (name, prices),
                {"prices": ListOf(_PRICE, 1)},
                {"name": Text()},
            ),
            1,
        ),
    },
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors (shipped as rates/gifts.schema.json)."""
    return s.document("diamondctl gift catalogue, schema 1", GIFTS)


def build_gifts(root: Node, *, sha256: str, origin: str = "user", log: ProblemLog) -> GiftFile | None:
    """A `GiftFile` from the tree of one file, or None when problems were logged."""
    gifts: GiftFile | None = s.build(GIFTS, root, log)
    return gifts and gifts._replace(file=root.place.file, sha256=sha256, origin=origin)
