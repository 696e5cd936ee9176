"""What is said of many creators at once."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support import run

HEAD = "timestamp,creator,gift,coins,stream,event_id\n"


def _days(creator: str, days: list[int]) -> str:
    return "".join(f"2026-10-{day:02}T18:00:00Z,{creator},Rose,10,{creator}{day},{creator}{day}\n" for day in days)


def test_who_went_dark_is_told_by_their_own_rhythm(tmp_path: Path) -> None:
    """Every second day until the 25th: six days without a LIVE are three gaps. Once a week is no pause at six days."""
    path = tmp_path / "gifts.csv"
    text = HEAD + _days("dark", [*range(1, 26, 2)]) + _days("weekly", [4, 11, 18, 25]) + _days("there", [*range(1, 32, 2)])
    path.write_text(text, "utf-8")
    answer = run("summary", str(path), "--region", "US", "--share", "50", "-p", "2026-10", "--json")
    assert json.loads(answer.out)["data"]["dark"] == [{"creator": "dark", "last_day": "2026-10-25", "usual_days": 2}]
    screen = run("summary", str(path), "--region", "US", "--share", "50", "-p", "2026-10").out
    assert "No LIVE for three times their usual gap: dark since Sun 25 Oct." in screen
    one = run("summary", str(path), "--region", "US", "--share", "50", "-p", "2026-10", "--creator", "dark").out
    assert "usual gap" not in one  # she knows


def test_a_day_earlier_it_is_no_pause(tmp_path: Path) -> None:
    path = tmp_path / "gifts.csv"
    path.write_text(HEAD + _days("dark", [*range(1, 26, 2)]) + _days("there", [*range(1, 31)]), "utf-8")
    given = ("--region", "US", "--share", "50", "-p", "2026-10-01..2026-10-30", "--json")
    assert json.loads(run("summary", str(path), *given).out)["data"]["dark"] == []
