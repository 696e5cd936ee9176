"""What dashboards say beside gifts: pairs and correlations equal to a recount of the files, from files and from a ledger."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pandas  # type: ignore[import-untyped]
import pytest

from tests.ledger.state import run_here

START = datetime(2026, 10, 1, 19, tzinfo=UTC)
ENGAGEMENT = "Date,ギフト贈呈者,新規フォロワー,コメントした視聴者,いいね,シェア"
VIEWERS = "Date,視聴数,ユニーク視聴者数,平均視聴時間,最高同時視聴者数,平均同時視聴者数"
Numbers = dict[str, list[int]]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Numbers]:
    """Twenty days of gifts, and two files of LIVE Center about them and some days without a gift."""
    folder, random = tmp_path_factory.mktemp("engagement"), Random(3)
    numbers: Numbers = {name: [] for name in ("coins", "viewers", "likes", "comments", "new_followers")}
    engagement, viewers = [ENGAGEMENT], [VIEWERS]
    with (folder / "gifts.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["timestamp", "creator", "gift", "coins", "quantity", "event_id", "gifter", "stream"])
        for day in range(20):
            coins = random.randrange(1, 2_000)
            time = START + timedelta(days=day)
            writer.writerow([f"{time:%Y-%m-%dT%H:%M:%SZ}", "ann", "Rose", coins, 1, day, "fan", f"live{day}"])
            said = (coins // 10 + random.randrange(20), random.randrange(900), random.randrange(40), max(0, 40 - coins // 50))
            for name, number in zip(numbers, (coins, *said), strict=True):
                numbers[name].append(number)
            watched, liked, commented, followed = said
            engagement.append(f"{time:%Y-%m-%d},1,{followed},{commented},{liked},0")
            viewers.append(f"{time:%Y-%m-%d},{watched * 2},{watched},60,9,5")
    engagement.append("2026-10-25,0,9,9,9,0")  # a day without a gift says nothing of gifts
    for name, lines in (("engagement.csv", engagement), ("viewers.csv", viewers)):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder, numbers


def ask(folder: Path, where: str, *words: str) -> Any:
    files = [str(folder / name) for name in ("gifts.csv", "engagement.csv", "viewers.csv")]
    env = {"DIAMONDCTL_LEDGER": str(folder / "ledger")}
    also = ("--region", "GB", "--creator", "ann", "--as-of", "2026-11-01", "--json", *words)
    if where == "files":
        return json.loads(run_here("streams", "--engagement", *files, *also).out)["data"]["pairings"]
    if not (folder / "ledger").exists():
        done = run_here("import", *files, "--creator", "ann", **env)
        assert done.code == 0, done.err
    return json.loads(run_here("streams", "--engagement", *also, **env).out)["data"]["pairings"]


@pytest.mark.parametrize("where", ["files", "ledger"])
def test_each_measure_is_paired_with_the_coins_of_its_day(world: tuple[Path, Numbers], where: str) -> None:
    """As many pairs as days with gifts; rho is that of pandas."""
    folder, numbers = world
    found = {item["measure"]: item for item in ask(folder, where, "-p", "2026-10")}
    assert found.keys() == numbers.keys() - {"coins"}
    for name, item in found.items():
        assert (item["n"], item["by"], item["source"]) == (20, "day", "LIVE Center")
        rho = pandas.DataFrame({"one": numbers[name], "other": numbers["coins"]}).corr(method="spearman").loc["one", "other"]
        assert abs(Decimal(item["correlation"]) - Decimal(float(rho))) <= Decimal("0.005")
        assert Decimal(item["low"]) <= Decimal(item["correlation"]) <= Decimal(item["high"])
    assert (found["viewers"]["verdict"], found["new_followers"]["verdict"]) == ("more", "fewer")
    assert {found[name]["verdict"] for name in ("likes", "comments")} == {"not told"}


@pytest.mark.parametrize("where", ["files", "ledger"])
def test_of_nine_days_nothing_is_said(world: tuple[Path, Numbers], where: str) -> None:
    """And it is said that it is too few."""
    found = ask(world[0], where, "-p", "2026-10-01..2026-10-09")
    assert [(item["n"], item["verdict"], item["correlation"]) for item in found] == [(9, "too few", None)] * 4


def test_sessions_of_a_data_export_are_paired_by_live(tmp_path: Path) -> None:
    """Likes and views of a LIVE with its coins."""
    rows, lives = ["timestamp,creator,gift,coins,quantity,event_id,gifter,stream"], []
    for number in range(12):
        begin = START + timedelta(days=number)
        rows.append(f"{begin:%Y-%m-%dT%H:%M:%SZ},ann,Rose,{number + 1},1,{number},fan,74000000000000000{number:02}")
        times = {
            name: f"{begin + timedelta(minutes=late):%Y-%m-%d %H:%M:%S}"
            for name, late in (("LiveStartTime", 0), ("LiveEndTime", 60))
        }
        lives.append({**times, "LiveDuration": "3600", "RoomId": f"74000000000000000{number:02}", "TotalEarning": "N/A",
                      "TotalLike": str(number * 7), "TotalView": str(99 - number)})  # fmt: skip
    (tmp_path / "gifts.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "export.json").write_text(json.dumps({"TikTok Live": {"Go Live History": {"GoLiveList": lives}}}), "utf-8")
    words = ("streams", "--engagement", str(tmp_path / "gifts.csv"), str(tmp_path / "export.json"), "--creator", "ann")
    done = run_here(*words, "--region", "GB", "-p", "2026-10", "--as-of", "2026-11-01", "--json")
    found = {item["measure"]: item for item in json.loads(done.out)["data"]["pairings"]}
    assert {name: (item["n"], item["by"], item["correlation"]) for name, item in found.items()} == {
        "likes": (12, "LIVE", "1.00"), "viewers": (12, "LIVE", "-1.00"), "seconds": (12, "LIVE", None),
    }  # fmt: skip


def test_a_dashboard_of_any_shape_says_it_by_a_profile(tmp_path: Path) -> None:
    """Viewers, likes and comments are columns of totals."""
    rows, days = ["timestamp,creator,gift,coins,quantity,event_id,gifter,stream"], ["Day;Earned;Watched;Hearts;Chat"]
    for number in range(11):
        begin = START + timedelta(days=number)
        rows.append(f"{begin:%Y-%m-%dT%H:%M:%SZ},ann,Rose,{number + 1},1,{number},fan,live{number}")
        days.append(f"{begin:%Y-%m-%d};{number + 1};{number * 3};{50 - number};7")
    profile = """\
schema: 1
name: wall
kind: totals
file: csv
span: day
columns: {timestamp: Day, diamonds: Earned, viewers: Watched, likes: Hearts, comments: Chat}
"""
    for name, text in (("gifts.csv", "\n".join(rows) + "\n"), ("wall.csv", "\n".join(days) + "\n"), ("wall.yaml", profile)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    words = ("streams", "--engagement", str(tmp_path / "gifts.csv"), str(tmp_path / "wall.csv"), "--creator", "ann")
    also = ("--profile", str(tmp_path / "wall.yaml"), "--region", "GB", "-p", "2026-10", "--as-of", "2026-11-01", "--json")
    done = run_here(*words, *also)
    assert done.code == 0, done.err
    found = {item["measure"]: (item["n"], item["correlation"]) for item in json.loads(done.out)["data"]["pairings"]}
    assert found == {"viewers": (11, "1.00"), "likes": (11, "-1.00"), "comments": (11, None)}
