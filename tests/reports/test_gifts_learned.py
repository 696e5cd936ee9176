"""What logs say of prices: by id, with the days and how often, and nothing of who sent what."""

from __future__ import annotations

import json
from pathlib import Path

from tests.live import GUEST, Sent, events, fan_id, handle, log
from tests.support import run

DAY = 86_400_000
START = 1_790_000_000_000  # 2026-09-21


def sent(gift: str, gift_id: int, coins: int, day: int = 0, times: int = 1) -> Sent:
    """A gift that comes once, on a day of the log."""
    return Sent(START + day * DAY, 1, gift, gift_id, coins, 2, times)


def learn(
    tmp_path: Path, *logs: tuple[int, list[Sent]]
) -> tuple[int, dict[str, tuple[str, int | None, list[dict[str, object]]]]]:
    """Exit code, and by id: verdict, the catalogue's price, prices."""
    names = []
    for number, (room, gifts) in enumerate(logs):
        (tmp_path / f"{number}.jsonl").write_text(log("connector-1", events(gifts)).replace("73900", f"7390{room}"), "utf-8")
        names.append(f"{number}.jsonl")
    result = run("rates", "gifts", "learn", *names, "--json", cwd=tmp_path)
    gifts_of = json.loads(result.out)["data"]["gifts"]
    return result.code, {gift["gift_id"]: (gift["verdict"], gift["listed"], gift["prices"]) for gift in gifts_of}


def test_new_known_other_and_conflicting_prices(tmp_path: Path) -> None:
    code, found = learn(
        tmp_path,
        (1, [sent("Lion", 6369, 29_999), sent("Moon", 99_999_901, 99), sent("Rose", 5655, 2), sent("Star", 99_999_902, 7)]),
        (2, [sent("Moon", 99_999_901, 99, day=3), sent("Star", 99_999_902, 8, day=3)]),
    )
    assert code == 1, "a price differs, and logs disagree"
    assert found["6369"][:2] == ("known", 29_999)
    assert found["5655"][:2] == ("differs", 1)
    verdict, listed, (moon,) = found["99999901"]
    assert (verdict, listed) == ("new", None)
    assert moon == {"name": "Moon", "coins": 99, "first_seen": "2026-09-21", "last_seen": "2026-09-24", "n": 2}
    assert (found["99999902"][0], [price["coins"] for price in found["99999902"][2]]) == ("conflict", [7, 8])


def test_the_same_message_in_two_logs_counts_once(tmp_path: Path) -> None:
    gifts = [sent("Moon", 99_999_901, 99)]
    code, found = learn(tmp_path, (1, gifts), (1, gifts))
    assert (code, found["99999901"][2][0]["n"]) == (0, 1)


def test_the_file_is_a_catalogue_that_holds_nobody(tmp_path: Path) -> None:
    gifts = [sent('Mo"on \\ 🌙\x1b[2J', 99_999_901, 99), sent("Star", 99_999_902, 7), sent("Star", 99_999_902, 8)]
    (tmp_path / "log.jsonl").write_text(log("connector-1", events(gifts)), "utf-8")
    done = run("rates", "gifts", "learn", "log.jsonl", "-o", "gifts.yaml", cwd=tmp_path)
    assert done.code == 1, done.err
    text = (tmp_path / "gifts.yaml").read_text("utf-8")
    for name in (fan_id(1), handle(1), "Fan 1", GUEST, "mara"):
        assert name not in text
    checked = run("rates", "check", "gifts.yaml", "--strict", cwd=tmp_path)
    assert checked.code == 0, checked.out
    assert "R133 notice: gift 99999902" in checked.out
    # It stands beside the shipped one and prices a log that leaves the coins out.
    rates = tmp_path / "mine"
    rates.mkdir()
    (rates / "gifts.yaml").write_text(text, "utf-8")
    bare = log("connector-1", events(gifts[:1])).replace('"diamondCount": 99, ', "")
    (tmp_path / "bare.jsonl").write_text(bare, "utf-8")
    report = run(
        "summary",
        "bare.jsonl",
        "--creator",
        "mara",
        "--region",
        "US",
        "--share",
        "48",
        "--rates",
        "mine",
        "--json",
        cwd=tmp_path,
    )
    assert json.loads(report.out)["data"]["accounts"][0]["figures"]["coins"]["now"]["low"] == "99", report.err


def test_gifts_without_an_id_are_no_prices(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(
        "timestamp,creator,gift,coins,gift_id\n2026-10-03T20:15:00Z,mara,Rose,1,5655\n2026-10-03T20:15:00Z,mara,Rose,1,\n",
        "utf-8",
    )
    result = run("rates", "gifts", "learn", "g.csv", cwd=tmp_path)
    assert result.code == 0
    assert "1 gifts carry coins and no id: left out, for a name is no key." in result.out
