"""LIVEs with a partner against those alone: a recount of the files, the split to the cent, and what the settings refuse."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pytest

from tests.ledger.state import run_here

START = datetime(2026, 10, 1, 19, tzinfo=UTC)


def world(folder: Path, lives: int = 20) -> list[int]:
    """A LIVE a day of odd coins; returns those of each."""
    random = Random(lives)
    coins = [random.randrange(1, 3_000) * 2 + 1 for _ in range(lives)]
    rows = ["timestamp,creator,gift,coins,quantity,event_id,gifter,stream"]
    rows += [
        f"{START + timedelta(days=day):%Y-%m-%dT%H:%M:%SZ},ann,Rose,{many},1,{day},fan,live{day:02}"
        for day, many in enumerate(coins)
    ]
    (folder / "gifts.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return coins


def ask(folder: Path, partners: list[str], *words: str) -> Any:
    config = folder / "config.yaml"
    config.write_text(json.dumps({"region": "GB", "creators": {"ann": {"partners": partners}}}), encoding="utf-8")
    also = ("-p", "2026-10", "--as-of", "2026-11-01", "--config", str(config), "--json", *words)
    done = run_here("streams", "--partners", str(folder / "gifts.csv"), *also)
    assert done.code == 0, done.err
    return json.loads(done.out)["data"]


def test_the_groups_are_compared_by_all_their_differences(tmp_path: Path) -> None:
    """The middle difference is the median over all pairs; its interval are two of them, around it."""
    coins = world(tmp_path)
    told = ask(tmp_path, [f"2026-10-{day:02} lena" for day in (1, 2, 3, 5, 8, 13)] + ["live19 tom, live18 tom 10%"])
    with_somebody = {0, 1, 2, 4, 7, 12, 18, 19}
    differences = sorted(coins[one] - coins[other] for one in with_somebody for other in set(range(20)) - with_somebody)
    compared = told["compared"]
    assert (compared["n"], compared["others"], told["alone"]) == (8, 12, 12)
    assert Fraction(compared["middle_coins"]) == Fraction(median(map(Fraction, differences)))
    assert int(compared["low"]) in differences and int(compared["high"]) in differences
    below = sum(one < int(compared["low"]) for one in differences)
    assert below == sum(one > int(compared["high"]) for one in differences)
    # By the table of Wilcoxon's rank sum for 8 and 12, 22 may be left out at both ends at 5 %; one fewer is the careful side.
    assert below == 21
    assert {(item["partner"], item["lives"]) for item in told["partners"]} == {("lena", 6), ("tom", 1)}


def test_the_split_is_to_the_cent_and_adds_up(tmp_path: Path) -> None:
    """Half a cent a coin, rounded down for each LIVE; the part of the partner by largest remainder."""
    coins = world(tmp_path, 7)
    told = ask(tmp_path, ["2026-10-01 lena 33.33%, 2026-10-02 lena 33.33%", "2026-10-03 tom 50%"])
    for item, lives in zip(sorted(told["partners"], key=lambda item: item["partner"]), ((0, 1), (2,)), strict=True):
        reward = sum((Decimal(coins[live] // 2) for live in lives), Decimal(0)) / 100
        assert Decimal(item["reward"]["low"]) == Decimal(item["reward"]["high"]) == reward
        part, left = Decimal(item["part"]["low"]), Decimal(item["left"]["low"])
        assert part + left == reward
        assert abs(part - reward * Decimal(item["percent"]) / 100) < Decimal("0.01")
    assert told["compared"] == {"n": 3, "others": 4, "middle_coins": None, "low": None, "high": None}


def test_a_live_of_its_own_goes_before_its_day_and_a_day_without_one_is_told(tmp_path: Path) -> None:
    """What is said of one LIVE is the more exact word; days of other periods are no matter."""
    world(tmp_path, 3)
    told = ask(tmp_path, ["2026-10-01 lena", "live00 tom", "2026-10-30 lena", "2026-09-01 lena"])
    assert [item["partner"] for item in told["partners"]] == ["tom"]
    assert told["unknown"] == ["2026-10-30"]


@pytest.mark.parametrize("text", ["2026-10-01", "2026-10-01 lena 101%", "2026-10-01 lena 50", "2026-10-01 lena 5.123%", ""])
def test_what_says_no_partner_is_refused_with_its_place(tmp_path: Path, text: str) -> None:
    """One clear problem, no report."""
    world(tmp_path, 3)
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"region": "GB", "creators": {"ann": {"partners": [text]}}}), encoding="utf-8")
    done = run_here("streams", "--partners", str(tmp_path / "gifts.csv"), "--config", str(config))
    assert (done.code, done.out) == (2, "")
    assert "a LIVE or its day, a name" in done.err
