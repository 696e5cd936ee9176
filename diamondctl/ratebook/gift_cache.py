"""A gift catalogue in a form that is fast to read: JSON beside its YAML, made from it and valid only for these very bytes.

The YAML is what people read, compare and change. Reading its thousands of prices with places and all checks takes a second,
which a log with a few gifts should not have to wait for.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Final

from diamondctl.ratebook.entries import Accepted, Source
from diamondctl.ratebook.gifts import CatalogueGift, GiftFile, GiftPrice, Other

FORM: Final = "diamondctl.gift-cache/1"


def dump(gifts: GiftFile) -> str:
    """The fast form of a catalogue that was read from YAML."""
    rows = [[gift.gift_id, gift.name, *map(_price, gift.prices)] for gift in gifts.gifts]
    head = {
        "form": FORM,
        "made_from": gifts.sha256,
        "platform": gifts.platform,
        "sources": {
            name: {key: _plain(value) for key, value in source._asdict().items()} for name, source in gifts.sources.items()
        },
    }
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    return f'{json.dumps(head, ensure_ascii=False, indent=1)[:-2]},\n "gifts": [\n{lines}\n ]\n}}\n'


def _price(price: GiftPrice) -> list[Any]:
    accepted = [[item.code, item.reason, str(item.until)] for item in price.accepted]
    return [_plain(value) for value in price[:-2]] + [accepted, price.contradicted_by]


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, date) else value


def load(text: bytes, *, file: str, sha256: str) -> GiftFile | None:
    """The catalogue, or None where the form is another one, or was made from other bytes than those with this hash."""
    try:
        made = json.loads(text)
        if made["form"] != FORM or made["made_from"] != sha256:
            return None
    except (ValueError, KeyError, TypeError):
        return None
    days: dict[str, date] = {}

    def day(text: str) -> date:
        found = days.get(text)
        if found is None:
            found = days[text] = date.fromisoformat(text)
        return found

    def price(row: list[Any]) -> GiftPrice:
        effective, text, since, recorded, coins, confidence, sources, verified, line, accepted, others = row
        contradicted = tuple(Other(other, tuple(by)) for other, by in others)
        return GiftPrice(
            effective, text, since, day(recorded), coins, confidence, tuple(sources), day(verified), line,
            tuple(Accepted(code, reason, day(until)) for code, reason, until in accepted), contradicted,
        )  # fmt: skip

    gifts = tuple(CatalogueGift(row[0], row[1], tuple(map(price, row[2:]))) for row in made["gifts"])
    sources = {name: _source(source) for name, source in made["sources"].items()}
    return GiftFile(made["platform"], gifts, sources, file, sha256, "shipped")


def _source(said: dict[str, Any]) -> Source:
    for key in ("published", "retrieved", "checked"):
        said[key] = said[key] and date.fromisoformat(said[key])
    return Source(**{**said, "contradicts": tuple(said["contradicts"])})
