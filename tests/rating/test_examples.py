"""Worked examples of rate files: they pass when they come out to the last digit, and say what they came to when not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from diamondctl.problems import ProblemLog
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import Example, Zone
from diamondctl.rating.examples import run_example
from tests import build

START = build.quarter("2024-01-01", "America/Los_Angeles")
RANGE = build.quarter("2025-02-10", "America/Los_Angeles")
ZONE = build.zone(
    build.reward(START, share="50"),
    build.reward(RANGE, share=("0", "53")),
    build.settlement(START, "stream", "down"),
    timezone="America/Los_Angeles",
)


def run(day: str, coins: int, share: str = "", **expect: str) -> list[str]:
    """Messages of one example of 29,999 coins (one Lion), all at line 7."""
    wanted = {name: Decimal(text) for name, text in expect.items()}
    example = Example("a Lion", date.fromisoformat(day), coins, Decimal(share) if share else None, wanted, "us.yaml", 7, 3)
    problems = run_example(ZONE, example)
    assert all((problem.code, problem.file, problem.line, problem.column) == ("R022", "us.yaml", 7, 3) for problem in problems)
    return [problem.message for problem in problems]


def test_figures_that_come_out_are_no_problem() -> None:
    assert run("2025-02-09", 29_999, diamonds="29999", gift_value="299.99", reward="149.99") == []
    assert run("2025-02-10", 29_999, reward_low="0", reward_high="158.99") == []
    assert run("2025-02-10", 41_200, share="36.5", reward="150.38") == []


def test_every_figure_that_does_not_come_out_is_a_problem() -> None:
    messages = run("2025-02-09", 29_999, diamonds="29999", gift_value="300.00", reward="150.00")
    assert len(messages) == 2
    assert "299.99" in messages[0] and "300.00" in messages[0]
    assert "149.99" in messages[1] and "150.00" in messages[1]


def test_a_range_is_not_one_number() -> None:
    (message,) = run("2025-02-10", 29_999, reward="158.99")
    assert "range" in message


def test_an_example_before_the_first_rate_cannot_be_rated() -> None:
    (message,) = run("2023-12-31", 29_999, reward="149.99")
    assert "reward begins on" in message


def shipped() -> list[Zone]:
    log = ProblemLog()
    folder = store.shipped_folder()
    zones = [store.load(path, file=path.name, origin="shipped", log=log) for path in store.paths_in(folder)]
    assert not log.problems
    return [zone for zone in zones if zone is not None]


@pytest.mark.parametrize("zone", shipped(), ids=lambda zone: str(zone.name))
def test_every_shipped_file_has_examples_and_all_of_them_come_out(zone: Zone) -> None:
    assert zone.examples
    assert [problem for example in zone.examples for problem in run_example(zone, example)] == []
