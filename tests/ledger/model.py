"""What a ledger has to say, written in plain Python: lists of rows in, figures out.

No SQL and nothing of the product but the shape of its values. Slow and obvious on purpose; `test_machine` holds the ledger
to it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from diamondctl.records import Gift, Usage

SECOND, QUARTER, DAY = 1_000_000, 900_000_000, 86_400_000_000  # microseconds
FILLED = ("gifter", "gift_id", "stream", "region")
SAID = ("receiver", "region", "stream", "gift_id")  # a blank is no contradiction


class Document(NamedTuple):
    rows: tuple[Gift, ...]
    region: str = ""  # --region, for rows that name none
    part_of: int = 0  # the document whose repaired rows these are


class Refused(Exception):
    """Two rows contradict each other (G040), or two families cover a day and none is preferred (L010)."""


Figures = tuple[list[Usage], list[tuple[Any, ...]]]  # usage and cross-checks, sorted


def family(documents: Mapping[int, Document], number: int, creator: str) -> str:
    rows, _, part_of = documents[number]
    if part_of and any(row.creator == creator for row in documents[part_of].rows):
        return family(documents, part_of, creator)
    mine = [row for row in rows if row.creator == creator]
    filled = [name for name in FILLED if any(getattr(row, name) for row in mine)]
    return "ids" if any(row.event_id for row in mine) else "+".join(["no-ids", *filled])


def gifts(documents: Mapping[int, Document]) -> list[tuple[str, Gift, int]]:
    """Every gift of every family: its family, the gift with its blanks filled, and how often it was sent."""
    same: dict[tuple[str, ...], list[tuple[int, str, Gift]]] = defaultdict(list)
    for number, (rows, region, part_of) in documents.items():
        for row in rows:
            receiver = "" if row.receiver == row.creator else row.receiver
            content = row._replace(gift="" if row.gift_id else row.gift, receiver=receiver, line=0)
            key = f"id {row.event_id}" if row.event_id else repr(content)
            same[family(documents, number, row.creator), row.creator, key].append((part_of or number, region, row))
    found = []
    for (name, *_), group in same.items():
        said = {field: {getattr(row, field) for *_, row in group} - {""} for field in SAID}
        said["region"] = said["region"] or {region for _, region, _ in group} - {""}
        if len({(row.time, row.coins, row.quantity) for *_, row in group}) > 1 or any(
            len(texts) > 1 for texts in said.values()
        ):
            raise Refused("G040")
        filled: dict[str, Any] = {field: min(texts, default="") for field, texts in said.items()}
        gift = group[0][2]._replace(**filled)
        found.append((name, gift, 1 if gift.event_id else max(Counter(source for source, *_ in group).values())))
    return found


def contested(documents: Mapping[int, Document]) -> dict[tuple[str, int], set[str]]:
    """Families by creator and UTC day, where there are several."""
    days: dict[tuple[str, int], set[str]] = defaultdict(set)
    for name, gift, _ in gifts(documents):
        days[gift.creator, gift.time // DAY].add(name)
    return {day: names for day, names in days.items() if len(names) > 1}


def figures(documents: Mapping[int, Document], preferred: Mapping[str, str]) -> Figures:
    """Usage, and what the families say that do not count. `preferred`: creator -> family."""
    contests = contested(documents)
    if any(preferred.get(creator) not in names for (creator, _), names in contests.items()):
        raise Refused("L010")
    usage: dict[tuple[str, str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    seconds: dict[tuple[str, str, str, int], list[int]] = defaultdict(list)
    cross: dict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for name, gift, count in gifts(documents):
        quarter = gift.time // QUARTER
        aside = (gift.creator, gift.time // DAY) in contests and preferred[gift.creator] != name
        if gift.receiver in ("", gift.creator):
            place = gift.creator, gift.region, gift.stream, quarter
            cell = cross[gift.creator, name, quarter] if aside else usage[place]
            cell[0] += gift.coins * gift.quantity * count
            cell[1] += count
            seconds[place] += [] if aside else [gift.time // SECOND]
    counted = [Usage(*key, *cell)._replace(first=min(seconds[key]), last=max(seconds[key])) for key, cell in usage.items()]
    return sorted(counted), sorted((*key, *cell) for key, cell in cross.items())
