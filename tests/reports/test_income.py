"""Other income beside gifts: months add up, parts are those of whole fractions, currencies never meet."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.support import ROOT, run

GIFTS = str(ROOT / "examples" / "2026-10.csv")
RECORDED = (
    ("83.10 USD", "Twitch", "2026-10-15"),
    ("16.90 USD", "Twitch", "2026-10-31"),
    ("500 USD", "A brand", "2026-09-15"),
    ("50 EUR", "A shop", "2026-10-02"),
    ("70 USD", "A brand", "2026-11-01"),
)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("income") / "ledger"
    assert run("import", GIFTS, "--region", "US", "--ledger", str(folder)).code == 0
    for amount, source, day in RECORDED:
        made = run(
            "record", "income", *amount.split(), "--from", source, "--date", day, "--creator", "mara", "--ledger", str(folder)
        )
        assert made.code == 0, made.err
    return folder


def summary(ledger: Path, period: str, *words: str) -> dict[str, Any]:
    made = run(
        "summary", "--ledger", str(ledger), "-p", period, "--region", "US", "--json", *words, DIAMONDCTL_AS_OF="2026-12-01"
    )
    data: dict[str, Any] = json.loads(made.out)["data"]
    return data


def of(data: dict[str, Any], currency: str) -> dict[str, Any]:
    (found,) = [item for item in data["income"] if item["currency"] == currency]
    return dict(found)


def ends(item: dict[str, Any]) -> tuple[Fraction, Fraction]:
    return Fraction(item["low"]), Fraction(item["high"])


def test_gifts_of_the_month_are_the_reward_and_the_rest_is_what_was_paid(ledger: Path) -> None:
    data = summary(ledger, "2026-10")
    found = of(data, "USD")
    reward = data["accounts"][0]["figures"]["reward"]["now"]
    by_name = {item["source"]: item for item in found["sources"]}
    assert ends(by_name["gifts"]) == ends(reward)
    assert ends(by_name["Twitch"]) == (Fraction(100), Fraction(100))
    assert set(by_name) == {"gifts", "Twitch"}  # the brand of September and of November is of other months
    assert ends(of(data, "EUR")["whole"]) == (Fraction(50), Fraction(50))


def test_months_add_up_to_any_period_and_currencies_never_meet(ledger: Path) -> None:
    months = [of(summary(ledger, month), "USD") for month in ("2026-09", "2026-10")]
    both = of(summary(ledger, "2026-09-01..2026-10-31"), "USD")
    for end in (0, 1):
        assert ends(both["whole"])[end] == sum(ends(month["whole"])[end] for month in months)
        assert ends(both["whole"])[end] == sum(ends(item)[end] for item in both["amounts"])
        assert ends(both["whole"])[end] == sum(ends(item)[end] for item in both["sources"])
    assert both["months"] == 2
    assert [item["currency"] for item in summary(ledger, "2026-10")["income"]] == ["EUR", "USD"]


def tenths(number: Fraction) -> str:
    units = int(number * 10 + Fraction(1, 2))
    return f"{units // 10}.{units % 10}"


@pytest.mark.parametrize("period", ["2026-10", "2026-09", "2026-Q3", "2026-09-01..2026-10-31", "2026"])
def test_parts_and_reach_are_those_of_fractions(ledger: Path, period: str) -> None:
    found = of(summary(ledger, period), "USD")
    low, high = ends(found["whole"])
    for item in found["sources"]:
        mine = ends(item)
        expected = (mine[0] / (mine[0] + high - mine[1]), mine[1] / (mine[1] + low - mine[0]))
        assert (item["percent"]["low"], item["percent"]["high"]) == tuple(tenths(part * 100) for part in expected)
    rest = sum(ends(item)[0] for item in found["sources"] if item["source"] != "gifts")
    assert found["months_without_gifts"] == {
        "low": tenths(rest * found["months"] / high), "high": tenths(rest * found["months"] / low)
    }  # fmt: skip
    assert [ends(item)[1] for item in found["sources"]] == sorted((ends(item)[1] for item in found["sources"]), reverse=True)


def test_only_v_shows_it_and_who_has_none_sees_nothing(ledger: Path) -> None:
    words = ("summary", "--ledger", str(ledger), "-p", "2026-10", "--region", "US")
    assert "other income" not in run(*words).out
    assert "Gifts and other income of mara, USD" in run(*words, "-v").out
    assert json.loads(run("summary", GIFTS, "--region", "US", "--json").out)["data"]["income"] == []


def test_the_year_says_what_hangs_on_the_largest(ledger: Path) -> None:
    words = ("report", "year", "-p", "2026", "--region", "US", "--ledger", str(ledger))
    made = run(*words, "--json", DIAMONDCTL_AS_OF="2026-12-01")
    assert json.loads(made.out)["data"]["income"] == summary(ledger, "2026")["income"]
    text = run(*words, DIAMONDCTL_AS_OF="2026-12-01", COLUMNS="200").out
    assert "A brand brought " in text and "A shop brought 100.0% of 50.00 EUR." in text
