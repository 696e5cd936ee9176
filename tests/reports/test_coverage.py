"""The matrix of confidence against brute force, and as the command shows it."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.confidence import CONFIDENCES
from diamondctl.periods import parse_period
from diamondctl.ratebook.entries import RateEntry, look_up
from diamondctl.reports.coverage import WORDS, coverage, word
from tests import build, strategies
from tests.support import run

TODAY = date(2026, 11, 24)
entries = st.builds(
    lambda entry, confidence: entry._replace(confidence=confidence), strategies.reward_entries(), st.sampled_from(CONFIDENCES)
)


@given(strategies.histories(entries), st.sampled_from(strategies.TIMEZONES), st.sampled_from(("2026-02", "2026-03", "2026-04")))
def test_a_month_has_the_weakest_word_of_its_quarters(history: list[RateEntry], timezone: str, label: str) -> None:
    zone = build.zone(*history, timezone=timezone)
    month = parse_period(label, TODAY)
    found = [look_up(zone, "reward", quarter) for quarter in range(*month.quarters(timezone))]
    words = {entry.confidence if isinstance(entry, RateEntry) else "none" for entry in found}
    assert word(zone, "reward", month) == max(words, key=WORDS.index)


def test_months_follow_each_other_over_years() -> None:
    zone = build.zone(build.reward(build.quarter("2025-12-15")))
    found = coverage({"US": zone}, "reward", parse_period("2025-11", TODAY), parse_period("2026-02", TODAY))
    assert [month.label for month in found.months] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert found.regions[0].words == ("none", "none", "reported", "reported")
    assert [found.count(name) for name in WORDS] == [0, 0, 2, 0, 2]


@pytest.mark.parametrize("width", ["40", "60", "80", "100", ""])
def test_the_screen_has_every_letter_at_every_width(width: str) -> None:
    command = ("rates", "coverage", "--as-of", "2026-11-24")
    rows = list(csv.DictReader(io.StringIO(run(*command, "--csv").out)))
    shown = run(*command, COLUMNS=width).out
    assert len(rows) == 27 * 50
    letters = {"official": "O", "measured": "M", "reported": "R", "assumed": "a", "none": "."}
    lines = [line.split() for line in shown.splitlines() if line[:2].isupper() and line[2:3] == " "]
    for region in {row["region"] for row in rows}:
        mine = "".join(letters[row["confidence"]] for row in rows if row["region"] == region)
        assert "".join("".join(line[1:]) for line in lines if line[0] == region) == mine
