"""Findings that somebody looked at and lets stand, with a reason and a day after which they count again. Pure.

What is accepted stands beside the entry, or at the top of the file for what stands at no entry. A broken rule cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final, NamedTuple

from diamondctl.problems import Problem
from diamondctl.ratebook.entries import Accepted, Zone
from diamondctl.ratebook.rules import severity

# Of the changes that `rates diff` does not let pass: those that a person may decide.
DECIDED: Final = frozenset({"R206", "R207", "R208"})
Place = tuple[str, int]


class LetStand(NamedTuple):
    """A finding, or only its code where nothing was looked for, and what lets it stand."""

    accepted: Accepted
    file: str
    line: int
    message: str = ""

    @property
    def text(self) -> str:
        """In one line."""
        found = f"{self.message}; " if self.message else ""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} accepted until {self.accepted.until}: {self.accepted.code}, {found}{self.accepted.reason}"


class Sifted(NamedTuple):
    """What still counts, and what is let stand."""

    problems: tuple[Problem, ...]
    let_stand: tuple[LetStand, ...]


def every(zones: Iterable[Zone]) -> Iterator[tuple[Place, Accepted]]:
    """Everything that files accept, by where it stands; line 0 is the top of the file."""
    for zone in zones:
        for item in zone.accepted:
            yield (zone.file, 0), item
        for history in zone.rates.values():
            for entry in history:
                for item in entry.accepted:
                    yield (entry.file, entry.line), item


def listed(zones: Iterable[Zone]) -> tuple[LetStand, ...]:
    """The same as values, for reports that look for other things."""
    return tuple(LetStand(item, file, line) for (file, line), item in every(zones))


def sift(problems: Sequence[Problem], zones: Sequence[Zone], on: date, *, unused: bool = True) -> Sifted:
    """Take out what is accepted on a day. With `unused`, what nothing needs is a finding itself (R129)."""
    held: dict[tuple[Place, str], Accepted] = {}
    for place, item in every(zones):
        held.setdefault((place, item.code), item)
    entries = {(entry.file, entry.line) for zone in zones for history in zone.rates.values() for entry in history}
    left: list[Problem] = []
    let_stand: list[LetStand] = []
    used = set[tuple[Place, str]]()
    for problem in problems:
        place = (problem.file, problem.line) if (problem.file, problem.line) in entries else (problem.file, 0)
        why = held.get((place, problem.code))
        if why is None or not _may_be(problem.code):
            left.append(problem)
            continue
        used.add((place, problem.code))
        if why.until < on:
            again = f"accepted until {why.until}: {why.reason}"
            left.append(problem._replace(hint=f"{problem.hint}; {again}" if problem.hint else again))
        else:
            let_stand.append(LetStand(why, problem.file, problem.line, problem.message))
    for (place, code), item in held.items() if unused else ():
        if (place, code) not in used and code not in DECIDED:
            hint = "take it out" if _may_be(code) else "only what looks wrong can be accepted, never a broken rule: take it out"
            message = f"an exception for '{item.code}', and there is nothing of the kind"
            left.append(Problem("R129", message, hint, place[0], place[1]))
    return Sifted(tuple(left), tuple(let_stand))


def _may_be(code: str) -> bool:
    return code in DECIDED or severity(code) != "error"
