"""How far a figure can be trusted: the words of rate files for it, and above them the user's own.

Convention, stated once: a figure is as good as the weakest word that it rests on. Blank is what rests on no rate at all, as
what was counted or recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

OWN: Final = "own"  # what the user says of herself, such as her own share
# What rate files say, from strongest to weakest.
CONFIDENCES: Final = ("official", "measured", "reported", "assumed")
_ORDER: Final = ("", OWN, *CONFIDENCES)


def weakest(words: Iterable[str]) -> str:
    """The weakest of several; blank where there is none."""
    return max(words, key=_ORDER.index, default="")


def is_firm(word: str) -> bool:
    """Whether an amount that rests on it is written to the cent, and a verdict without "probably"."""
    return word != CONFIDENCES[-1]
