"""What a person has to decide about a change of rate files: evidence that is missing, and changes of the past. Pure.

R206: a confidence that rose on the sources that were there before; R208: a value that moved on them. R207: a change of the
past, where it is asked for (`--fail-on`), until an approval of it stands beside the entry. Of a region that no file covered
nothing was reported, so its first file needs none for its past.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from diamondctl.confidence import CONFIDENCES
from diamondctl.problems import Problem
from diamondctl.ratebook.compare import Change, Comparison, what
from diamondctl.ratebook.entries import RateEntry

FAIL_ON: Final = ("past", "any")


def decide(found: Comparison, fail_on: str = "") -> Iterator[Problem]:
    """Every problem of these kinds. Of an entry that is refused already nothing more is said of its sources."""
    refused = {(problem.file, problem.line) for problem in found.problems}
    for change in found.changes:
        new = change.after if change.kind in ("added", "corrected") else None
        if new is not None and change.before is not None and (new.file, new.line) not in refused:
            yield from _unsourced(change.before, new)
        told = fail_on == "any" or (change.zone.platform, change.zone.name) not in found.first
        if change.when and fail_on and fail_on in (change.when, "any") and told:
            yield _asked_for(change)


def _unsourced(before: RateEntry, after: RateEntry) -> Iterator[Problem]:
    if set(after.sources) - set(before.sources):
        return
    name, hint = f"{what(after)} from {after.effective_text}", "name where it was found; a new source gets a name of its own"
    if CONFIDENCES.index(after.confidence) < CONFIDENCES.index(before.confidence):
        message = f"{name} is {after.confidence}, was {before.confidence}, on the same sources ({before.where})"
        yield Problem("R206", message, hint, after.file, after.line)
    elif (after.state, after.value) != (before.state, before.value):
        message = f"{name} has another value than before, on the same sources ({before.where})"
        yield Problem("R208", message, hint, after.file, after.line)


def _asked_for(change: Change) -> Problem:
    entry = change.after or change.before
    name = f"{what(entry)} from {entry.effective_text}" if entry else change.kind
    file, line = (change.after.file, change.after.line) if change.after else (change.zone.file, change.zone.line)
    hint = "who approves it writes beside the entry: accepted: [{code: R207, reason: WHO AND WHY, until: DATE}]"
    return Problem("R207", f"{name} changes the {change.when}", hint, file, line)
