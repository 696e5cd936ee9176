"""What each gifter sent, by its place in the usage: from the files that were named, or from the ledger."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any, Final

from diamondctl import columns, periods
from diamondctl.cli import options
from diamondctl.cli.ledger import open_ledger
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import settings_of
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import sources
from diamondctl.records import Frame, Gift, Total
from diamondctl.reports.without_top import Sent

# Coins by creator, gifter, and where in the usage they stand: stream and quarter.
_Sent = Counter[tuple[str, str, str, int]]


def sent_of(inputs: options.Inputs, chosen: Chosen) -> dict[str, Sent]:
    """What each gifter sent, by creator.

    Refuses (A021) gifts that name no gifter.
    """
    sent = _of_files(inputs, chosen) if inputs.file else _of_ledger(options.Place(inputs.ledger, inputs.config))
    found: dict[str, Counter[tuple[str, str, int]]] = {}
    for (creator, gifter, stream, quarter), coins in sent.items():
        found.setdefault(creator, Counter())[gifter, stream, quarter] += coins
    if not any(gifter for mine in found.values() for gifter, _, _ in mine):
        hint = "import files with a gifter in every row, or leave --without-top out"
        raise Refusal(Problem("A021", "no gift names its gifter", hint))
    return dict(found)


def _of_files(inputs: options.Inputs, chosen: Chosen) -> _Sent:
    from diamondctl import combos
    from diamondctl.ratebook import store
    from diamondctl.readers.archives import documents
    from diamondctl.readers.recognise import read

    key = b"files"  # aliases of one run: nothing is stored
    settings, sent = settings_of(inputs, chosen), _Sent()
    by_id: dict[tuple[str, str], Gift] = {}
    most: Counter[Gift] = Counter()
    frames: list[Frame] = []
    for name in sources.find(inputs.file or []).names:
        stdin = sys.stdin.buffer if sys.stdin is not None else None
        with sources.open_source(name, encoding=options.encoding(inputs.encoding), stdin=stdin) as source:
            for part in documents(source, salvage=settings.salvage):
                mine: Counter[Gift] = Counter()

                def take(gift: Gift, mine: Counter[Gift] = mine) -> None:
                    if gift.event_id:
                        by_id.setdefault((gift.creator, gift.event_id), gift)
                    else:
                        mine[gift._replace(line=0)] += 1

                read(part, settings, ProblemLog(), take, frames.append, _ignore)
                for gift, count in mine.items():
                    most[gift] = max(most[gift], count)
    price = store.catalogue(chosen.platform, chosen.rates).price if frames else combos.no_price
    folded = [item.gift for item in combos.fold(frames, price).gifts] if frames else []
    known = {(gift.creator, gift.event_id) for gift in by_id.values()}
    fresh = [gift for gift in folded if not gift.event_id or (gift.creator, gift.event_id) not in known]
    for gift, count in [*((gift, 1) for gift in by_id.values()), *most.items(), *((gift, 1) for gift in fresh)]:
        if gift.receiver in ("", gift.creator):
            alias = columns.alias_of(key, gift.gifter)
            sent[gift.creator, alias, gift.stream, gift.time // periods.QUARTER] += gift.coins * gift.quantity * count
    return sent


def _ignore(total: Total) -> None:
    """Totals name no gifter."""


_SENT: Final = """
WITH named AS (SELECT creator, event_id, max(gifter) AS gifter FROM keyed WHERE event_id <> '' GROUP BY ALL)
SELECT role.creator, coalesce(named.gifter, role.content.gifter, '') AS gifter, role.stream, role.quarter,
       sum(role.coins * role.quantity * role.n::HUGEINT)
FROM role LEFT JOIN named ON named.creator = role.creator AND named.event_id = role.event_id AND role.event_id <> ''
WHERE NOT role.elsewhere AND NOT role.aside
GROUP BY ALL
"""


def _of_ledger(place: options.Place) -> _Sent:
    from diamondctl.ledger import derive, merge

    sent = _Sent()
    with open_ledger(place) as book, book.reading():
        windows = [window for creator in derive.creators(book) for window in derive.whole(book, creator)]
        preferred = derive.preferences(book)
        with derive.sources(book, derive.meeting(book, windows, {})) as given, merge.opened(given.rows) as merger:
            merger.merge(windows, preferred)
            rows: list[Any] = merger.connection.execute(_SENT).fetchall()
    for creator, gifter, stream, quarter, coins in rows:
        sent[creator, gifter, stream, quarter] += int(coins)
    return sent
