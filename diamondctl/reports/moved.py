"""What a change moved: the money of a creator and month by each basis, before it and after it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from diamondctl.money import ZERO, Range
from diamondctl.reports.values import BASES

SHOWN: Final = 10


class Figure(NamedTuple):
    """Which figure it is. `month` is written 2026-10."""

    creator: str
    month: str
    currency: str
    basis: str


Figures = Mapping[Figure, Range]  # that are not nothing


class Move(NamedTuple):
    """One figure that a change moved."""

    figure: Figure
    before: Range
    after: Range


def moves(before: Figures, after: Figures) -> tuple[Move, ...]:
    """What differs, by creator and month."""
    order: dict[str, int] = {basis: number for number, basis in enumerate(BASES)}
    changed = [figure for figure in {**before, **after} if before.get(figure, ZERO) != after.get(figure, ZERO)]
    changed.sort(key=lambda figure: (figure.creator, figure.month, figure.currency, order.get(figure.basis, 0)))
    return tuple(Move(figure, before.get(figure, ZERO), after.get(figure, ZERO)) for figure in changed)


def outside(found: tuple[Move, ...], first: str, last: str) -> tuple[Move, ...]:
    """Those of other months than these, both included."""
    return tuple(move for move in found if not first <= move.figure.month <= last)
