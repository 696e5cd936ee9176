"""A report from the ledger is the report on the files that were imported into it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import run, run_in

FILES = ("examples/2026-10.csv", "examples/2025-02.csv", "examples/gb-2026-10.jsonl", "examples/hostile-2026-10.csv")
PERIODS = ("2026-10", "2025-02", "2026", "2025-02-08..2025-02-12", "2027-03")


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A ledger that holds FILES, imported one by one."""
    place = str(tmp_path_factory.mktemp("ledger") / "ledger")
    for file in FILES:
        result = run("import", file, DIAMONDCTL_LEDGER=place)
        assert result.code == 0, result.err
    return place


def figures(*words: str, **env: str) -> Any:
    """What a report says, without where it is from."""
    result = run_in(env, *words, "--json", "--region", "US")
    assert result.code in (0, 1, 3), result.err
    document = json.loads(result.out)
    return result.code, {name: value for name, value in document.items() if name not in ("inputs", "notes")}


@pytest.mark.parametrize(("period", "share"), [(period, ()) for period in PERIODS] + [("2026-10", ("--share", "48"))])
@pytest.mark.parametrize("command", [("summary",), ("balance",), ("fees",), ("payout", "check")], ids=" ".join)
def test_a_report_from_the_ledger_equals_the_one_from_the_files(
    command: tuple[str, ...], period: str, share: tuple[str, ...], ledger: str
) -> None:
    """Also where most of what was earned lies so far back that it is priced many streams at a time."""
    words = (*command, "-p", period, *share)
    opening = ("--opening", "0") if command[0] == "payout" else ()  # files know no wallet
    assert figures(*words, DIAMONDCTL_LEDGER=ledger) == figures(*command, *FILES, *words[len(command) :], *opening)


@pytest.mark.parametrize("as_of", ["2025-02-14", "2026-10-14", "2026-11-20"])
def test_and_so_it_does_as_of_any_day(as_of: str, ledger: str) -> None:
    """With and without a period."""
    for words in (("balance", "--as-of", as_of), ("summary", "--as-of", as_of, "-p", "2026-10")):
        assert figures(*words, DIAMONDCTL_LEDGER=ledger) == figures(words[0], *FILES, *words[1:])


def test_adjustments_are_part_of_the_balance_and_can_be_taken_back(tmp_path: Path) -> None:
    """Signed, from their day on; one that fits no account is said to be in no figure."""
    place = {"DIAMONDCTL_LEDGER": str(tmp_path / "ledger")}
    assert run_in(place, "import", "examples/gb-2026-10.jsonl").code == 0
    before = run_in(place, "balance", "--csv").out
    for amount, currency, day in (
        ("-30.00", "USD", "2026-10-20"),
        ("-1.00", "EUR", "2026-10-20"),
        ("-9.00", "USD", "2026-11-02"),
    ):
        words = ("adjust", "add", "refund", "--amount", amount, "--currency", currency, "--date", day, "--reason", "x")
        assert run_in(place, *words).code == 0
    found = json.loads(run_in(place, "balance", "--json").out)
    (account,) = found["data"]["accounts"]
    assert (account["credited"]["low"], account["adjusted"]["low"], account["balance"]["low"]) == ("239.92", "-30.00", "209.92")
    assert [item["amount"] for item in account["adjustments"]] == ["-30.00"]
    assert "1 adjustment of lee in EUR belongs to no account with gifts and is in no figure." in found["warnings"]
    assert json.loads(run_in(place, "payout", "check", "--json").out)["data"]["accounts"][0]["available"]["low"] == "209.92"
    assert run_in(place, "adjust", "undo", "a001", "a002", "a003").code == 0
    assert run_in(place, "balance", "--csv").out == before
