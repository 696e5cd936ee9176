"""The gifts that count by gift and gifter, from files or from the ledger; and names for whoever may see them."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Final

from diamondctl import columns, periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.file_usage import gifts_of
from diamondctl.ledger import derive, documents, gifters, merge, opening
from diamondctl.ledger.catalog import Ledger
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Consent, Document, Gift, GiftUsage
from diamondctl.reports.without_top import Sent

# Of so many gifts in a period single ones and their senders are looked at; of more only LIVEs.
MOST_APART: Final = 20_000
_KEY = b"files"  # aliases of one run: nothing is stored


def sent_of(chosen: Chosen) -> dict[str, Sent]:
    """Coins by gifter, stream and quarter, for each creator; gifters are aliases.

    Refuses (A021) gifts that name no gifter.
    """
    sent: dict[str, Counter[tuple[str, str, int]]] = {}
    for row in gift_usage(chosen):
        sent.setdefault(row.creator, Counter())[row.gifter, row.stream, row.quarter] += row.coins
    if not any(gifter for mine in sent.values() for gifter, _, _ in mine):
        hint = "import files with a gifter in every row, or leave --without-top out"
        raise Refusal(Problem("A021", "no gift names its gifter", hint))
    return dict(sent)


def key_of(read: Iterable[Document]) -> bytes:
    """The key of aliases for people in files: nobody without the same files can try whose alias one is."""
    return hashlib.sha256(" ".join(sorted(document.sha256 for document in read)).encode()).digest()


def gift_usage(
    chosen: Chosen, key: bytes = _KEY, between: tuple[date, date] | None = None, names: dict[str, str] | None = None
) -> list[GiftUsage]:
    """Every gift that counts, by gift and gifter; of a ledger perhaps only those `between` two days, both included.

    Gifters are aliases; of files they are made with `key`, and the names go into `names` where it is given. For files that
    were read without a problem before.
    """
    rows = _of_files(chosen, key, names) if chosen.files else _of_ledger(chosen, between)
    return [row if row.region else row._replace(region=chosen.region_of(row.creator, row.quarter)) for row in rows]


def names_of(chosen: Chosen, aliases: Collection[str]) -> dict[str, str]:
    """The names of gifters of the ledger by alias, where it knows them."""
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        return documents.names_of(book, aliases)


def consents_of(chosen: Chosen) -> tuple[Consent, ...]:
    """Who agreed to be named, by the ledger; files know nobody."""
    if chosen.files:
        return ()
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        return gifters.consents(book)


def _of_files(chosen: Chosen, key: bytes, names: dict[str, str] | None) -> Iterator[GiftUsage]:
    titles: dict[tuple[str, str], str] = {}

    def look(gift: Gift) -> bool:
        if gift.gift_id and gift.gift:
            of = (gift.creator, gift.gift_id)
            titles[of] = min(titles.get(of, gift.gift), gift.gift)
        return False

    sums: dict[tuple[str, str, str, int, str, str, int, str], list[int]] = {}
    aliases: dict[str, str] = {"": ""}
    for gift, _, pieces in gifts_of(chosen, look):
        if gift.receiver not in ("", gift.creator):
            continue
        if gift.gifter not in aliases:
            aliases[gift.gifter] = columns.alias_of(key, gift.gifter)
        at = [(piece.quarter, piece.quantity, not number) for number, piece in enumerate(pieces)]
        for quarter, quantity, begins in at or [(gift.time // periods.QUARTER, gift.quantity, True)]:
            title = titles.get((gift.creator, gift.gift_id), gift.gift)
            place = (gift.creator, gift.region, gift.stream, quarter)
            cell = sums.setdefault((*place, gift.gift_id, title, gift.coins, aliases[gift.gifter]), [0, 0, 0])
            cell[0] += begins
            cell[1] += gift.coins * quantity
            cell[2] = max(cell[2], gift.coins * gift.quantity if begins else 0)
    if names is not None:
        names |= {alias: name for name, alias in aliases.items() if name}
    for of, cell in sorted(sums.items()):
        yield GiftUsage(*of, *cell)


def _of_ledger(chosen: Chosen, between: tuple[date, date] | None) -> Iterator[GiftUsage]:
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        yield from of_book(book, [chosen.creator] if chosen.creator else derive.creators(book), between)


def of_book(book: Ledger, creators: Iterable[str], between: tuple[date, date] | None) -> Iterator[GiftUsage]:
    """The same of some creators of a ledger that is open, inside `reading` or `writing`, with regions as they are stored."""
    if creators := list(creators):
        windows = [window for creator in creators for window in derive.whole(book, creator)]
        if between is not None:
            ends = between[0] - timedelta(days=1), between[1] + timedelta(days=1)
            first, last = (periods.day_start(day, "UTC") // merge.DAY for day in ends)
            cut = (window._replace(first=max(window.first, first), last=min(window.last, last)) for window in windows)
            windows = derive.reach(book, [window for window in cut if window.first <= window.last])
        preferred = derive.preferences(book)
        with derive.sources(book, derive.meeting(book, windows, {})) as given, merge.opened(given.rows) as merger:
            merger.merge(windows, preferred)
            yield from merger.by_gift()
