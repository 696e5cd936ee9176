"""Figures as a printer sets them: real minus signs, dashes between thin spaces, a currency that stays with its amount.

Only how a figure looks is changed, never the figure: `plain` gives back what was there.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from diamondctl.money import MINOR_UNITS

MINUS: Final = "\u2212"
THIN: Final = "\u2009"
NARROW: Final = "\u202f"  # a narrow blank at which no line is broken
_DASH: Final = f"{THIN}\u2013{THIN}"
_SLIM: Final = frozenset(f".,:;'-()| {THIN}{NARROW}")
_NEGATIVE: Final = re.compile(r"(?<![\w.,-])-(?=\d)")
_BETWEEN: Final = re.compile(rf"(?<=[\d%]) - (?=[\d{MINUS}])")
_CURRENCIES: Final = "|".join(sorted(MINOR_UNITS))
_UNIT: Final = re.compile(rf"(?<=\d) (?=(?:{_CURRENCIES})\b)")
_NUMBER: Final = rf"{MINUS}?\d[\d,]*(?:\.\d+)?"
_AMOUNT: Final = re.compile(rf"((?:about )?{_NUMBER}(?: to {_NUMBER})?{NARROW}(?:{_CURRENCIES})\b)")


class Piece(NamedTuple):
    """A part of a sentence; an amount of money stands out."""

    text: str
    amount: bool


def pixels_of(text: str) -> int:
    """What a text of 12.8 pixels takes in the widest of the fonts that may be there."""
    return sum(41 if character in _SLIM else 82 for character in text) // 10


def typeset(text: str) -> str:
    """A cell or a sentence; not a command, which is for copying."""
    return _UNIT.sub(NARROW, _BETWEEN.sub(_DASH, _NEGATIVE.sub(MINUS, text)))


def plain(text: str) -> str:
    """What was typeset."""
    return text.replace(_DASH, " - ").replace(MINUS, "-").replace(NARROW, " ")


def pieces(text: str) -> tuple[Piece, ...]:
    """A sentence in parts, typeset."""
    parts = _AMOUNT.split(typeset(text))
    return tuple(Piece(part, bool(index % 2)) for index, part in enumerate(parts) if part)
