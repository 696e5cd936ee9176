"""What a ledger holds in short, and which commands work in that state: what `diamondctl` alone says, and the end of imports."""

from __future__ import annotations

import shlex
from collections.abc import Collection
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.desk.chosen import Chosen
from diamondctl.ledger import derive, documents, recorded, stored_totals
from diamondctl.ledger.catalog import Ledger
from diamondctl.problems import Refusal
from diamondctl.words import counted, few, key_text

_WEEKS: Final = 5  # of gifts, before a projection has its four full ones in any case


class Step(NamedTuple):
    """A command that can be typed as it stands (words in capitals are the user's), and what it is for."""

    why: str
    command: str


class State(NamedTuple):
    """A ledger in short. `last` is a second since 1970, 0 where there is no gift."""

    documents: int
    creators: tuple[str, ...]
    first: int
    last: int
    nameless: tuple[str, ...]  # creators of whose region nothing is known
    rejected: bool  # rows that were left out are open
    recorded: bool  # payouts, balances or others

    @property
    def span(self) -> str:
        """The first and the last month of gifts; in the westernmost zone, so that a night belongs to its evening."""
        months = [periods.day_text((moment - periods.DAY // 2) // periods.DAY)[:7] for moment in (self.first, self.last)]
        return " to ".join(dict.fromkeys(months)) if self.last else ""


EMPTY: Final = State(0, (), 0, 0, (), rejected=False, recorded=False)


def nameless(book: Ledger, chosen: Chosen) -> tuple[str, ...]:
    """Creators with gifts or totals whose region neither the rows nor the settings name."""
    lasts = {run.creator: run.last for run in sorted(derive.extents(book), key=lambda run: run.last) if not run.region}
    found = {name for name, quarter in lasts.items() if not chosen.region_of(name, quarter)}
    for name in sorted(stored_totals.creators(book) - {*derive.creators(book)}):
        try:
            named = stored_totals.stored(book, {name}).regions
        except Refusal:  # a damaged document stops no other creator; `doctor` names it
            continue
        if not named.get(name) and not chosen.region_of(name, 0):
            found.add(name)
    return tuple(sorted(found))


def alike(book: Ledger, named: Collection[str]) -> list[tuple[str, str]]:
    """Creators of the ledger whom no setting names, each with the one of the settings whose name differs only in its letters'
    case.
    """
    there = {*derive.creators(book), *stored_totals.creators(book)}
    other = {name.casefold().strip(): name for name in named if name not in there}
    return [(name, other[key]) for name in sorted(there - {*named}) if (key := name.casefold().strip()) in other]


def state_of(book: Ledger, chosen: Chosen) -> State:
    """What the ledger holds, inside `reading`."""
    stored = documents.stored(book)
    creators = sorted({*derive.creators(book), *stored_totals.creators(book), *recorded.creators(book)})
    runs = derive.extents(book)
    first, last = min((run.first for run in runs), default=0), max((run.last for run in runs), default=0)
    return State(
        len(stored),
        tuple(creators),
        first * periods.QUARTER,
        last * periods.QUARTER,
        nameless(book, chosen),
        any(item.open_rejects for item in stored),
        bool(recorded.records(book)),
    )


def state_text(state: State) -> str:
    """`1 file: gifts of mara, 2026-09 to 2026-10`."""
    gifts = f", {state.span}" if state.span else ""
    return f"{counted(state.documents, 'file')} of {few(state.creators)}{gifts}"


def region_step(creators: tuple[str, ...]) -> Step:
    """How to say where somebody is paid."""
    setting = shlex.quote(key_text(("creators", creators[0], "region")))
    return Step(f"where {creators[0]} is paid: US, GB, DE, ...", f"diamondctl config set {setting} CODE")


def steps(state: State) -> list[Step]:
    """What can be done now, what matters most first; each works in this state."""
    if not state.creators:
        return [
            Step("a file, sheet or bot log of gifts", "diamondctl import FILE"),
            Step("LIVE Center CSV, TikTok data export", "diamondctl import FILE"),
            Step("only a number of coins", "diamondctl estimate COINS --region CODE"),
            Step("nothing: show me", "diamondctl demo"),
        ]
    found = []
    if state.rejected:
        found.append(Step("rows that were left out", "diamondctl records rejected"))
    if state.nameless:
        found.append(region_step(state.nameless))
    elif state.last:
        found.append(Step("what the last month earned", "diamondctl summary"))
        if not state.recorded:
            setting = f" --creator {shlex.quote(state.creators[0])}" if len(state.creators) > 1 else ""
            found.append(Step("what the app shows in the wallet", f"diamondctl record balance AMOUNT{setting}"))
        found.append(Step("can it be withdrawn", "diamondctl payout check"))
        if state.last - state.first >= _WEEKS * 7 * periods.DAY:
            found.append(Step("what comes next", "diamondctl project"))
    found.append(Step("newer files", "diamondctl import FILE"))
    return found
