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
    assert figures(*words, DIAMONDCTL_LEDGER=ledger) == figures(*command, *FILES, *words[len(command) :])


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
        ("30.00", "USD", "2026-10-20"),
        ("9.00", "USD", "2026-11-02"),
    ):
        words = ("record", "adjustment", "refund", amount, currency, "--date", day, "--reason", "x")
        assert run_in(place, *words).code == 0
    found = json.loads(run_in(place, "balance", "--json").out)
    (account,) = found["data"]["accounts"]
    assert (account["credited"]["low"], account["adjusted"]["low"], account["balance"]["low"]) == ("239.92", "-30.00", "209.92")
    assert [item["amount"] for item in account["adjustments"]] == ["-30.00"]
    refused = run_in(place, "record", "adjustment", "refund", "1", "EUR", "--date", "2026-10-20", "--reason", "x")
    assert (refused.code, "EUR is not the currency of the wallet" in refused.err) == (2, True)
    found = json.loads(run_in(place, "payout", "check", *BEFORE, "--json").out)
    assert found["data"]["accounts"][0]["available"]["low"] == "209.92"
    assert run_in(place, "undo", "a001", "a002").code == 0
    assert run_in(place, "balance", "--csv").out == before


ROWS = "timestamp,creator,gift,coins,quantity,event_id,stream,region\n2026-02-10T20:00:00Z,ann,G,1000,1,e0,s0,{}\n"
OPENING = ("500", "USD", "--date", "2026-01-01", "--reason", "x", "--creator", "ann")
# By what the files said while they named a minimum outside the US.
BEFORE = ("--rates-as-of", "2026-11-28")
CHECK = ("payout", "check", "--share", "50", *BEFORE)


def ledger_of(folder: Path, region: str = "", opening: bool = True) -> dict[str, str]:
    """A ledger in which ann's first gift is of February, and 500.00 USD of January."""
    place = {"DIAMONDCTL_LEDGER": str(folder / "ledger")}
    (folder / "rows.csv").write_text(ROWS.format(region))
    assert run_in(place, "import", str(folder / "rows.csv")).code == 0
    assert not opening or run_in(place, "record", "adjustment", "opening", *OPENING).code in (0, 3)
    return place


@pytest.mark.parametrize("words", [("--as-of", "2026-01-01"), ("-p", "2025-12"), ("--as-of", "2026-01-01", "--json")])
@pytest.mark.parametrize("source", ["files", "ledger"])
def test_without_a_wallet_there_is_no_verdict_and_so_no_yes_in_the_exit_code(
    words: tuple[str, ...], source: str, tmp_path: Path
) -> None:
    place = ledger_of(tmp_path, opening=False)
    files = (str(tmp_path / "rows.csv"),) if source == "files" else ()
    done = run_in(place, *CHECK, *files, "--region", "US", *words)
    day = "2025-12-31" if "-p" in words else "2026-01-01"
    reason = f"By {day} no gift has come, so there is no wallet to pay out."
    assert done.code == 3
    if "--json" in words:
        found = json.loads(done.out)
        assert (found["complete"], found["data"]["wallets"], found["warnings"]) == (False, [], [reason])
    else:
        assert done.out.startswith("Not known: there is no wallet at the end of ")
        assert reason in " ".join(done.out.split())
        assert reason in " ".join(done.out.split())


def test_an_adjustment_before_the_first_gift_is_in_the_state_of_its_day(tmp_path: Path) -> None:
    """In the region that the options or the adjustment name; from its day on; and later gifts change nothing of it."""
    place = ledger_of(tmp_path)
    us = ("--region", "US", "--as-of", "2026-01-15", "--json")
    (account,) = json.loads(run_in(place, "balance", *us).out)["data"]["accounts"]
    assert (account["region"], account["balance"]["low"], account["minimums"][0]["answer"]) == ("US", "500.00", "above")
    done = run_in(place, *CHECK, *us)
    (found,) = json.loads(done.out)["data"]["wallets"]
    assert (done.code, found["answer"], found["available"]["low"]) == (0, "yes", "500.00")
    assert run_in(place, *CHECK, "--region", "US", "--as-of", "2025-12-31").code == 3
    (account,) = json.loads(run_in(place, "balance", *us[:3], "2026-02-15", "--share", "50", "--json").out)["data"]["accounts"]
    assert account["balance"]["low"] == "505.00"
    commands = ("summary", "fees", "balance", "explain reward", "payout check")
    before = [figures(*command.split(), "--as-of", "2026-01-15", **place) for command in commands]
    (tmp_path / "more.csv").write_text(ROWS.format("BE").replace("e0,s0", "e1,s1"))
    assert run_in(place, "import", str(tmp_path / "more.csv")).code == 0
    assert [figures(*command.split(), "--as-of", "2026-01-15", **place) for command in commands] == before


def test_in_the_region_that_is_known_by_then_and_never_in_that_of_later_gifts(tmp_path: Path) -> None:
    place = ledger_of(tmp_path, region="GB")
    check = (*CHECK, "--as-of", "2026-01-15", "--json")
    done = run_in(place, *check)
    (warning, *_) = json.loads(done.out)["warnings"]
    assert done.code == 3
    assert warning.startswith(
        "1 adjustment of ann in USD is in no figure: by 2026-01-15 no gift of ann has come, and no region"
    )
    settings = tmp_path / "config.yaml"
    for text, region in (
        ("US", "US"),
        ("[{from: 2025-12-01, region: US}, {from: 2026-01-16, region: GB}]", "US"),
        ("[{from: 2025-12-01, region: GB}, {from: 2026-01-16, region: US}]", "GB"),
    ):
        settings.write_text(f"creators: {{ann: {{region: {text}}}}}\n")
        done = run_in({**place, "DIAMONDCTL_CONFIG": str(settings)}, *check)
        (wallet,) = json.loads(done.out)["data"]["wallets"]
        assert (done.code, wallet["regions"], wallet["balance"]["low"]) == (0, [region], "500.00")
    assert run_in(place, "record", "adjustment", "bonus", *OPENING, "--region", "US").code == 0
    done = run_in(place, *check)
    (wallet,) = json.loads(done.out)["data"]["wallets"]
    assert (done.code, wallet["regions"], wallet["balance"]["low"]) == (0, ["US"], "1000.00")


def test_who_is_shown_alone_has_no_adjustments_of_others(tmp_path: Path) -> None:
    place = ledger_of(tmp_path)
    assert run_in(place, "import", "examples/gb-2026-10.jsonl").code == 0
    done = run_in(place, "balance", "--creator", "lee", "--region", "GB", "--as-of", "2026-10-31", "--json")
    assert {item["creator"] for item in json.loads(done.out)["data"]["accounts"]} == {"lee"}
    assert "ann" not in done.out


def test_an_opening_is_a_wallet_before_the_first_gift_where_its_region_is_known_by_then(tmp_path: Path) -> None:
    ledger_of(tmp_path, region="GB")
    check = (*CHECK, str(tmp_path / "rows.csv"), "--as-of", "2026-01-15", "--json", "--opening")
    done = run(*check, "500", "--region", "US")
    (wallet,) = json.loads(done.out)["data"]["wallets"]
    assert (done.code, wallet["answer"], wallet["home_region"], wallet["available"]["low"]) == (0, "yes", "US", "500.00")
    done = run(*check, "0.50", "--region", "US")
    assert (done.code, json.loads(done.out)["data"]["wallets"][0]["answer"]) == (1, "no")
    done = run(*check, "500")
    (warning,) = json.loads(done.out)["warnings"]
    assert (done.code, warning.partition(",")[0]) == (3, "--opening is in no figure: no gift by 2026-01-15 makes a wallet")
    assert run(*check, "0", "--region", "US").code == 3
    done = run(*check[:2], "examples/gb-2026-10.jsonl", *check[2:], "500", "--region", "US")
    assert (done.code, "A017" in done.err) == (2, True), "two creators, and whose it is was not said"
