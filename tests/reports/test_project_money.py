"""Projections: from coins of the future to the balance and the bank, and what is supposed about the rest of a period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.ledger.state import run_here
from tests.reports.test_project import BEFORE, YEAR, coins, only, project, refused, rows, write
from tests.support import run

AMOUNT = Decimal("0.01")


def held(tmp_path: Path, lines: list[str]) -> Path:
    ledger = tmp_path / "ledger"
    assert run_here("import", str(write(tmp_path / "held.csv", lines)), "--ledger", str(ledger)).code == 0
    return ledger


def money(item: dict[str, Any], figure: str, name: str = "low", end: str = "low") -> Decimal:
    return Decimal(item["figures"][figure][name][end])


def config(tmp_path: Path, text: str) -> tuple[str, str]:
    file = tmp_path / "config.yaml"
    file.write_text(f"creators:\n  noor:\n{text}", "utf-8")
    return "--config", str(file)


def test_an_agency_of_the_gifts_takes_its_part_of_all_gifts_in_the_balance(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", rows(40, lambda week, number: 1_000))
    usual = only(project(file))["bank"][0]
    asked = config(tmp_path, "    agency: {percent: 10, of: gifts}\n")
    found = only(project(file, *asked))
    bank = found["bank"][0]
    # A share of 50 %: a tenth of the gifts is a fifth of the balance.
    assert abs(Decimal(bank["net"]["middle"]["high"]) / Decimal(usual["net"]["middle"]["high"]) - Decimal("0.8")) < Decimal(
        "0.001"
    )
    assert any(text.startswith("agency: 10% of the gift value") for text in found["assumptions"])
    amount = only(project(file, *asked, "--until", "500"))["bank"][0]["net"]["middle"]["high"]
    assert abs(Decimal(amount) / Decimal("500") - Decimal("0.8") * Decimal("0.97")) < Decimal("0.001")


def test_adjustments_that_are_dated_before_the_end_are_in_the_balance(tmp_path: Path) -> None:
    ledger = held(tmp_path, rows(40, lambda week, number: 1_000))
    usual = only(project("--ledger", ledger, "-p", "2026-11"))
    for day, amount in (("2026-11-05", "100.00"), ("2026-12-24", "7000.00")):
        what = f"record adjustment bonus {amount} USD --date {day} --creator noor --reason x"
        done = run_here(*what.split(), "--ledger", str(ledger))
        assert done.code == 0, done
    found = only(project("--ledger", ledger, "-p", "2026-11"))
    assert money(found, "later") == 100
    assert money(found, "balance_end") - money(usual, "balance_end") == 100
    much = only(project("--ledger", ledger, "--until", "5000"))["reach"]
    assert much["latest"] == "2026-12-24"


def test_what_is_pending_is_in_the_balance_when_it_arrives(tmp_path: Path) -> None:
    """The weekly part of the US share counts on Monday; the last gifts are of Friday, 2026-10-09."""
    file = write(tmp_path / "us.csv", [line.replace(",GB", ",US") for line in rows(40, lambda week, number: 10_000)])
    facts = ("--scheme", "missions", "--active-fans", "100000", "--penalty", "0", "--league", "personal_best")
    found = only(project(file, *facts))
    note = found["figures"]["balance"]["note"]
    earned, credited = money(found, "balance"), Decimal(note.split(" USD")[0].split(" - ")[0].replace(",", ""))
    assert credited < earned
    reach = only(project(file, *facts, "--until", str(credited + AMOUNT), "--as-of", "2026-10-09"))["reach"]
    assert reach["latest"] > "2026-10-09"
    assert reach["latest"] <= "2026-10-12" or date.fromisoformat(reach["latest"]).weekday() == 0


def test_a_larger_amount_is_never_reached_earlier() -> None:
    before = ["", "", "", ""]
    for amount in range(150, 400, 10):
        found = only(project(YEAR, "--until", str(amount)))["reach"]
        days = [found[name] or "9999" for name in ("earliest", "middle_earliest", "middle_latest", "latest")]
        assert days == sorted(days) and all(old <= new for old, new in zip(before, days, strict=True)), amount
        before = days


def test_a_share_that_changes_within_the_window_holds_both(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", rows(40, lambda week, number: 1_000))
    shares = "    share:\n    - {from: 2026-01-01, percent: 40}\n    - {from: 2026-11-15, percent: 48}\n"
    found = only(project(file, "-p", "2026-11", *config(tmp_path, shares)))
    assert found["share_percent"] == {"low": "40", "high": "48"}
    assert money(found, "reward", "middle") * 48 == money(found, "reward", "middle", "high") * 40
    assert any(text.startswith("from 2026-11-15 on your share is 48%") for text in found["assumptions"])
    after = only(project(file, "-p", "2026-12", *config(tmp_path, shares)))
    assert after["share_percent"] == {"low": "48", "high": "48"}


def test_streams_and_hours_are_those_of_the_whole_period(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", rows(40, lambda week, number: 1_000))
    three = only(project(file, "-p", "2026-10", "--streams", "3"))
    assert coins(three) == [3_000, 3_000, 3_000], "three have been, so none is to come"
    assert "there are exactly 3 streams in the period, of which 3 have been (--streams)" in three["assumptions"]
    assert coins(only(project(file, "-p", "2026-10", "--streams", "5")))[1] == 5_000
    assert (
        "A021 2026-10 has had 3 streams by now (--streams is of the whole period"
        in refused(file, "-p", "2026-10", "--streams", "2").err
    )


def test_what_is_too_far_away_or_read_twice_is_refused(tmp_path: Path) -> None:
    assert "A021 2031 ends 1,891 days after the gifts, which reach to 2026-10-27" in refused(YEAR, "-p", "2031").err
    assert "stdin F001 --without-top reads the gifts twice" in refused("-", "--region", "GB", "--without-top", "1").err
    assert only(project(YEAR, "--until", "200.001"))["reach"]["amount"] == "200.01"
    done = run("project", str(YEAR), "--threshold", *BEFORE, "--json", DIAMONDCTL_PERIOD="2026-12")
    assert done.code == 3, done.err


def test_gifters_who_sent_the_same_go_together_and_what_was_earned_stays(tmp_path: Path) -> None:
    lines = rows(30, lambda week, number: 100, fans=2)
    file = write(tmp_path / "rows.csv", lines)
    usual, found = only(project(file)), only(project(file, "--without-top", "1"))
    assert coins(found) == [0, 0, 0], "both sent the same"
    assert "1 more because they sent the same" in found["assumptions"][1]
    assert money(found, "balance") == money(usual, "balance")
    other = [line.replace("fan0", "").replace("fan1", "") for line in rows(30, lambda week, number: 100, creator="lee", fans=2)]
    two = project(write(tmp_path / "two.csv", [*lines, *[line.replace(",es", ",el") for line in other]]), "--without-top", "1")
    lee = next(item for item in two["data"]["accounts"] if item["account"]["creator"] == "lee")
    assert coins(lee)[1] > 0 and "nobody is left out: no gift of lee names its gifter (--without-top)" in lee["assumptions"]
