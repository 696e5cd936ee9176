"""Whether rate files are right: the problems of reading them, claims, examples, and what looks wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from diamondctl.problems import Problem
from diamondctl.ratebook.accepted import LetStand, sift
from diamondctl.ratebook.entries import Zone
from diamondctl.ratebook.evidence_format import Evidence
from diamondctl.ratebook.gifts import GiftFile, as_zone
from diamondctl.ratebook.lints import Wanted, lint, lint_gifts
from diamondctl.ratebook.openness import check_openness
from diamondctl.ratebook.rules import severity
from diamondctl.rating.examples import run_example


class Checked(NamedTuple):
    """What a check of rate files found."""

    problems: tuple[Problem, ...]  # by place
    total: int  # of all problems; a hopeless file's are not all kept
    files: tuple[str, ...]
    entries: int
    examples: int
    passing: int
    wanted: Wanted
    strict: bool
    let_stand: tuple[LetStand, ...] = ()  # what somebody accepted, for a while

    def count(self, kind: str) -> int:
        """How many problems of one severity; those not kept were errors."""
        kept = sum(1 for problem in self.problems if severity(problem.code) == kind)
        return kept + (self.total - len(self.problems) if kind == "error" else 0)

    def fails(self, problem: Problem) -> bool:
        """Whether a problem decides the exit code: errors do, warnings where --strict was given, notices never."""
        kind = severity(problem.code)
        return kind == "error" or (self.strict and kind == "warning")

    @property
    def failed(self) -> bool:
        """Whether the answer is no."""
        return self.total > len(self.problems) or any(map(self.fails, self.problems))


def check(
    zones: Sequence[tuple[str, Zone]],
    problems: Sequence[Problem],
    files: Sequence[str],
    wanted: Wanted,
    *,
    catalogues: Sequence[GiftFile] = (),
    evidence: Sequence[Evidence] = (),
    total: int = 0,
    strict: bool = False,
) -> Checked:
    """Everything that is wrong with rate files, and everything that looks wrong.

    `zones` are the files that could be read, each with the folder that was named; in one folder a region is claimed once,
    while a folder of one's own may replace a zone of another. Prices of gift `catalogues` are entries too. `problems` are
    those met on the way, of `total`.
    """
    everything = [*problems, *claims(zones)]
    examples = passing = 0
    for _, zone in zones:
        for example in zone.examples:
            failures = run_example(zone, example)
            everything += failures
            examples += 1
            passing += not failures
    everything += lint([zone for _, zone in zones], wanted) + lint_gifts(catalogues, wanted)
    everything += check_openness([zone for _, zone in zones], catalogues, evidence)
    books = [*(zone for _, zone in zones), *map(as_zone, catalogues)]
    left = sift(everything, books, wanted.last)
    everything = list(left.problems)
    everything.sort(key=lambda problem: (problem.file, problem.line, problem.column, problem.code))
    entries = sum(len(history) for _, zone in zones for history in zone.rates.values())
    entries += sum(len(gift.prices) for catalogue in catalogues for gift in catalogue.gifts)
    lost = max(total - len(problems), 0)
    return Checked(
        problems=tuple(everything),
        total=len(everything) + lost,
        files=tuple(files),
        entries=entries,
        examples=examples,
        passing=passing,
        wanted=wanted,
        strict=strict,
        let_stand=left.let_stand,
    )


def claims(zones: Sequence[tuple[str, Zone]]) -> Iterator[Problem]:
    """Regions of a platform that two files of one folder claim (R016)."""
    first: dict[tuple[str, str, str], Zone] = {}
    for folder, zone in zones:
        for region in zone.regions:
            holder = first.setdefault((folder, zone.platform, region), zone)
            if holder is not zone:
                message = f"region {region} is claimed by {holder.file} too"
                yield Problem("R016", message, "take it out of one of them", zone.file, zone.line)
