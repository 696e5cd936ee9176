"""Projections start from what is known today: records after the last file, each creator's own days, no answer in the past."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl import periods
from diamondctl.reports.projected_paths import Price, Wallet, days_of
from tests.ledger.state import run_here
from tests.reports.test_project import only, project, rows, wild
from tests.reports.test_project_money import held, money
from tests.reports.test_projected_paths import UNTIL, by_day, path, shares
from tests.support import EXAMPLES

US = EXAMPLES / "2026-10.csv"
TODAY = date.today()


def record(ledger: Path, *words: str) -> None:
    done = run_here("record", *words, "--ledger", str(ledger), DIAMONDCTL_AS_OF="")
    assert done.code == 0, done


def asked(ledger: Path, amount: str) -> Any:
    done = run_here("project", "--ledger", str(ledger), "--until", amount, COLUMNS="80", DIAMONDCTL_AS_OF="")
    assert done.code in (0, 3), done
    return done


def us(tmp_path: Path) -> Path:
    ledger = tmp_path / "ledger"
    assert run_here("import", str(US), "--region", "US", "--ledger", str(ledger)).code == 0
    return ledger


def test_a_balance_after_the_last_file_is_what_a_projection_starts_from(tmp_path: Path) -> None:
    ledger = us(tmp_path)
    before = asked(ledger, "500")
    assert "record balance" in before.out + before.err
    yesterday = TODAY - timedelta(days=1)
    record(ledger, "balance", "120", "--creator", "mara", "--date", str(yesterday))
    after = asked(ledger, "500")
    assert "record balance" not in after.out + after.err and after.out != before.out
    item = only(project("--ledger", ledger, "-p", f"{TODAY + timedelta(days=1)}..{TODAY + timedelta(days=40)}"))
    for end in ("low", "high"):
        assert money(item, "balance", end=end) == 120
        assert money(item, "balance_end", end=end) >= 120
    assert f"{yesterday}" not in item["figures"]["balance"]["note"]
    assert "there already" in asked(ledger, "120").out
    assert "there already" not in asked(ledger, "120.01").out


def test_a_payout_after_the_last_file_is_taken_out(tmp_path: Path) -> None:
    ledger = held(tmp_path, rows(40, lambda week, number: 1_000))
    usual = only(project("--ledger", ledger, "-p", "2027-01"))
    record(ledger, "payout", "100", "--by", "paypal", "--creator", "noor", "--date", "2026-11-20")
    found = only(project("--ledger", ledger, "-p", "2027-01"))
    for figure in ("balance", "balance_end"):
        assert money(usual, figure) - money(found, figure) == 100
    # More than all that is known of left: it held the gifts of the days since the files.
    record(ledger, "payout", "5000", "--by", "paypal", "--creator", "noor", "--date", "2026-11-21")
    empty = only(project("--ledger", ledger, "-p", "2027-01"))
    assert money(empty, "balance") == 0
    assert money(empty, "balance_end", "middle") < money(usual, "balance_end", "middle") - money(usual, "balance")


def test_a_balance_counts_only_where_it_was_told_by_the_end_of_the_period(tmp_path: Path) -> None:
    ledger = held(tmp_path, rows(40, lambda week, number: 1_000))
    usual = only(project("--ledger", ledger, "-p", "2026-10"))
    record(ledger, "balance", "7", "--creator", "noor", "--date", "2026-11-20")
    assert only(project("--ledger", ledger, "-p", "2026-10"))["figures"] == usual["figures"]
    assert money(only(project("--ledger", ledger, "-p", "2026-11")), "balance") == 7


@pytest.mark.parametrize(("weeks", "question"), [((40, 44, 30), ()), ((44, 40, 12), ("--until", "700")), ((20, 21, 46), ())])
def test_a_creator_is_projected_alike_alone_and_among_others(
    tmp_path: Path, weeks: tuple[int, ...], question: tuple[str, ...]
) -> None:
    lines = [
        line for count, name in zip(weeks, ("noor", "mara", "lee"), strict=True)
        for line in (text.replace(",GB", ",US" if name == "mara" else ",GB") for text in rows(count, wild, creator=name))
    ]  # fmt: skip
    ledger = held(tmp_path, [line.replace(",es", f",e{line.split(',')[1]}") for line in lines])
    record(ledger, "balance", "33", "--creator", "noor", "--date", "2026-11-28")
    question = question or ("-p", "2026-12")
    together = project("--ledger", ledger, *question)["data"]["accounts"]
    assert len(together) == 3
    for item in together:
        alone = project("--ledger", ledger, *question, "--creator", item["account"]["creator"])
        assert only(alone) == item


def test_the_examples_are_projected_alike_alone_and_together(tmp_path: Path) -> None:
    ledger = us(tmp_path)
    for name in ("gb-2026-10.jsonl", "de-2026-10.json"):
        assert run_here("import", str(EXAMPLES / name), "--ledger", str(ledger)).code == 0
    together = {item["account"]["creator"]: item for item in project("--ledger", ledger, "-p", "2026-12")["data"]["accounts"]}
    assert set(together) == {"mara", "lee", "juno"}
    for name, item in together.items():
        assert only(project("--ledger", ledger, "-p", "2026-12", "--creator", name)) == item


def test_no_amount_is_together_before_today_and_the_days_since_the_files_are_called_a_guess(tmp_path: Path) -> None:
    ledger = held(tmp_path, rows(30, wild))
    for amount in ("1", "150", "400", "900"):
        done = asked(ledger, amount)
        reach = only(project("--ledger", ledger, "--until", amount))["reach"]
        for name in ("earliest", "middle_earliest", "middle_latest", "latest"):
            assert reach[name] is None or date.fromisoformat(reach[name]) >= TODAY
        assert "days since the last file are guessed" in done.out.replace("\n", " ")
    record(ledger, "balance", "5", "--creator", "noor", "--date", str(TODAY))
    assert "are guessed" not in asked(ledger, "400").out, "all that came by today is in it"


def test_a_payout_on_the_way_is_not_said_to_come_later_and_the_screen_is_short(tmp_path: Path) -> None:
    ledger = us(tmp_path)
    done = run_here("project", "--ledger", str(ledger), COLUMNS="80", DIAMONDCTL_AS_OF="")
    assert "Paid out by then" in done.out and "Of the likely sum" not in done.out
    both = asked(ledger, "500")
    screen = [*both.out.splitlines(), *both.err.splitlines()]
    assert len(screen) <= 22 and all(len(line) <= 80 for line in screen), screen


def test_days_in_few_words() -> None:
    day = date(2026, 12, 26)
    for last, words in (
        (day, "26 Dec 2026"), (date(2026, 12, 31), "26 - 31 Dec 2026"), (date(2027, 7, 31), "26 Dec - 31 Jul 2027"),
        (date(2027, 12, 25), "26 Dec - 25 Dec 2027"), (date(2027, 12, 26), "Dec 2026 - Dec 2027"),
    ):  # fmt: skip
        assert periods.span_words(day, last) == words and len(words) <= 20


@given(by_day, st.integers(0, 10_000), shares, shares, st.integers(0, 39))
def test_a_wallet_that_was_seen_gets_only_what_is_booked_after_it(
    coins: list[int], inside: int, at_once: Fraction, weekly: Fraction, since: int
) -> None:
    """As one that begins on that day would, with the gifts of the weeks that were not over by then."""
    price = Price.of(at_once / 100, weekly / 100, 2)
    seen = Wallet(days_of(UNTIL, 40, lambda day: (inside, inside), lambda day: day), price, price, since)
    for ahead in range(41):
        later, booked = 0, 0
        for place in range(ahead):
            gift = UNTIL + timedelta(days=place + 1)
            monday = gift + timedelta(days=7 - gift.weekday())
            booked += coins[place] * (place + 1 > since)
            over = UNTIL + timedelta(days=since) < monday <= UNTIL + timedelta(days=ahead)
            later += coins[place] * over
        assert seen.there(path(coins), ahead, "low") == inside + int(booked * at_once + later * weekly)
