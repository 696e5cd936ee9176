"""What each gifter sent, by its place in the usage: from the files that were named, or from the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from diamondctl import columns, periods
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.file_usage import gifts_of
from diamondctl.ledger import derive, merge, opening
from diamondctl.problems import Problem, Refusal
from diamondctl.reports.without_top import Sent

_KEY = b"files"  # aliases of one run: nothing is stored


def sent_of(chosen: Chosen) -> dict[str, Sent]:
    """Coins by gifter, stream and quarter, for each creator; gifters are aliases.

    Refuses (A021) gifts that name no gifter.
    """
    sent: dict[str, Counter[tuple[str, str, int]]] = {}
    for creator, gifter, stream, quarter, coins in _of_files(chosen) if chosen.files else _of_ledger(chosen):
        sent.setdefault(creator, Counter())[gifter, stream, quarter] += coins
    if not any(gifter for mine in sent.values() for gifter, _, _ in mine):
        hint = "import files with a gifter in every row, or leave --without-top out"
        raise Refusal(Problem("A021", "no gift names its gifter", hint))
    return dict(sent)


def _of_files(chosen: Chosen) -> Iterator[tuple[str, str, str, int, int]]:
    for gift, _ in gifts_of(chosen, lambda gift: False):
        if gift.receiver in ("", gift.creator):
            alias = columns.alias_of(_KEY, gift.gifter)
            yield gift.creator, alias, gift.stream, gift.time // periods.QUARTER, gift.coins * gift.quantity


def _of_ledger(chosen: Chosen) -> Iterator[tuple[str, str, str, int, int]]:
    with opening.open_ledger(chosen.ledger) as book, book.reading():
        windows = [window for creator in derive.creators(book) for window in derive.whole(book, creator)]
        preferred = derive.preferences(book)
        with derive.sources(book, derive.meeting(book, windows, {})) as given, merge.opened(given.rows) as merger:
            merger.merge(windows, preferred)
            yield from merger.sent()
