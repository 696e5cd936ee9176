"""What `compare` shows, worked out once more from rates/platforms.csv alone: another reader, other arithmetic, not our code."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

Ends = tuple[Fraction | None, Fraction | None]
NOTHING: Ends = (Fraction(0), Fraction(0))


def facts(path: Path, on: str) -> list[dict[str, str]]:
    """The line in force of each fact: the latest that has begun, and of several of one day the last written."""
    latest: dict[tuple[str, ...], dict[str, str]] = {}
    with path.open(encoding="utf-8", newline="") as stream:
        for line in csv.DictReader(stream):
            names = ("platform", "product", "channel", "region", "fact", "method", "units")
            key = tuple(line[name] for name in names)
            older = latest.get(key)
            if line["since"] <= on and (
                older is None or (older["since"], older["recorded"]) < (line["since"], line["recorded"])
            ):
                latest[key] = line
    return list(latest.values())


def _ends(line: dict[str, str] | None) -> Ends:
    if line is None:
        return None, None
    return tuple(Fraction(line[end]) if line[end] else None for end in ("low", "high"))  # type: ignore[return-value]


def arrives(lines: list[dict[str, str]], platform: str, product: str, channel: str) -> dict[str, Ends]:
    """Of 100: what stores take, what the platform keeps, and what arrives; exact."""
    here = [line for line in lines if line["platform"] == platform and line["product"] in (product, "any")]
    here = [line for line in here if line["channel"] in (channel, "any")]

    def one(fact: str) -> dict[str, str] | None:
        return next((line for line in here if line["fact"] == fact and line["product"] == product), None) or next(
            (line for line in here if line["fact"] == fact), None
        )

    store: Ends = NOTHING if channel == "web" else _ends(one("store"))
    share = one("share")
    if share is None:
        each = [
            (end / int(line["units"])) for line in here if line["fact"] == "price" for end in _ends(line) if end is not None
        ]
        worth = _ends(one("value"))
        if not each or None in worth:
            return {"stores": store, "keeps": (None, None), "arrives": (None, None)}
        mine = (worth[0] / max(each) * 100, worth[1] / min(each) * 100)  # type: ignore[operator]
        if None in store:
            return {"stores": store, "keeps": (None, None), "arrives": mine}
        kept = (max(100 - mine[1] - store[1], Fraction(0)), 100 - mine[0] - store[0])  # type: ignore[operator]
        return {"stores": store, "keeps": kept, "arrives": mine}
    if "store" not in share["after"].split():
        store = NOTHING
    low, high = _ends(share)
    least = None if low is None or store[1] is None else (100 - store[1]) * low / 100
    most = None if high is None else (100 - (store[0] or 0)) * high / 100
    kept_least = None if high is None or store[1] is None else (100 - store[1]) * (100 - high) / 100
    kept_most = None if low is None else (100 - (store[0] or 0)) * (100 - low) / 100
    return {"stores": store, "keeps": (kept_least, kept_most), "arrives": (least, most)}


def cents(ends: Ends) -> list[str | None]:
    """To the cent: one number to the nearest, a range outwards."""
    low, high = ends
    if low is not None and low == high:
        return [_text(int(low * 100 + Fraction(1, 2)))] * 2
    return [None if low is None else _text(low * 100 // 1), None if high is None else _text(-(-high * 100 // 1))]


def _text(number: Any) -> str:
    return f"{int(number) // 100}.{int(number) % 100:02d}"
