"""Projections from the command line: laws of the range, what is refused, what is supposed and said so."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.ledger.state import run_here
from tests.support import EXAMPLES, Result

HEAD = "timestamp,creator,gift,coins,gifter,stream,event_id,region\n"
YEAR = EXAMPLES / "year" / "gb-2026.csv"
START = datetime(2026, 1, 5, 19, tzinfo=UTC)  # a Monday


# By what the files said while they named a minimum outside the US.
BEFORE = ("--rates-as-of", "2026-11-28")


def rows(weeks: int, coins: Any, *, times: int = 1, creator: str = "noor", fans: int = 3) -> list[str]:
    """Two streams a week; `coins(week, stream)` are those of one gift in each."""
    found = []
    for week in range(weeks):
        for number, day in enumerate((1, 4)):
            time = START + timedelta(days=7 * week + day)
            stream = f"s{week:03}{number}"
            cells = (f"{time:%Y-%m-%dT%H:%M:%SZ}", creator, "Rose", times * coins(week, number), f"fan{(week + number) % fans}")
            found.append(",".join(map(str, (*cells, stream, f"e{stream}", "GB"))))
    return found


def write(path: Path, lines: list[str]) -> Path:
    path.write_text(HEAD + "".join(f"{line}\n" for line in lines), "utf-8")
    return path


def asked(arguments: tuple[str | Path, ...]) -> list[str]:
    """`project` with the day that is now left to the clock, and the period that follows these histories."""
    words = ["project", *map(str, arguments)]
    return words if {"-p", "--until", "--threshold", "--as-of"} & {*words} else [*words, "-p", "2026-11"]


def project(*arguments: str | Path, code: int = 0) -> dict[str, Any]:
    """What it says; of the wallet of files without an opening no verdict is sure."""
    if {"--until", "--threshold"} & {*arguments} and "--opening" not in arguments:
        code = 3
    done = run_here(*asked(arguments), "--json", DIAMONDCTL_AS_OF="")
    assert done.code == code, done
    found: dict[str, Any] = json.loads(done.out)
    return found


def only(document: dict[str, Any]) -> dict[str, Any]:
    (item,) = document["data"]["accounts"]
    found: dict[str, Any] = item
    return found


def refused(*arguments: str | Path) -> Result:
    done = run_here(*asked(arguments), DIAMONDCTL_AS_OF="")
    assert done.code == 2 and not done.out, done
    return done


def coins(item: dict[str, Any]) -> list[int]:
    return [int(item["figures"]["coins"][name]["low"]) for name in ("low", "middle", "high")]


def wild(week: int, number: int) -> int:
    return int(random.Random(week * 2 + number).lognormvariate(6, 0.8))


def test_twice_the_coins_in_the_history_give_twice_the_range(tmp_path: Path) -> None:
    one = only(project(write(tmp_path / "one.csv", rows(40, wild)), "-p", "2026-11"))
    two = only(project(write(tmp_path / "two.csv", rows(40, wild, times=2)), "-p", "2026-11"))
    assert all(abs(2 * single - double) <= 2 for single, double in zip(coins(one), coins(two), strict=True))
    assert coins(one)[0] < coins(one)[1] < coins(one)[2]
    for name in ("low", "middle", "high"):
        money = [Decimal(item["figures"]["reward"][name]["low"]) for item in (one, two)]
        assert abs(2 * money[0] - money[1]) <= Decimal("0.10"), "but for one minor unit per credit"


def test_neither_the_order_of_files_nor_that_of_rows_changes_anything(tmp_path: Path) -> None:
    lines = rows(30, wild)
    random.Random(3).shuffle(lines)
    whole = write(tmp_path / "whole.csv", rows(30, wild))
    parts = [write(tmp_path / f"{number}.csv", lines[number::3]) for number in range(3)]
    expected = project(whole)["data"]["accounts"]
    for order in (parts, parts[::-1]):
        assert project(*order)["data"]["accounts"] == expected
    assert project(whole)["data"] == project(whole)["data"], "the same bytes every time"


@pytest.mark.parametrize("period", ["2026-W45", "2026-11-02..2026-11-29"])
def test_a_history_of_identical_weeks_gives_a_range_that_contains_that_week_exactly(tmp_path: Path, period: str) -> None:
    item = only(project(write(tmp_path / "same.csv", rows(43, lambda week, number: 300 + 50 * number)), "-p", period))
    weeks = 1 if period.endswith("W45") else 4
    low, middle, high = coins(item)
    assert low <= weeks * 650 <= high and middle == weeks * 650


def test_the_range_of_the_share_stands_apart_from_that_of_the_future(tmp_path: Path) -> None:
    file = write(tmp_path / "us.csv", [line.replace(",GB", ",US") for line in rows(40, wild)])
    wide, exact = (only(project(file, "-p", "2026-11", *more)) for more in ((), ("--share", "48")))
    assert wide["figures"]["coins"] == exact["figures"]["coins"]
    assert Decimal(wide["share_percent"]["low"]) < Decimal(wide["share_percent"]["high"]) <= 63
    for name in ("low", "middle", "high"):
        assert exact["figures"]["reward"][name]["low"] == exact["figures"]["reward"][name]["high"]
        assert Decimal(wide["figures"]["reward"][name]["low"]) < Decimal(wide["figures"]["reward"][name]["high"])
    known = only(project(file, "-p", "2026-11", "--penalty", "0", "--active-fans", "0", "--league", "none"))
    width = [Decimal(item["share_percent"]["high"]) - Decimal(item["share_percent"]["low"]) for item in (known, wide)]
    assert width[0] < width[1]


def test_every_projection_carries_its_own_back_test() -> None:
    item = only(project(YEAR))
    test = item["back_test"]
    assert test["tested"] == len(test["periods"]) >= 8
    assert test["inside"] == sum(period["inside"] for period in test["periods"])
    assert all(period["first_day"].endswith("-01") for period in test["periods"]), "months are tested on months"
    for period in test["periods"]:
        assert period["inside"] == (period["range"]["low"] <= period["coins"] <= period["range"]["high"])
    assert test["paths"] == 400 and test["memory_weeks"] >= 1


def test_few_weeks_are_a_guess_and_fewer_than_four_are_refused(tmp_path: Path) -> None:
    assert only(project(write(tmp_path / "six.csv", rows(6, wild))))["back_test"]["guess"] is True
    done = refused(write(tmp_path / "three.csv", rows(3, wild)))
    assert "A021 noor has 2 full weeks of gifts (18 days, 2026-01-06 to 2026-01-23) (4 are needed" in done.err


def test_one_account_that_is_too_young_does_not_stop_the_others(tmp_path: Path) -> None:
    file = write(tmp_path / "two.csv", [*rows(20, wild), *rows(20, wild, creator="lee")[-4:]])
    found = project(file, code=3)
    assert [item["account"]["creator"] for item in found["data"]["accounts"]] == ["noor"]
    assert found["complete"] is False and found["data"]["skipped"][0].startswith("lee has ")


def test_a_period_that_is_over_is_refused_and_one_that_began_counts_what_is_there(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", rows(40, lambda week, number: 100))
    assert "A021 2026-03 is over" in refused(file, "-p", "2026-03").err
    item = only(project(file, "-p", "2026-10"))
    assert item["first_day"] == "2026-10-10" and item["figures"]["so_far"]["note"] == "300 coins up to 2026-10-09"
    assert coins(item)[0] >= 300


def test_days_between_the_history_and_the_period_are_in_the_balance(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", rows(40, lambda week, number: 1_000))
    near, far = (
        only(project(file, "-p", period))["figures"]["balance_end"]["middle"]["low"] for period in ("2026-W42", "2026-W43")
    )
    assert Decimal(far) - Decimal(near) >= Decimal("9.98")


def test_what_is_supposed_changes_the_range_and_is_printed(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", rows(40, wild))
    usual = only(project(file, "-p", "2026-11"))
    many, none = (only(project(file, "-p", "2026-11", "--streams", number)) for number in ("30", "0"))
    assert coins(many)[1] > coins(usual)[1] and coins(none) == [0, 0, 0]
    assert "there are exactly 30 streams in the period (--streams)" in many["assumptions"]
    wide = only(project(file, "-p", "2026-11", "--level", "95"))
    assert coins(wide)[0] <= coins(usual)[0] and coins(wide)[2] >= coins(usual)[2]
    seeded = only(project(file, "-p", "2026-11", "--seed", "7"))
    assert seeded == only(project(file, "-p", "2026-11", "--seed", "7")) != usual


def test_without_the_largest_gifters_the_history_is_that_of_the_others(tmp_path: Path) -> None:
    lines = rows(30, lambda week, number: 100, fans=2)
    whale = [line.replace("fan", "whale").replace(",es", ",ew").replace(",100,", ",9000,") for line in lines]
    both, small = write(tmp_path / "both.csv", [*lines, *whale]), write(tmp_path / "small.csv", lines)
    ledger = tmp_path / "ledger"
    assert run_here("import", str(both), "--ledger", str(ledger)).code == 0
    expected = only(project(small))["figures"]
    for arguments in ((str(both),), ("--ledger", str(ledger))):
        found = only(project(*arguments, "--without-top", "2"))
        assert found["figures"]["coins"] == expected["coins"]
        assert "send nothing from now on: they sent 540,000 of 546,000 coins, 98% (--without-top)" in found["assumptions"][1]
    nameless = write(tmp_path / "nameless.csv", [line.replace("fan0", "").replace("fan1", "") for line in lines])
    assert "A021 no gift names its gifter" in refused(nameless, "--without-top", "1").err


def test_an_amount_is_reached_on_days_that_lie_in_order_and_more_takes_longer(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", rows(40, wild))
    dates = []
    for amount in ("250", "400"):
        found = only(project(file, "--until", amount))["reach"]
        days = [found[name] for name in ("earliest", "middle_earliest", "middle_latest", "latest")]
        assert days == sorted(days)
        dates.append(days)
    assert all(near <= far for near, far in zip(*dates, strict=True))
    there = only(project(file, "--until", "0.01", "--as-of", "2026-10-09"))["reach"]
    assert there["earliest"] == there["latest"] == "2026-10-09"
    never = only(project(file, "--until", "999999999"))["reach"]
    assert never["earliest"] is None and never["looked_at_days"] == 992
    minimum = only(project(file, "--threshold", *BEFORE))["reach"]
    assert minimum["amount"] == "100.00"


def test_what_reaches_the_bank_follows_the_rate_file(tmp_path: Path) -> None:
    item = only(project(YEAR, *BEFORE))
    (bank,) = item["bank"]
    balance = item["figures"]["balance_end"]
    assert bank["method"] == "paypal" and bank["minimum"] is None
    for name in ("low", "middle", "high"):
        whole = Decimal(balance[name]["low"])
        assert (
            Decimal("0.96") * whole - Decimal("0.01")
            <= Decimal(bank["net"][name]["low"])
            <= Decimal(bank["net"][name]["high"])
            <= whole
        )
    assert (bank["earliest"], bank["latest"]) == ("2026-11-30", "2027-01-05")
    many = write(tmp_path / "rich.csv", rows(40, lambda week, number: 20_000))
    (rich,) = only(project(many, *BEFORE))["bank"]
    assert rich["payouts"]["high"] > 1 and rich["latest"] > bank["latest"]
    poor = only(project(write(tmp_path / "poor.csv", rows(40, lambda week, number: 10)), *BEFORE))["bank"][0]
    assert poor["minimum"] == "below the minimum of 100.00 USD: nothing can be withdrawn"
    assert poor["net"]["high"] == {**poor["net"]["high"], "low": "0.00", "high": "0.00"} and poor["payouts"]["high"] == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--until", "x"), "A017 --until: 'x' is no amount of money"),
        (("--until", "0"), "A017 --until: '0' is no amount of money"),
        (("--until", "5", "--threshold"), "choose one of -p, --until and --threshold"),
        (("--hours", "1.1"), "--hours: '1.1' is no number of hours in quarters"),
        (("--threshold", "--streams", "3"), "--streams and --hours are of a period"),
        (("--goal", "diamonds"), "A017 --goal: 'diamonds' is no goal"),
        (("--goal", "hours 0.1"), "A017 --goal: 'hours 0.1' is no goal"),
        (("--goal", "days 3 and days 4"), "A017 --goal"),
        (("--goal", "days 3", "--streams", "3"), "--streams and --hours say what --goal asks for"),
        (("--method", "wire"), "A015"),
        (("--level", "99"), "--level"),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments: tuple[str, ...], words: str) -> None:
    assert words in refused(YEAR, *arguments).err


def test_a_goal_asks_for_all_of_its_conditions(tmp_path: Path) -> None:
    """Streams of one gift have a length of a quarter of an hour; two a week, of 100 coins."""
    file = write(tmp_path / "rows.csv", rows(40, lambda week, number: 100))
    tiers = ("diamonds 500", "diamonds 500 and hours 1.25", "diamonds 500, hours 1.25, days 1", "hours 9999", "diamonds 1")
    words = [word for tier in tiers for word in ("--goal", tier)]
    goals = only(project(file, "-p", "2026-10", *words))["goals"]
    assert [goal["text"] for goal in goals] == [*tiers]
    chances = [goal["chance_percent"] for goal in goals]
    assert chances[0] >= chances[1] >= chances[2] and chances[3] == 1 and chances[4] == 100
    (diamonds,) = goals[0]["conditions"]
    # Three streams have been by 9 October, and 22 days are left.
    assert (diamonds["so_far"], diamonds["missing"], diamonds["pace_needed"]) == ("300", "200", "63.7")
    ends = [Decimal(diamonds[f"expected_{end}"]) for end in ("low", "middle", "high")]
    assert diamonds["pace"] == "200" and ends == sorted(ends)
    days = goals[2]["conditions"][2]
    assert (days["so_far"], days["chance_percent"], chances[2]) == ("0", 1, 1), "no LIVE lasted an hour"


def test_a_larger_goal_is_never_more_likely(tmp_path: Path) -> None:
    file = write(tmp_path / "rows.csv", rows(40, wild))
    words = [word for coins in range(500, 12_000, 1_500) for word in ("--goal", f"diamonds {coins}")]
    chances = [goal["chance_percent"] for goal in only(project(file, "-p", "2026-11", *words))["goals"]]
    assert chances == sorted(chances, reverse=True) and len(set(chances)) > 3


def test_hours_that_no_source_says_are_not_known(tmp_path: Path) -> None:
    lines = [",".join([*line.split(",")[:5], "", *line.split(",")[6:]]) for line in rows(40, wild)]
    (goal,) = only(project(write(tmp_path / "rows.csv", lines), "-p", "2026-11", "--goal", "hours 4, diamonds 100"))["goals"]
    assert goal["chance_percent"] is None and goal["conditions"][0]["chance_percent"] is None


def test_payouts_that_leave_by_themselves_are_taken_on_the_way(tmp_path: Path) -> None:
    """In the US PayPal pays each Wednesday; what is together is what was paid out and what is left."""
    file = write(tmp_path / "us.csv", [line.replace(",GB", ",US") for line in rows(40, wild)])
    item = only(project(file, "-p", "2026-11", "--share", "50", "--opening", "0"))
    figures = {
        name: [Decimal(item["figures"][name][end]["low"]) for end in ("low", "middle", "high")]
        for name in ("balance_end", "paid_out", "left")
    }
    assert all(out <= whole for out, whole in zip(figures["paid_out"], figures["balance_end"], strict=True))
    assert all(Decimal(0) <= left for left in figures["left"])
    assert figures["paid_out"][0] > figures["left"][1], "by the end of November the history's 40 weeks are paid out"
    manual = only(project(write(tmp_path / "gb.csv", rows(40, wild)), "-p", "2026-11"))
    assert "paid_out" not in manual["figures"]


def test_never_a_promise_and_never_the_word(tmp_path: Path) -> None:
    for arguments in ((), ("--until", "200"), ("-p", "2026-W45")):
        done = run_here(*asked((YEAR, *arguments)), DIAMONDCTL_AS_OF="")
        assert "Not a promise of payment." in done.out and "guarantee" not in (done.out + done.err).lower()
