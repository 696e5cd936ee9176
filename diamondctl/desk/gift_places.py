"""Where the gifts of one stream stand, to file and line: in the files that were named, or in the documents of the ledger."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from diamondctl import periods
from diamondctl.cli.ledger import open_ledger
from diamondctl.cli.options import Place
from diamondctl.combos import Price
from diamondctl.problems import ProblemLog
from diamondctl.readers import sources
from diamondctl.readers.gift_rows import Settings
from diamondctl.records import Frame, Gift, Total
from diamondctl.reports.explain import GiftRow

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Wanted(NamedTuple):
    """The gifts that are meant: of a creator, in a stream (blank: those that name none), between two quarters.

    A gift that names a region has to name this one.
    """

    creator: str
    region: str
    stream: str
    first: int
    last: int

    def takes(self, creator: str, region: str, stream: str, time: int, receiver: str) -> bool:
        """Whether a gift is among them."""
        quarter = time // periods.QUARTER
        return (
            (creator, stream) == (self.creator, self.stream)
            and region in ("", self.region)
            and self.first <= quarter <= self.last
            and receiver in ("", creator)
        )


class _Found:
    """Gifts once each, with all the places in which they stand."""

    def __init__(self) -> None:
        self._rows: dict[tuple[Any, ...], tuple[int, str, int, int, list[str]]] = {}
        self._equal: dict[tuple[Any, ...], int] = {}

    def add(self, key: tuple[Any, ...], file: str, line: int, time: int, gift: str, coins: int, quantity: int) -> None:
        """One row; equal rows without an id are gifts of their own within a file."""
        if not key[0]:
            again = (*key, file)
            self._equal[again] = self._equal.get(again, 0) + 1
            key = (*key, self._equal[again])
        self._rows.setdefault(key, (time, gift, coins, quantity, []))[4].append(f"{file}:{line}")

    def rows(self) -> list[GiftRow]:
        """By time."""
        found = sorted(self._rows.values(), key=lambda row: (row[0], row[4]))
        return [GiftRow(_place(places), _moment(time), gift, coins, quantity) for time, gift, coins, quantity, places in found]


def _place(places: list[str]) -> str:
    return places[0] + (f" (and {len(places) - 1} more)" if len(places) > 1 else "")


def _moment(instant: int) -> str:
    return (_EPOCH + timedelta(microseconds=instant)).strftime("%Y-%m-%d %H:%M:%S")


def of_files(arguments: list[str], wanted: Wanted, settings: Settings, encoding: str, price: Price) -> list[GiftRow]:
    """The gifts among files that were read without a problem before."""
    from diamondctl import combos
    from diamondctl.readers.archives import documents
    from diamondctl.readers.recognise import read

    found = _Found()
    frames: list[Frame] = []
    for name in sources.find(arguments).names:
        stdin = sys.stdin.buffer if sys.stdin is not None else None
        with sources.open_source(name, encoding=encoding, stdin=stdin) as source:
            for part in documents(source, salvage=settings.salvage):

                def take(gift: Gift, file: str = part.name) -> None:
                    if wanted.takes(gift.creator, gift.region, gift.stream, gift.time, gift.receiver):
                        content = (gift.event_id, *gift[:5], gift.gifter, gift.gift_id)
                        key = (gift.event_id,) if gift.event_id else content
                        found.add(key, file, gift.line, gift.time, gift.gift, gift.coins, gift.quantity)

                read(part, settings, ProblemLog(), take, frames.append, _ignore)
    if frames:
        for item in combos.fold(frames, price).gifts:
            gift = item.gift
            if wanted.takes(gift.creator, gift.region, gift.stream, gift.time, gift.receiver):
                key = (gift.event_id or f"{item.file}:{gift.line}",)
                found.add(key, item.file, gift.line, gift.time, gift.gift, gift.coins, gift.quantity)
    return found.rows()


def _ignore(total: Total) -> None:
    """Totals are no gifts."""


_ROWS: Final = """
SELECT document, line, time, creator, gift, coins, quantity, event_id, gifter, gift_id, stream, receiver, region FROM given
WHERE document > 0 AND creator = ? AND stream = ? AND time // 900000000 BETWEEN ? AND ?
ORDER BY time, document, line
"""


def of_ledger(place: Place, wanted: Wanted) -> list[GiftRow]:
    """The gifts in the documents of the ledger. Documents that only are a cross-check are among them."""
    from diamondctl.ledger import derive, merge

    found = _Found()
    day = merge.DAY
    window = merge.Window(wanted.creator, wanted.first // day, wanted.last // day)
    with open_ledger(place) as book, book.reading():
        items = derive.meeting(book, [window], {})
        labels = {item.rows.document: item.label for item in items}
        with derive.sources(book, items) as given:
            for folded in given.folded.values():
                for item in folded.gifts:
                    gift = item.gift
                    if wanted.takes(gift.creator, gift.region, gift.stream, gift.time, gift.receiver):
                        key = (gift.event_id or f"{item.file}:{gift.line}",)
                        found.add(key, item.file, gift.line, gift.time, gift.gift, gift.coins, gift.quantity)
            with merge.opened(given.rows) as merger:
                values = [wanted.creator, wanted.stream, wanted.first, wanted.last]
                for row in merger.connection.execute(_ROWS, values).fetchall():
                    document, line, time, creator, gift_name, coins, quantity, event_id, gifter, gift_id = row[:10]
                    stream, receiver, region = row[10:]
                    if wanted.takes(creator, region or "", stream, time, receiver):
                        content = (event_id, time, creator, gift_name, coins, quantity, gifter, gift_id)
                        row_key: tuple[Any, ...] = (event_id,) if event_id else content
                        found.add(row_key, labels[document], line, time, gift_name, coins, quantity)
    return found.rows()
