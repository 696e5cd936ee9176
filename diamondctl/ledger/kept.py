"""States of wallets that are kept beside the books: derived, and never believed unless all they depend on is as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from diamondctl.ledger import catalog, derive, packs
from diamondctl.ledger.catalog import Ledger


class KeptState(NamedTuple):
    """What a creator's gifts came to before a month, as text; `depends_on` is a digest of everything it was made from."""

    creator: str
    month: int  # months since 1970, from 1
    depends_on: str
    state: str

    @property
    def digest(self) -> str:
        """Of all of it: a flipped byte is seen."""
        return catalog.digest([self])


# As bytes, for a text that is damaged cannot be read as one.
_ALL = "SELECT CAST(creator AS BLOB), month, CAST(depends_on AS BLOB), CAST(state AS BLOB), CAST(digest AS BLOB) FROM states"


def _stored(ledger: Ledger) -> Iterator[tuple[KeptState, bool]]:
    """Everything that is kept, the latest month first, and whether it is what was written."""
    for creator, month, *texts in ledger.sql.execute(f"{_ALL} ORDER BY month DESC, creator").fetchall():
        name, depends_on, state, digest = (bytes(text or b"").decode(errors="replace") for text in (creator, *texts))
        kept = KeptState(name, month, depends_on, state)
        yield kept, kept.digest == digest


def read(ledger: Ledger, creators: Sequence[str]) -> dict[str, list[KeptState]]:
    """What is kept of some creators, the latest month first; what is not what was written is left out."""
    by_creator: dict[str, list[KeptState]] = {creator: [] for creator in creators}
    try:
        for kept, whole in _stored(ledger):
            if whole and kept.creator in by_creator:
                by_creator[kept.creator].append(kept)
    except sqlite3.DatabaseError:  # a page that is damaged: nothing is kept
        return {creator: [] for creator in creators}
    return by_creator


def write(ledger: Ledger, states: Iterable[KeptState], of: Iterable[str]) -> None:
    """Put these in place of all that is kept of the creators `of`, inside a transaction."""
    ledger.sql.executemany("DELETE FROM states WHERE creator = ?", [(creator,) for creator in of])
    rows = [(*state, state.digest) for state in states]
    ledger.sql.executemany("INSERT INTO states VALUES (?, ?, ?, ?, ?)", rows)


def damaged(ledger: Ledger) -> list[str]:
    """Creators of whom something is kept that is not what was written."""
    return sorted({kept.creator for kept, whole in _stored(ledger) if not whole})


def forget(ledger: Ledger) -> None:
    """Keep nothing any more."""
    ledger.sql.execute("DELETE FROM states")


def months_before(ledger: Ledger, creator: str, month: int) -> list[str]:
    """The seals of a creator's usage before a month: what they cover is what a state of that month rests on."""
    rows = ledger.sql.execute(
        "SELECT month, digest FROM seals WHERE creator = ? AND month < ? ORDER BY month", (creator, month)
    ).fetchall()
    return [f"{number}:{digest}" for number, digest in rows]


def goes_on(ledger: Ledger, creator: str, since: int) -> set[int]:
    """The months with gifts before a quarter, in streams of a creator that have some from it on."""
    runs = [run for run in derive.extents(ledger, creator) if run.stream]
    later = {run.stream for run in runs if run.last >= since}
    return {packs.month_of(run.first) for run in runs if run.first < since and run.stream in later}
