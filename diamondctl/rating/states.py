"""The states of a wallet and what lies between two of them. Pure.

state(D) holds every credit of the gifts up to the end of day D and nothing later. activity(P) is the state at the end of a
period less the state before it, credit by credit and story by story: so months add up to years, carried + activity is
closing, and gifts that come later change nothing that was told of an earlier day.
"""

from __future__ import annotations

from collections.abc import Iterable

from diamondctl.money import ZERO, Range, exact, total
from diamondctl.rating.credits import Credit, by_time
from diamondctl.rating.rewards import Carried, Credits, Person, kept


def activity(after: Credits, before: Credits) -> tuple[Credit, ...]:
    """What came between two states, by time: new credits whole, of those that had begun the difference."""
    changed = []
    with exact():
        for key, credit in after.items():
            begun = before.get(key)
            if begun is None:
                changed.append(credit)
            elif begun is not credit and (rest := _less(credit, begun)) is not None:
                changed.append(rest)
    return tuple(sorted(changed, key=by_time))


def booked(credits: Credits, cut: int) -> Credits:
    """Those of a state that the platform has put into the wallet before the quarter `cut`."""
    return {key: credit for key, credit in credits.items() if credit.booked < cut}


def in_order(credits: Iterable[Credit]) -> tuple[Credit, ...]:
    """Credits by time."""
    return tuple(sorted(credits, key=by_time))


def _less(credit: Credit, begun: Credit) -> Credit | None:
    """What came to a credit; None: nothing. Call inside `exact()`."""
    rows = credit.rows[len(begun.rows) :]  # rows are in order of time, and a state has all of those before its cut
    rest = credit.less(begun)
    parts = [part for part in rest.parts if part.coins or part.gift_value or part.reward != ZERO]
    if not rows and not parts and rest.reward == ZERO:
        return None
    return rest._replace(
        rows=rows, parts=tuple(parts) or credit.parts, first=credit.first, booked=credit.booked, begun=begun
    )  # fmt: skip


def carried_of(person: Person, since: int, cut: int) -> Carried | None:
    """The state of a person at a cut, added up; None where later gifts or facts could still change all of it."""
    if person.may_change:
        return None
    with exact():
        sums = kept(person.at(cut).values())
        return Carried(since, cut, tuple(_in_one_order(sums[key]) for key in sorted(sums)))


def _in_one_order(credit: Credit) -> Credit:
    """The same whatever it was added up from: its parts by entry and share, those that came to nothing left out."""
    parts = [part for part in credit.parts if part.coins or part.gift_value or part.reward != ZERO]
    return credit._replace(parts=tuple(sorted(parts, key=lambda part: (part.entry.where, str(part.own)))))


def completes(credits: Iterable[Credit]) -> Range:
    """What of an activity completes credits that had begun before, story by story."""
    return total(credit.reward for credit in credits if credit.begun is not None)
