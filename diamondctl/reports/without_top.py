"""Gifts as if the largest gifters had sent nothing. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from diamondctl.records import INFERRED, Usage
from diamondctl.reports.documents import alias_shown
from diamondctl.words import counted

NAMED: Final = 5  # gifters in a text

# Coins of a creator by gifter (an alias), stream and quarter.
Sent = Mapping[tuple[str, str, int], int]


class Less(NamedTuple):
    """What is left of usage, and whose gifts went, in words. Blank: no gift names its gifter, so none did."""

    rows: list[Usage]
    said: str


def without(rows: Sequence[Usage], sent: Sent, top: int) -> Less:
    """Rows of one account without the gifts of its `top` largest gifters; of several that sent the same, all go."""
    mine = {_place(row) for row in rows}
    totals: Counter[str] = Counter()
    for (gifter, stream, quarter), coins in sent.items():
        if gifter and (stream, quarter) in mine:
            totals[gifter] += coins
    if not totals:
        return Less(list(rows), "")
    ranked = sorted(totals, key=lambda gifter: (-totals[gifter], gifter))
    least = totals[ranked[min(top, len(ranked)) - 1]]
    out = {gifter for gifter in ranked if totals[gifter] >= least}
    gone: Counter[tuple[str, int]] = Counter()
    for (gifter, stream, quarter), coins in sent.items():
        if gifter in out:
            gone[stream, quarter] += coins
    left = []
    over: Counter[str] = Counter()  # a combo stands where it ended, and its coins where its frames were: before that
    for row in sorted(rows, key=lambda row: -row.quarter):
        stream, quarter = _place(row)
        due = gone.pop((stream, quarter), 0) + over[stream]
        taken = min(due, row.coins)
        over[stream] = due - taken
        left.append(row._replace(coins=row.coins - taken))
    left.sort()
    whole, after = (sum(row.coins for row in some) for some in (rows, left))
    names = ", ".join(alias_shown(gifter) for gifter in ranked[: len(out)][:NAMED]) + (", ..." if len(out) > NAMED else "")
    ties = f"; {len(out) - top:,} more because they sent the same" if len(out) > top else ""
    share = (whole - after) * 100 // whole if whole else 0
    sent_words = f"they sent {whole - after:,} of {whole:,} coins, {share}%"
    who = counted(len(out), "largest gifter")
    return Less(left, f"the {who} ({names}{ties}) send nothing from now on: {sent_words} (--without-top)")


def _place(row: Usage) -> tuple[str, int]:
    return ("" if row.stream.startswith(INFERRED) else row.stream), row.quarter
