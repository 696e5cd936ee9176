"""LIVEs, gifts, gifters and hours: every figure equal to a recount of the rows, from files and from a ledger of them."""

from __future__ import annotations

import csv
import itertools
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.ledger.state import run_here
from tests.live import Sent, connector_1, events
from tests.support import Result

ZONES = {"GB": ZoneInfo("Europe/London"), "US": ZoneInfo("America/Los_Angeles")}
GIFTS = (
    ("Rose", "5655", 1),
    ("Perfume", "5658", 20),
    ("Hand Hearts", "5660", 100),
    ("Galaxy", "", 1_000),
    ("Lion", "6369", 29_999),
)
COLUMNS = ("timestamp", "creator", "gift", "coins", "quantity", "event_id", "gifter", "gift_id", "stream")
Row = dict[str, str]


def rows_of(seed: int) -> list[Row]:
    """Two months of a creator: LIVEs of some minutes to hours, over midnight too; gifts that name no LIVE, or nobody."""
    random = Random(seed)
    rows: list[Row] = []
    for number in range(40):
        begin = datetime(2026, 9, 1, tzinfo=UTC) + timedelta(days=random.randrange(60), minutes=random.randrange(1_440))
        length = random.choice((0, 3, 20, 25, 90, 200))
        stream = "" if random.random() < 0.1 else f"live{number:02}"
        for _ in range(random.randrange(1, 14)):
            name, gift_id, coins = random.choices(GIFTS, (40, 20, 8, 3, 1))[0]
            time = begin + timedelta(seconds=random.randrange(length * 60 + 1))
            fan = "" if random.random() < 0.02 else f"fan{int(random.paretovariate(0.7)) % 40:02}"
            quantity = random.choice((1, 1, 1, 2, 10, 99))
            values = (f"{time:%Y-%m-%dT%H:%M:%SZ}", "ann", name, coins, quantity, f"e{len(rows)}", fan, gift_id, stream)
            rows.append(dict(zip(COLUMNS, map(str, values), strict=True)))
    return rows


def written(folder: Path, rows: Iterable[Row]) -> Path:
    path = folder / "gifts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def data(result: Result) -> Any:
    assert result.code in (0, 3), result.err
    return json.loads(result.out)["data"]


def ask(where: str, path: Path, region: str, *words: str, period: str = "2026-10") -> Any:
    """A command on the file, or on a ledger of it."""
    also = ("--region", region, "-p", period, "--as-of", "2026-11-10", "--json")
    if where == "files":
        return data(run_here(*words[:1], str(path), *words[1:], *also))
    env = {"DIAMONDCTL_LEDGER": str(path.parent / "ledger")}
    if not (path.parent / "ledger").exists():
        assert run_here("import", str(path), **env).code == 0
    return data(run_here(*words, *also, **env))


def local(row: Row, region: str) -> datetime:
    return datetime.fromisoformat(row["timestamp"]).astimezone(ZONES[region])


def worth(row: Row) -> int:
    return int(row["coins"]) * int(row["quantity"])


def in_month(rows: Iterable[Row], region: str, month: int = 10) -> list[Row]:
    return [row for row in rows if local(row, region).month == month]


def added(items: Iterable[Any]) -> tuple[Decimal, Decimal]:
    items = list(items)
    return sum((Decimal(item["low"]) for item in items), Decimal(0)), sum((Decimal(item["high"]) for item in items), Decimal(0))


@pytest.fixture(scope="module", params=[1, 2, 3])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Row], Path]:
    rows = rows_of(request.param)
    return rows, written(tmp_path_factory.mktemp("world"), rows)


@pytest.mark.parametrize("region", ["GB", "US"])
@pytest.mark.parametrize("where", ["files", "ledger"])
def test_every_live_is_a_recount_of_its_rows(world: tuple[list[Row], Path], where: str, region: str) -> None:
    """Coins, gifts, gifters, length and largest gift of each; money adds up to that of `summary`."""
    rows, path = world
    lives = ask(where, path, region, "streams")["lives"]
    mine = in_month(rows, region)
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in mine:
        groups[row["stream"] or f"day {local(row, region):%Y-%m-%d}"].append(row)
    assert {live["stream"] or f"day {live['start'][:10]}" for live in lives} == groups.keys()
    whole = sum(map(worth, mine))
    for live in lives:
        group = groups[live["stream"] or f"day {live['start'][:10]}"]
        assert live["gifts"] == len(group)
        assert live["coins"] == Decimal(live["diamonds"]) == sum(map(worth, group))
        people = {row["gifter"] for row in group}
        assert live["gifters"] == (None if "" in people else len(people))
        assert live["largest_coins"] == max(map(worth, group))
        assert Decimal(live["percent"]) == Decimal(int(Fraction(live["coins"] * 1000, whole) + Fraction(1, 2))) / 10
        if live["stream"]:
            times = [local(row, region) for row in rows if row["stream"] == live["stream"] and local(row, region).month < 11]
            assert live["begun"] == (min(times).month == 10)
            assert live["seconds"] == (max(times) - min(times)).total_seconds()
            assert datetime.fromisoformat(live["start"]) == min(times)
            enough = live["begun"] and live["seconds"] >= 900
            hourly = int(Fraction(live["coins"] * 3_600, live["seconds"] or 1) + Fraction(1, 2)) if enough else None
            assert live["coins_per_hour"] == hourly
    summary = ask(where, path, region, "summary")["accounts"][0]["figures"]
    assert added(live["reward"] for live in lives) == added([summary["reward"]["now"]])
    assert sum(live["begun"] and bool(live["stream"]) for live in lives) == int(summary["streams"]["now"]["low"])


@pytest.mark.parametrize("where", ["files", "ledger"])
def test_a_live_of_one_credit_has_its_money(world: tuple[list[Row], Path], where: str) -> None:
    """Where no share is of a week: half a cent a coin, rounded down, as the rate file of GB says."""
    for live in ask(where, world[1], "GB", "streams")["lives"]:
        if live["stream"] and live["begun"]:
            assert live["reward"]["low"] == live["reward"]["high"] == f"{live['coins'] // 2 / 100:.2f}"


@pytest.mark.parametrize("where", ["files", "ledger"])
def test_every_gift_and_tier_is_a_recount(world: tuple[list[Row], Path], where: str) -> None:
    """By gift and by tier, with the month before."""
    rows, path = world
    told = ask(where, path, "GB", "gifts", "--bounds", "20,1000")
    now, before = in_month(rows, "GB"), in_month(rows, "GB", 9)
    for name, gift_id, each in GIFTS:
        mine, was = ([row for row in some if row["gift"] == name] for some in (now, before))
        found = [kind for kind in told["gifts"] if kind["gift"] == name]
        assert len(found) == bool(mine or was)
        for kind in found:
            assert (kind["gift_id"], kind["each"], kind["gifts"]) == (gift_id, each, len(mine))
            assert (kind["coins"], kind["coins_before"]) == (sum(map(worth, mine)), sum(map(worth, was)))
            assert kind["state"] == ("stayed" if mine and was else "new" if mine else "gone")
    for tier, (least, below) in zip(told["tiers"], ((0, 20), (20, 1_000), (1_000, 10**9)), strict=True):
        mine = [row for row in now if least <= int(row["coins"]) < below]
        assert (tier["gifts"], tier["coins"]) == (len(mine), sum(map(worth, mine)))
    reward = ask(where, path, "GB", "summary")["accounts"][0]["figures"]["reward"]["now"]
    assert added(kind["reward"] for kind in told["gifts"]) == added(tier["reward"] for tier in told["tiers"]) == added([reward])


@pytest.mark.parametrize("where", ["files", "ledger"])
def test_every_gifter_is_a_recount(world: tuple[list[Row], Path], where: str) -> None:
    """Of each person, by name where that is asked for; and of all but the largest."""
    rows, path = world
    told = ask(where, path, "GB", "gifters", "--names")
    now, before = in_month(rows, "GB"), in_month(rows, "GB", 9)
    earlier = {row["gifter"] for row in rows if local(row, "GB").month < 10}
    sums: dict[str, int] = defaultdict(int)
    for row in now:
        sums[row["gifter"]] += worth(row)
    assert {one["gifter"] for one in told["gifters"]} == sums.keys() | {row["gifter"] for row in before}
    for one in told["gifters"]:
        mine, was = ([row for row in some if row["gifter"] == one["gifter"]] for some in (now, before))
        assert (one["gifts"], one["coins"]) == (len(mine), sum(map(worth, mine)))
        assert one["coins_before"] == sum(map(worth, was))
        assert one["lives"] == len({row["stream"] for row in mine if row["stream"]})
        assert one["largest_coins"] == max(map(worth, mine), default=0)
        if one["gifter"]:
            states = {(True, True): "stayed", (False, True): "gone"}
            late = "back" if one["gifter"] in earlier else "new"
            assert one["state"] == states.get((bool(mine), bool(was)), late)
    ranked = sorted((coins for name, coins in sums.items() if name), reverse=True)
    for without in told["without"]:
        assert without["their_coins"] == sum(ranked[: without["top"]])
        assert without["coins"] + without["their_coins"] == sum(sums.values())


@pytest.mark.parametrize("region", ["GB", "US"])
@pytest.mark.parametrize("where", ["files", "ledger"])
def test_every_hour_of_the_map_is_a_recount(world: tuple[list[Row], Path], where: str, region: str) -> None:
    """LIVEs with a gift in it, their coins, and the one in the middle."""
    rows, path = world
    told = ask(where, path, region, "schedule")
    starts: dict[str, datetime] = {}
    for row in rows:
        if row["stream"]:
            at = local(row, region)
            starts[row["stream"]] = min(starts.get(row["stream"], at), at)
    lives = {stream for stream, start in starts.items() if start.month == 10}
    cells: dict[tuple[str, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in in_month(rows, region):
        if row["stream"] in lives:
            at = local(row, region)
            cells[f"{at:%a}", at.hour][row["stream"]] += worth(row)
    assert told["lives"] == len(lives)
    assert {(cell["weekday"], cell["hour"]) for cell in told["cells"]} == cells.keys()
    for cell in told["cells"]:
        mine = cells[cell["weekday"], cell["hour"]]
        assert (cell["lives"], cell["coins"]) == (len(mine), sum(mine.values()))
        assert (cell["level"] > 0) == (len(mine) >= 3)
        if len(mine) >= 3:
            assert Fraction(cell["middle_coins"]) == Fraction(median(map(Fraction, mine.values())))
        else:
            assert cell["middle_coins"] is None
    days = sorted(
        {starts[stream].date() for stream in lives}
        | {max(local(r, region) for r in in_month(rows, region) if r["stream"] == s).date() for s in lives}
    )
    gaps = [(after - day).days - 1 for day, after in itertools.pairwise(days)]
    assert told["longest_gap_days"] == max([0, *gaps])


def test_a_plan_is_kept_by_a_live_that_begins_near_its_time(tmp_path: Path) -> None:
    """From half an hour before to an hour after; each LIVE keeps one time of the plan."""
    starts = (
        "2026-10-05T18:00:00Z",
        "2026-10-12T18:40:00Z",
        "2026-10-19T19:05:00Z",
        "2026-10-27T19:00:00Z",
    )  # in London BST, then GMT
    rows = [
        dict(zip(COLUMNS, (time, "ann", "Rose", "1", "1", f"e{number}", "fan", "5655", f"live{number}"), strict=True))
        for number, time in enumerate(starts)
    ]
    config = tmp_path / "config.yaml"
    config.write_text('creators: {ann: {schedule: ["mon 19:00", "tue 19:00, thu 21:30"]}}\n', encoding="utf-8")
    told = ask("files", written(tmp_path, rows), "GB", "schedule", "--config", str(config))
    # 19:00 and 19:40 of the Mondays 5 and 12; 20:05 of Monday 19 is too late; 19:00 of Tuesday 27.
    assert [(slot["slot"], slot["planned"], slot["done"]) for slot in told["plan"]] == [
        ("Mon 19:00", 4, 2), ("Tue 19:00", 4, 1), ("Thu 21:30", 4, 0),
    ]  # fmt: skip
    assert told["on_plan"] == {"n": 3, "others": 1, "middle_coins": None, "low": None, "high": None}


@pytest.mark.parametrize("where", ["files", "ledger"])
def test_a_combo_over_the_end_of_a_month_counts_where_its_frames_are(tmp_path: Path, where: str) -> None:
    """Of an event log: taps from two seconds before midnight in London on, of two fans; the gift is where it begins."""
    midnight = int(datetime(2026, 9, 30, 23, tzinfo=UTC).timestamp() * 1_000)
    sent = [
        Sent(midnight - 2_000, 1, "Rose", 5655, 1, 1, 5),
        Sent(midnight - 1_500, 2, "Doughnut", 5879, 30, 1, 4),
        Sent(midnight + 60_000, 1, "Galaxy", 5886, 1_000, 2, 1),
    ]
    lines = [json.dumps(connector_1(event)) for event in events(sent)]
    (tmp_path / "log.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    taps = {month: {"Rose": [0, 0], "Doughnut": [0, 0], "Galaxy": [0, 0]} for month in ("2026-09", "2026-10")}
    for gift in sent:
        for tap in range(gift.times):
            month = "2026-09" if gift.start + 900 * tap < midnight else "2026-10"
            taps[month][gift.gift][0] += gift.coins
            taps[month][gift.gift][1] += tap == 0
    assert all(0 < taps["2026-09"][name][0] < 5 * each for name, each in (("Rose", 1), ("Doughnut", 30)))
    env = {"DIAMONDCTL_LEDGER": str(tmp_path / "ledger")}
    files = [str(tmp_path / "log.jsonl")] if where == "files" else []
    if where == "ledger":
        assert run_here("import", str(tmp_path / "log.jsonl"), "--creator", "ann", **env).code == 0
    for month, gifts in taps.items():
        also = ("--creator", "ann", "--region", "GB", "-p", month, "--as-of", "2026-10-31", "--json")
        told = data(run_here("gifts", *files, *also, **env))["gifts"]
        assert {kind["gift"]: [kind["coins"], kind["gifts"]] for kind in told if kind["coins"]} == {
            name: numbers for name, numbers in gifts.items() if numbers[0]
        }
        people = data(run_here("gifters", *files, *also, **env))["gifters"]
        assert sum(one["coins"] for one in people) == sum(numbers[0] for numbers in gifts.values())
        assert all(one["gifter"] for one in people)
