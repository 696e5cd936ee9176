"""Verdicts: what a report answers, and how far that can be relied on. `payout check` and `project` put them into the exit code.

Convention, stated once: from firm to weak a verdict is a yes or a no, only probably so, "depends", and "unknown". What it is
given less to rest on never makes it firmer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from diamondctl.confidence import is_firm, weakest

Answer = Literal["yes", "no", "depends", "unknown"]


class Verdict(NamedTuple):
    """An answer, the weakest word that decides it, and whether anything else leaves it open, such as what a wallet held."""

    answer: Answer
    confidence: str
    open: bool = False

    @property
    def certain(self) -> bool:
        """Whether it is a yes or a no without "probably"."""
        return self.answer in ("yes", "no") and not self.open and is_firm(self.confidence)

    @property
    def probably(self) -> str:
        """What follows a yes or a no in words: nothing where it is certain."""
        return "" if self.certain else ", probably"


def agreed(verdicts: Sequence[Verdict]) -> Verdict:
    """What can be said whichever of several holds: the answer that all of them give, with the least that it rests on."""
    answers = {verdict.answer for verdict in verdicts}
    answer: Answer = verdicts[0].answer if len(answers) == 1 else "unknown" if "unknown" in answers else "depends"
    return Verdict(answer, weakest(verdict.confidence for verdict in verdicts), any(verdict.open for verdict in verdicts))


def exit_code(verdicts: Iterable[Verdict], *, complete: bool) -> int:
    """1 where the answer is no for sure, 0 where all of them are a sure yes and nothing is missing, else 3."""
    verdicts = list(verdicts)
    if any(verdict.answer == "no" and verdict.certain for verdict in verdicts):
        return 1
    return 0 if complete and all(verdict.certain for verdict in verdicts) else 3
