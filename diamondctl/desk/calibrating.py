"""What the app showed beside what rates say: a share that fits both, and the evidence that can be handed on."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from diamondctl.desk import parse
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.frame import frame
from diamondctl.problems import Problem, Refusal
from diamondctl.ratebook.evidence_format import text_of
from diamondctl.reports.calibration import Calibrated, calibration


def calibrated(chosen: Chosen, credits: Sequence[str], *, evidence: bool = False) -> Calibrated:
    """The gifts rated and compared with `credits` such as `ID=12.50`; of a month where it is to be `evidence` (A024)."""
    amounts = _amounts(credits)
    found = calibration(frame(chosen).scope, amounts)
    if evidence and not found.month:
        message = f"evidence is of a month, and this is {found.scope.period.label}"
        raise Refusal(Problem("A024", message, "give it: -p 2026-10"))
    return found


def _amounts(texts: Sequence[str]) -> dict[str, Decimal]:
    """Amounts by credit; refuses (A024) what is no pair, and a credit twice."""
    amounts: dict[str, Decimal] = {}
    for text in texts:
        name, equals, amount = text.rpartition("=")
        value = parse.amount(amount, "--credit", zero=True) if equals and name else None
        if value is None or name in amounts:
            what = "a credit twice" if value is not None else "not ID=AMOUNT"
            raise Refusal(Problem("A024", f"--credit: '{text}' is {what}", "write it as 7390000000000000117=12.50"))
        amounts[name] = value
    return amounts


def evidence_of(found: Calibrated) -> str:
    """Region, month, method, interval and n, as an evidence file has them, and nothing else."""
    first, account = found.finding, found.account
    high = min(first.share.high, Decimal(100))  # what is rounded down may fit a share above it too
    return text_of(account.zone.platform, account.region, found.month, first.method, first.share.low, high, first.n)
