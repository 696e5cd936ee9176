"""What looking after a ledger has to say: findings of a check-up, privacy, backups."""

from __future__ import annotations

from typing import NamedTuple

from diamondctl.records import Finding
from diamondctl.reports.moved import Moved


class Upkeep(NamedTuple):
    """The answer of one command: a table of findings, facts in numbers, and what to say below.

    Without a title the first text is its answer.
    """

    title: str
    findings: tuple[Finding, ...]
    facts: tuple[tuple[str, int | str], ...]
    texts: tuple[str, ...]
    warnings: tuple[str, ...] = ()
    moved: Moved = Moved()

    @property
    def answer(self) -> str:
        """It in one sentence."""
        return self.title or (self.texts[0] if self.texts else "")

    @property
    def rest(self) -> tuple[str, ...]:
        """What else is said."""
        return self.texts if self.title else self.texts[1:]

    @property
    def sound(self) -> bool:
        """False when something is damaged."""
        return not any(item.status == "damaged" for item in self.findings)
