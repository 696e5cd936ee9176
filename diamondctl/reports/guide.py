"""How a payout is asked for, step by step: what is known of each step, and from where. Nothing is promised."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, NamedTuple

from diamondctl.ratebook.entries import RateEntry
from diamondctl.rating.fees import methods_of
from diamondctl.reports.payout import Check, PayoutCheck, Step
from diamondctl.reports.scope import Scope
from diamondctl.reports.values import RateUse

Word = Literal["ok", "no", "?"]
# The walk in the app, and the step of the check that knows of it.
WALK: Final = {
    "balance": "balance",
    "minimum": "minimum",
    "identity": "identity",
    "request": "time",
    "method": "method",
    "time": "time",
    "fees": "method",
}


class GuideStep(NamedTuple):
    """One step: how it stands, and which rule says so, seen to hold on a day."""

    key: str  # one of WALK
    status: Word
    step: Step
    entry: RateEntry | None
    sources: tuple[str, ...]  # titles
    seen: date | None


class Guide(NamedTuple):
    """The walk of one wallet."""

    check: Check
    steps: tuple[GuideStep, ...]


class PayoutGuide(NamedTuple):
    """The whole report."""

    check: PayoutCheck
    guides: tuple[Guide, ...]

    @property
    def scope(self) -> Scope:
        """That of the check."""
        return self.check.scope

    @property
    def rates(self) -> tuple[RateUse, ...]:
        """Those of the check."""
        return self.check.rates

    @property
    def warnings(self) -> tuple[str, ...]:
        """Those of the check, as evidence: what decides stands in the steps."""
        return tuple(str(text) for text in self.check.warnings)


def payout_guide(found: PayoutCheck) -> PayoutGuide:
    """The walk of every wallet of a payout check."""
    return PayoutGuide(found, tuple(Guide(check, tuple(_steps(check))) for check in found.checks))


def _steps(check: Check) -> list[GuideStep]:
    by_key = {step.key: step for step in check.steps}
    zone = check.state.account.home.zone
    made = []
    for key, of in WALK.items():
        step = by_key[of]
        entry = step.entry
        titles = tuple(zone.sources[name].title for name in entry.sources if name in zone.sources) if entry else ()
        made.append(GuideStep(key, _word(key, step, check), step, entry, titles, entry.verified if entry else None))
    return made


def _word(key: str, step: Step, check: Check) -> Word:
    if key == "method":
        return "ok" if check.method != "any" and len(methods_of(step.entry)) == 1 else "?"
    if key == "balance" and check.wallet.held.stands_on == "nothing":
        return "?"
    if step.status == "ok":
        return "ok"
    return "no" if step.status == "no" else "?"
