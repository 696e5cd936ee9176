"""Where the gifts of one stream stand, to file and line: in the files that were named, or in the documents of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.file_usage import gifts_of
from diamondctl.ledger import derive, merge, opening
from diamondctl.ledger.gather import Gathering, Kept
from diamondctl.problems import ProblemLog
from diamondctl.records import Gift
from diamondctl.reports.explain import GiftRow

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class OfStream(NamedTuple):
    """The gifts of a creator in a stream (blank: those that name none) and a region, between two quarters."""

    creator: str
    region: str
    stream: str
    first: int
    last: int

    def may_hold(self, gift: Gift) -> bool:
        """Whether a row may be of one of them: another row of the same gift may say more."""
        return gift.creator == self.creator and self.first <= gift.time // periods.QUARTER <= self.last

    def holds(self, item: Kept) -> bool:
        """Whether a gift is one of them. The region that any row names wins over one that was said for a whole document."""
        gift = item.gift
        regions = {gift.region, *(row.gift.region for row in item.rows)}
        return bool(item.rows) and gift.stream == self.stream and self.region in regions and gift.receiver in ("", gift.creator)


def rows_of(chosen: Chosen, stream: OfStream) -> list[GiftRow]:
    """The gifts, each once, by time; for files that were read without a problem before.

    Documents of the ledger that only are a cross-check are among them.
    """
    kept = gifts_of(chosen, stream.may_hold) if chosen.files else _of_ledger(chosen, stream)
    rows = sorted((_shown(item) for item in kept if stream.holds(item)), key=itemgetter(0, 1))
    return [row for _, _, row in rows]


class Stands(NamedTuple):
    """A gift by its stream and quarter, and every file and line that has it."""

    stream: str
    quarter: int
    coins: int
    places: tuple[tuple[str, int], ...]


def places_between(chosen: Chosen, creator: str, first: int, last: int) -> list[Stands]:
    """Where all gifts of a creator between two quarters stand, each once, by time; of a ledger."""
    span = OfStream(creator, "", "", first, last)
    found = [
        (
            item.gift.time,
            Stands(
                item.gift.stream, item.gift.time // periods.QUARTER, item.gift.coins * item.gift.quantity,
                tuple((file, row.line) for file, row in item.rows),
            ),
        )
        for item in _of_ledger(chosen, span)
        if item.rows and span.may_hold(item.gift) and item.gift.receiver in ("", creator)
    ]  # fmt: skip
    return [one for _, one in sorted(found)]


def _shown(item: Kept) -> tuple[int, list[str], GiftRow]:
    places = [f"{file}:{row.line}" for file, row in item.rows]
    more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
    gift = item.rows[0].gift
    moment = (_EPOCH + timedelta(microseconds=gift.time)).strftime("%Y-%m-%d %H:%M:%S")
    return gift.time, places, GiftRow(places[0] + more, moment, gift.gift, gift.coins, gift.quantity)


def _of_ledger(chosen: Chosen, stream: OfStream) -> Iterable[Kept]:
    window = merge.Window(stream.creator, stream.first // merge.DAY, stream.last // merge.DAY)
    # Its rows were compared when they were imported, so that there is nothing to say of them now.
    gathering = Gathering(
        region_of=chosen.region_of,
        log=ProblemLog(),
        one_document=False,
        looks_up=stream.may_hold,
    )
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        items = derive.meeting(book, [window], {})
        labels = {item.rows.document: item.label for item in items}
        with derive.sources(book, items) as given, merge.opened(given.rows) as merger:
            rows = merger.rows_of(stream.creator, stream.first, stream.last)
            for document, mine in groupby(rows, key=itemgetter(0)):
                gathering.begin(labels[document])
                for _, gift in mine:
                    gathering.take(gift)
                gathering.end("", "", ())
            for folded in given.folded.values():
                for item in folded.gifts:
                    gathering.take_folded(item)
    return gathering.gifts()
