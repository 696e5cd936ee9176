"""`streams --missions` against brute force: other files in which the LIVEs had reached their missions, rated by `summary`."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.ledger.state import run_here

Session = tuple[datetime, int]  # its beginning, and how long it was in seconds
OPTIONS = (("--scheme", "missions", "--penalty", "0"), ("--scheme", "missions"), ())


def world(seed: int, folder: Path) -> dict[str, Session]:
    """LIVEs of two months with their gifts, of seconds to two hours."""
    random = Random(seed)
    sessions: dict[str, Session] = {}
    with (folder / "gifts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "creator", "gift", "coins", "quantity", "event_id", "gifter", "stream"])
        for number in range(24):
            begin = datetime(2026, 10, 1, 8, tzinfo=UTC) + timedelta(days=random.randrange(31), minutes=random.randrange(1_000))
            seconds = random.choice((120, 290, 600, 1_499, 1_500, 4_000, 7_200))
            name = f"74000000000000000{number:02}"
            sessions[name] = (begin, seconds)
            for gift in range(random.randrange(1, 6)):
                time = begin + timedelta(seconds=random.randrange(seconds))
                coins = random.choice((1, 99, 1_000, 7_000))
                writer.writerow([f"{time:%Y-%m-%dT%H:%M:%SZ}", "ann", "Rose", coins, 1, f"{number}-{gift}", "fan", name])
    return sessions


def told(folder: Path, name: str, sessions: Mapping[str, Session]) -> str:
    """A data export that says of these LIVEs how long they were."""
    lives = [
        {
            "LiveStartTime": f"{begin:%Y-%m-%d %H:%M:%S}",
            "LiveEndTime": f"{begin + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}",
            "LiveDuration": str(seconds),
            "RoomId": room,
            "RoomTitle": "x",
            "TotalEarning": "N/A",
        }
        for room, (begin, seconds) in sessions.items()
    ]
    (folder / name).write_text(json.dumps({"TikTok Live": {"Go Live History": {"GoLiveList": lives}}}), "utf-8")
    return str(folder / name)


def ask(folder: Path, export: str, options: tuple[str, ...], *words: str, as_of: str = "2026-11-20") -> Any:
    also = ("--creator", "ann", "--region", "US", "-p", "2026-10", "--as-of", as_of, "--json", *options)
    done = run_here(words[0], str(folder / "gifts.csv"), export, *words[1:], *also)
    assert done.code in (0, 3), done.err
    return json.loads(done.out)["data"]


def stories(folder: Path, export: str, options: tuple[str, ...], as_of: str = "2026-11-20") -> tuple[Decimal, Decimal]:
    reward = ask(folder, export, options, "summary", as_of=as_of)["accounts"][0]["figures"]["reward"]["now"]
    return Decimal(reward["low"]), Decimal(reward["high"])


def less(one: tuple[Decimal, Decimal], other: tuple[Decimal, Decimal]) -> list[Decimal]:
    return sorted(after - before for before, after in zip(one, other, strict=True))


@pytest.mark.parametrize("options", OPTIONS, ids=" ".join)
@pytest.mark.parametrize("seed", [1, 2])
def test_what_minutes_cost_is_what_longer_lives_bring(tmp_path: Path, seed: int, options: tuple[str, ...]) -> None:
    """Every LIVE that ended early is made to last 25 minutes in another export."""
    sessions = world(seed, tmp_path)
    export = told(tmp_path, "as-it-was.json", sessions)
    cost = next(item for item in ask(tmp_path, export, options, "streams", "--missions")["missions"] if item["needed"] == 25)
    short = {name for name, (_, seconds) in sessions.items() if seconds < 1_500}
    assert (cost["lives"], cost["short"], cost["reached"], cost["unknown"]) == (24, len(short), 24 - len(short), 0)
    longer: Callable[[str, int], int] = lambda name, seconds: 1_500 if name in short else seconds  # noqa: E731
    other = told(tmp_path, "longer.json", {name: (begin, longer(name, s)) for name, (begin, s) in sessions.items()})
    found = less(stories(tmp_path, export, options), stories(tmp_path, other, options))
    assert [Decimal(cost["less"][end]) for end in ("low", "high")] == found
    assert found[1] > 0


def test_of_lives_whose_length_nobody_says_nothing_is_said(tmp_path: Path) -> None:
    """Gifts show that some were long enough; none was surely too short, so nothing has a cost."""
    sessions = world(1, tmp_path)
    export = told(tmp_path, "one.json", dict(list(sessions.items())[:1]))
    cost = next(item for item in ask(tmp_path, export, OPTIONS[0], "streams", "--missions")["missions"] if item["needed"] == 25)
    assert cost["short"] + cost["reached"] + cost["unknown"] == 24
    assert cost["short"] <= 1
    assert cost["unknown"] >= 10


@pytest.mark.parametrize("valid", [0, 1, 2])
def test_one_more_valid_day_is_worth_what_a_session_more_brings(tmp_path: Path, valid: int) -> None:
    """On Wednesday: an export with one more LIVE on Sunday against the same without, when the week is over."""
    lives = {f"live{day}": (datetime(2026, 10, 19 + day, 18, tzinfo=UTC), 1_800 if day < valid else 600) for day in range(3)}
    rows = ["timestamp,creator,gift,coins,quantity,event_id,gifter,stream"]
    rows += [f"{begin:%Y-%m-%dT%H:%M:%SZ},ann,Rose,1234,1,{name},fan,{name}" for name, (begin, _) in lives.items()]
    (tmp_path / "gifts.csv").write_text("\n".join(rows) + "\n", "utf-8")
    options = (*OPTIONS[0], "--active-fans", "0", "--league", "none")
    export = told(tmp_path, "three.json", lives)
    day = ask(tmp_path, export, options, "streams", "--missions", as_of="2026-10-21")["next_days"][0]
    later = told(tmp_path, "later.json", {**lives, "later": (datetime(2026, 10, 22, 19, tzinfo=UTC), 1_800)})
    assert ask(tmp_path, later, options, "streams", "--missions", as_of="2026-10-21")["next_days"] == [day]
    more = told(tmp_path, "four.json", {**lives, "imagined": (datetime(2026, 10, 25, 19, tzinfo=UTC), 1_500)})
    without, with_it = (stories(tmp_path, name, options, as_of="2026-10-25")[0] for name in (export, more))
    points = (0, 6, 8, 8)
    # In the best story a LIVE without gifts, which no source shows, had made days valid already.
    assert [Decimal(day[share]["low"]) for share in ("share_without", "share")] == list(points[valid : valid + 2])
    assert [Decimal(day["worth"][end]) for end in ("low", "high")] == [0, with_it - without]


def test_a_share_of_ones_own_and_a_flat_one_have_no_missions(tmp_path: Path) -> None:
    """It is said why, and nothing costs anything."""
    world(1, tmp_path)
    for options, region, word in (
        (("--share", "48"), "US", "your own word"),
        ((), "GB", "no missions"),
        (("--scheme", "flat"), "US", "flat"),
    ):
        also = ("--region", region, "-p", "2026-10", "--as-of", "2026-11-20", "--json", *options)
        found = json.loads(run_here("streams", str(tmp_path / "gifts.csv"), "--missions", *also).out)["data"]
        assert found["missions"] == found["next_days"] == []
        assert word in found["why_not"][0]
