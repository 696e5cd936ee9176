"""A calibration that a creator offers: region, month, method, interval, number of observations, and nothing else.

The schema is closed, so there is no place for a name, an id, an amount or a day.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, NamedTuple

from diamondctl.problems import ProblemLog
from diamondctl.ratebook.zone_format import PERCENT, PLATFORM, REGION
from diamondctl.yamlfile import schema as s
from diamondctl.yamlfile.nodes import Node
from diamondctl.yamlfile.schema import At, Number, Record, Text, Version, Word

MARK: Final = "evidence:"
METHODS: Final = ("credits", "balances", "credits+balances")


class Evidence(NamedTuple):
    """One calibration."""

    platform: str
    region: str
    month: str  # YYYY-MM
    method: str
    low: Decimal  # percent
    high: Decimal
    n: int
    file: str


def _evidence(at: At, low: Decimal, high: Decimal, n: int, evidence: str, **said: str) -> Evidence:
    if low > high:
        at.contradiction("low", "R019", f"low {low} is above high {high}", "swap them")
    return Evidence(**said, low=low, high=high, n=n, file=at.node.place.file)


EVIDENCE: Final = Record(
    _evidence,
    {
        "evidence": Version(),
        "platform": PLATFORM,
        "region": REGION,
        "month": Text("20[0-9]{2}-(0[1-9]|1[0-2])", "a month such as 2026-10", "R010"),
        "method": Word(METHODS),
        "low": PERCENT,
        "high": PERCENT,
        "n": Number(digits=6, positive=True),
    },
    placed=True,
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors (shipped as rates/evidence.schema.json)."""
    return s.document("diamondctl evidence, version 1", EVIDENCE)


def build_evidence(root: Node, log: ProblemLog) -> Evidence | None:
    """A calibration from the tree of one file, or None when problems were logged."""
    found: Evidence | None = s.build(EVIDENCE, root, log)
    return found


def text_of(platform: str, region: str, month: str, method: str, low: Decimal, high: Decimal, n: int) -> str:
    """The file."""
    return (
        "# A calibration: which reward share fits what was really credited. No name, no id, no amount, no day.\n"
        f"evidence: 1\nplatform: {platform}\nregion: {region}\nmonth: {month}\nmethod: {method}\n"
        f"low: {_number(low)}\nhigh: {_number(high)}\nn: {n}\n"
    )


def _number(percent: Decimal) -> str:
    return f"{percent.normalize():f}"
