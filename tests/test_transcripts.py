"""Every transcript is what the tool prints today, and no figure in it is ever cut."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support import run
from tests.transcript import LEDGER, TRANSCRIPTS, execute, parse, show, told

STEPS = [
    pytest.param(step.line, step.expected, id=f"{path.stem}-{number}")
    for path in sorted(TRANSCRIPTS.glob("*.txt"))
    for number, step in enumerate(parse(path.read_text(encoding="utf-8")), 1)
]


@pytest.mark.parametrize(("line", "expected"), STEPS)
def test_a_transcript_is_what_is_printed(line: str, expected: str) -> None:
    """Standard output, standard error and exit code, whole."""
    assert show(execute(line)) == expected


@pytest.mark.parametrize("path", sorted(LEDGER.glob("*.txt")), ids=lambda path: path.stem)
def test_a_transcript_of_a_ledger_is_what_is_printed(path: Path) -> None:
    """Step by step, each on what the steps before have stored."""
    for step, text in told(path):
        assert text == step.expected, step.line


def test_no_transcript_takes_a_bug_for_an_answer() -> None:
    for path in (*TRANSCRIPTS.glob("*.txt"), *LEDGER.glob("*.txt")):
        assert "This is a bug" not in path.read_text("utf-8"), path.name


WIDTHS = ("40", "47", "60", "80", "100", "160", "")
FIGURES = (
    ("summary", "examples/2026-10.csv", "--region", "US"),
    ("summary", "examples", "--region", "US"),
    ("summary", "examples/hostile-2026-10.csv", "--region", "US", "--share", "48"),
    ("fees", "examples", "--region", "US", "--agency", "10"),
    ("balance", "examples", "--region", "US"),
)
MONEY = re.compile(r'"(?:low|high)": "(-?[0-9]+\.[0-9]{2})"')


@pytest.mark.parametrize("command", FIGURES, ids=" ".join)
def test_every_amount_stands_whole_at_every_width(command: tuple[str, ...]) -> None:
    """Narrow screens wrap and drop texts or switch to blocks; amounts stay whole and nothing is abbreviated."""
    report = json.loads(run(*command, "--json").out)
    if command[0] == "summary":
        del report["data"]["wallets"]  # what is pending in them is shown by balance
    if command[0] == "balance":
        del report["data"]["entries"]  # the same amounts with a sign, from place to place
        for row in (*report["data"]["accounts"], *report["data"]["wallets"], *report["data"]["totals"]):
            for name in ("earned", "unpaid"):  # the sum of two that are shown
                row.pop(name, None)
    amounts = {f"{Decimal(text):,}" for text in MONEY.findall(json.dumps(report))}
    assert len(amounts) >= 5
    if command[0] == "summary" and command[1] == "examples":
        amounts -= before_amounts(command)  # one row per account has no room for the period before
    for width in WIDTHS:
        shown = run(*command, "-v", COLUMNS=width).out
        words = set(re.findall(r"-?[0-9][0-9,]*\.[0-9]{2}(?![0-9])", shown))
        assert amounts <= words, width
        assert "…" not in shown
        if width:
            assert not [line for line in shown.splitlines() if len(line) > int(width) and len(line.split()) > 3]


def before_amounts(command: tuple[str, ...]) -> set[str]:
    """Amounts that only the period before has."""
    accounts = json.loads(run(*command, "--json").out)["data"]["accounts"]
    kinds: dict[str, set[str]] = {"now": set(), "before": set()}
    for account in accounts:
        for kind, found in kinds.items():
            for figure in account["figures"].values():
                found |= {f"{Decimal(figure[kind][end]):,}" for end in ("low", "high") if figure[kind]}
        kinds["now"] |= {f"{Decimal(text):,}" for text in account["earned"]["reward"].values() if text[0].isdigit()}
    return kinds["before"] - kinds["now"]
