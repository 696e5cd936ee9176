"""What a change moved: the money of a creator and month by each basis, before it and after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl.money import ZERO, Range, amount_text, exact
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Correction
from diamondctl.reports.values import BASES
from diamondctl.words import few

MOST_SHOWN: Final = 10  # moves on a screen
NOT_EXPLAINED: Final = "not explained"  # a word of screens: files tell it within what is credited
STATE: Final = 4  # the exit code that says: what is there forbids it


class Figure(NamedTuple):
    """Which figure it is. `month` is written 2026-10."""

    creator: str
    month: str
    currency: str
    basis: str


Figures = Mapping[Figure, Range]  # that are not nothing


class Taken(NamedTuple):
    """The figures of some creators at one moment, and why those of others cannot be told, by creator.

    shown: of figures that are credited, what the app showed beside what was computed; nobody credited that.
    """

    figures: Figures = MappingProxyType({})
    untold: Mapping[str, str] = MappingProxyType({})
    shown: Figures = MappingProxyType({})


class Cause(NamedTuple):
    """What moved figures of a creator: a document, a record, a setting; of a document its first and last month."""

    name: str
    creators: frozenset[str] = frozenset()  # none: all
    first: str = ""
    last: str = "9999"
    bases: tuple[str, ...] = BASES  # what it can move


class Move(NamedTuple):
    """One figure that a change moved. `shown`: what of both is a difference to what the app showed."""

    figure: Figure
    before: Range
    after: Range
    cause: tuple[str, ...] = ()
    shown: tuple[Range, Range] = (ZERO, ZERO)

    @property
    def apart(self) -> list[Move]:
        """What was credited, and what the app showed beside that and nothing explains: what moved of both."""
        if self.shown == (ZERO, ZERO):
            return [self]
        then, now = self.shown
        credited = Move(self.figure, _without(self.before, then), _without(self.after, now), self.cause)
        shown = Move(self.figure._replace(basis=NOT_EXPLAINED), then, now, self.cause)
        return [move for move in (credited, shown) if move.before != move.after]


class Moved(NamedTuple):
    """Everything that a change moved, and of whom that cannot be told. `first`: nothing of these creators was there."""

    moves: tuple[Move, ...] = ()
    untold: tuple[str, ...] = ()
    first: bool = False
    corrections: tuple[Correction, ...] = ()  # of closed months, as they were booked
    closed: str = ""  # the last closed month, where closed ones moved and nothing was booked

    @property
    def creators(self) -> list[str]:
        """Whose figures moved."""
        return sorted({move.figure.creator for move in self.moves})


def moved(before: Taken, after: Taken, causes: Sequence[Cause]) -> Moved:
    """What differs, by creator and month, each with what caused it."""
    order: dict[str, int] = {basis: number for number, basis in enumerate(BASES)}
    untold = after.untold  # what could not be told before and can now is new
    then, now = ({key: amount for key, amount in one.figures.items() if key.creator not in untold} for one in (before, after))
    changed = [figure for figure in {**then, **now} if then.get(figure, ZERO) != now.get(figure, ZERO)]
    changed.sort(key=lambda figure: (figure.creator, figure.month, figure.currency, order.get(figure.basis, 0)))
    moves = [
        Move(
            figure, then.get(figure, ZERO), now.get(figure, ZERO), _causes(figure, causes),
            (before.shown.get(figure, ZERO), after.shown.get(figure, ZERO)),
        )
        for figure in changed
    ]  # fmt: skip
    return Moved(tuple(moves), tuple(_untold_texts(untold)))


def _without(amount: Range, other: Range) -> Range:
    with exact():
        return amount.but(amount.low - other.low, amount.high - other.high)


def _untold_texts(untold: Mapping[str, str]) -> list[str]:
    """One line a reason, whoever it is of."""
    reasons: dict[str, list[str]] = {}
    for creator, reason in sorted(untold.items()):
        reasons.setdefault(reason, []).append(creator)
    return [f"What moved cannot be told of {few(names)}: {reason}." for reason, names in reasons.items()]


def _causes(figure: Figure, causes: Iterable[Cause]) -> tuple[str, ...]:
    """Those of its creator; of several those that cover its month, where any does."""
    mine = [cause for cause in causes if figure.basis in cause.bases and figure.creator in (cause.creators or [figure.creator])]
    near = [cause for cause in mine if cause.first <= figure.month <= cause.last]
    return tuple(cause.name for cause in near or mine)


class Months(NamedTuple):
    """Which figures a change may move: those of some months, both included, written 2026-10."""

    first: str
    last: str

    def refuse_others(self, found: Moved) -> None:
        """Refuse (L016, as a state) a change that moves other figures, or of which that cannot be told.

        What the platform books after them of what was earned in them is no other period's: it comes with every file.
        """
        earned = {move.figure[::2] for move in found.moves if move.figure.basis == "earned" and self._has(move.figure.month)}
        others = [
            move
            for move in found.moves
            if not self._has(move.figure.month)
            and not (move.figure.month > self.last and move.figure.basis == "credited" and move.figure[::2] in earned)
        ]
        hint = "nothing was stored; if it is right, leave --only-period out"
        texts = [*found.untold, *(f"this moves {move_text(move)}" for move in others)]
        if texts:
            raise Refusal([Problem("L016", text, hint) for text in texts[:MOST_SHOWN]], exit_code=STATE, total=len(texts))

    def _has(self, month: str) -> bool:
        return self.first <= month <= self.last


def move_text(move: Move) -> str:
    """`mara 2026-09, earned: 95.81 to 188.31 USD (d002 late.csv)`."""
    creator, month, currency, basis = move.figure
    before, after = (amount_text(amount, currency) for amount in (move.before, move.after))
    return f"{creator} {month}, {basis}: {before} becomes {after} {currency}, by {', '.join(move.cause)}"
