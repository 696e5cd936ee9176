"""`report share`: what stands on it was counted by another way, and what must not stand on it does not."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from diamondctl.render.formats import FORMATS
from diamondctl.render.typeset import plain
from tests.browser import browser
from tests.support import EXAMPLES, run

US = ("examples/2026-10.csv", "--region", "US")
OUTSIDE = "[...document.querySelectorAll('text')].filter(item => item.getBBox().x + item.getBBox().width > 1160).length"


def document(*words: str) -> Any:
    """The JSON of a card."""
    done = run("report", "share", *words, "--json")
    assert done.code in (0, 3), done.err
    return json.loads(done.out)["data"]


def card(tmp_path: Path, *words: str) -> str:
    """The card."""
    path = tmp_path / "card.svg"
    done = run("report", "share", *words, "-o", str(path), "--force")
    assert done.code in (0, 3), done.err
    return path.read_text(encoding="utf-8")


def test_it_counts_what_the_file_holds() -> None:
    """LIVEs, gifts, people and days of October, from the rows of the file alone."""
    zone = ZoneInfo("America/Los_Angeles")
    with (EXAMPLES / "2026-10.csv").open(encoding="utf-8", newline="") as stream:
        rows = {row["event_id"]: row for row in csv.DictReader(stream)}.values()
    begun: dict[str, datetime] = {}
    october, people = 0, set[str]()
    for row in rows:
        time = datetime.fromisoformat(row["timestamp"]).astimezone(zone)
        begun[row["stream"]] = min(begun.get(row["stream"], time), time)
        if (time.year, time.month) == (2026, 10):
            october, people = october + 1, people | {row["gifter"]}
    days = sorted({f"{time:%Y-%m-%d}" for time in begun.values() if (time.year, time.month) == (2026, 10)})
    lives = sum((time.year, time.month) == (2026, 10) for time in begun.values())
    data = document(*US, "-p", "2026-10")
    assert (data["lives"], data["gifters"], data["days"]) == (lives, len(people), days)
    assert data["gifts"] == october


def test_without_money_there_is_none(tmp_path: Path) -> None:
    """No currency, no coin, no diamond, no amount: on the card, in its text and in the JSON's data."""
    data = document(*US)
    assert data["rewards"] == []
    for text in (card(tmp_path, *US), data["text"], json.dumps(data), run("report", "share", *US).out):
        assert not re.search(r"USD|coin|diamond(?!ctl)|\d\.\d\d|[Rr]eward(?!s\")|mara", text)


def test_with_money_it_is_the_range_of_the_summary(tmp_path: Path) -> None:
    """Both ends, the period, the number of LIVEs, and that it is no promise."""
    account = json.loads(run("summary", *US, "--json").out)["data"]["accounts"][0]
    reward = account["figures"]["reward"]["now"]
    data = document(*US, "--money")
    assert data["rewards"] == [{"currency": "USD", "reward": reward}]
    told = f"Reward from {data['lives']} LIVEs: {reward['low']} to {reward['high']} USD. Not a promise of income."
    assert told in data["text"]
    assert told in plain(card(tmp_path, *US, "--money"))


@pytest.mark.parametrize("people", [1, 4, 5])
def test_of_fewer_than_five_people_nothing_is_told(people: int, tmp_path: Path) -> None:
    """Not how many, not what, and no money, whatever was asked for; of five it is."""
    rows = [f"2026-09-{day:02}T19:00:00Z,mara,Rose,7,1,e{day},canary{day % people},live{day}" for day in range(1, 29)]
    path = tmp_path / "gifts.csv"
    path.write_text("timestamp,creator,gift,coins,quantity,event_id,gifter,stream\n" + "\n".join(rows) + "\n")
    data = document(str(path), "--region", "US", "--money")
    assert data["hidden"] is (people < 5)
    assert (data["gifts"], data["gifters"]) == ((None, None) if people < 5 else (28, 5))
    assert bool(data["rewards"]) is (people >= 5)
    assert "canary" not in card(tmp_path, str(path), "--region", "US", "--money")


@pytest.mark.parametrize("form", [item.name for item in FORMATS] + ["svg"])
def test_no_viewer_is_named(form: str, tmp_path: Path) -> None:
    """In no format; and what a name holds is never markup."""
    rows = [f'2026-09-{day:02}T19:00:00Z,mara,Rose,7,1,e{day},"canary{day} </svg><script>",canary{day}' for day in range(1, 29)]
    path = tmp_path / "gifts.csv"
    path.write_text("timestamp,creator,gift,coins,quantity,event_id,gifter,stream\n" + "\n".join(rows) + "\n")
    done = run("report", "share", str(path), "--region", "US", "--money", "-f", form)
    assert done.code in (0, 3), done.err
    assert "canary" not in done.out + done.err
    assert "<script" not in done.out


@pytest.mark.parametrize("words", [US, (*US, "--money"), ("examples/year/gb-2026.csv", "-p", "2026", "--money")], ids=" ".join)
def test_a_browser_shows_the_card_whole(words: tuple[str, ...], tmp_path: Path) -> None:
    """Nothing is asked for, and no text leaves the card."""
    card(tmp_path, *words)
    with browser() as tab:
        tab.look(1200)
        tab.open(tmp_path / "card.svg")
        assert not tab.complaints()
        assert tab.requests() == [(tmp_path / "card.svg").as_uri()]
        assert tab.evaluate(OUTSIDE) == 0
