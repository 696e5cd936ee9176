"""Rows that are events of combos: whatever their flag is called, they fold, or they are asked about; they are never gifts."""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl.readers import combo_flags
from tests.cases import people

# A flag of a combo, and what it says in a row that goes on and in one that ends.
FLAGS: Final = {
    "repeatEnd": ("false", "true"),
    "gift_repeat_end": ("0", "1"),
    "StreakFinished": ("False", "True"),
    "comboState": ("Active", "Finished"),
    "is combo over": ("no", "yes"),
    "isFinal": ("", "1"),
    "streaking": ("True", "False"),
    "comboActive": ("1", "0"),
    "racha_terminada_fin": ("false", "true"),
}
# Names of time, sender, gift, coins and count in tables that people have.
NAMES: Final = (
    ("timestamp", "uniqueId", "giftName", "diamondCount", "repeatCount"),
    ("date_time", "nickname", "gift_name", "gift_diamondCount", "gift_repeat_count"),
    ("Zeitpunkt", "Absender", "Geschenk", "Münzen", "Anzahl"),
    ("received_at", "sender_unique_id", "gift", "coins", "count"),
)
PRICES: Final = {"Rose": 1, "Perfume": 20, "Galaxy": 1_000}


class Sent(NamedTuple):
    """One gift, and how many of it."""

    sender: str
    gift: str
    times: int


sessions = st.lists(
    st.builds(Sent, st.sampled_from(("ana", "bo")), st.sampled_from(tuple(PRICES)), st.integers(1, 9)), min_size=2, max_size=5
).filter(lambda sent: any(gift.times > 1 for gift in sent))


def frames(sent: list[Sent], flag: str) -> list[tuple[str, str, str, int, int, str]]:
    """Every tap of every gift, minutes apart, and the frame that ends each combo."""
    goes_on, ends = FLAGS[flag]
    rows = []
    for minute, gift in enumerate(sent):
        for second, count in enumerate((*range(1, gift.times + 1), gift.times)):
            said = ends if second == gift.times else goes_on
            at = f"2026-10-10T18:{5 * minute:02}:{second:02}Z"
            rows.append((at, gift.sender, gift.gift, PRICES[gift.gift], count, said))
    return rows


def worth(sent: list[Sent]) -> int:
    """Coins of a session: those of the last count of each combo."""
    return sum(PRICES[gift.gift] * gift.times for gift in sent)


@given(sessions, st.sampled_from(tuple(FLAGS)), st.sampled_from(NAMES))
@settings(max_examples=8)
def test_a_table_of_frames_is_proposed_as_events_and_folds(sent: list[Sent], flag: str, names: tuple[str, ...]) -> None:
    table = people.row(*names, flag) + "".join(people.row(*cells) for cells in frames(sent, flag))
    code, proposal = people.sniff(table)
    assert (code, "kind: events" in proposal) == (0, True)
    told = people.sniffed(table)
    assert (told.code, told.gifts, told.coins) == (0, len(sent), worth(sent))


@given(sessions, st.sampled_from(tuple(FLAGS)))
@settings(max_examples=8)
def test_a_profile_of_gifts_refuses_a_table_of_frames(sent: list[Sent], flag: str) -> None:
    names = NAMES[0]
    table = people.row(*names, flag) + "".join(people.row(*cells) for cells in frames(sent, flag))
    mine = "columns: {timestamp: timestamp, gift: giftName, coins: diamondCount, quantity: repeatCount, gifter: uniqueId}\n"
    told = people.read({"x.csv": table, "p.yaml": "schema: 1\nname: x\nkind: gifts\nfile: csv\n" + mine})
    assert told.code == 2
    assert f"E009 '{flag}' looks like the end flag of combos" in told.said


@given(sessions, st.sampled_from(tuple(FLAGS)))
@settings(max_examples=8)
def test_the_plain_format_with_a_flag_is_no_list_of_gifts(sent: list[Sent], flag: str) -> None:
    rows = frames(sent, flag)
    table = people.row("timestamp", "gifter", "gift", "coins", "quantity", flag) + "".join(people.row(*cells) for cells in rows)
    told = people.read({"x.csv": table})
    assert (told.code, "E009" in told.said) == (2, True)
    # As objects they are events, and folded as such.
    keys = ("timestamp", "gifter", "gift", "coins", "quantity", flag)
    told = people.read({"x.json": json.dumps([dict(zip(keys, cells, strict=True)) for cells in rows])})
    assert (told.code, told.gifts, told.coins) == (0, len(sent), worth(sent))


def test_rows_of_which_each_ends_a_combo_are_gifts() -> None:
    """A table that was filtered by its flag holds nothing else."""
    rows = "2026-10-10T18:00:00Z,ana,Rose,1,7,true\n2026-10-10T18:05:00Z,bo,Rose,1,3,true\n"
    table = "timestamp,gifter,gift,coins,quantity,repeatEnd\n" + rows
    told = people.read({"x.csv": table})
    assert (told.code, told.gifts, told.coins) == (0, 2, 10)


CLIMB: Final = "time,user,gift,coins,count\n" + "".join(f"2026-10-10T18:00:0{n}Z,ana,Rose,1,{n}\n" for n in range(1, 6))
BY_HAND: Final = (
    "schema: 1\nname: x\nkind: gifts\nfile: csv\n"
    "columns: {timestamp: time, gift: gift, coins: coins, quantity: count, gifter: user}\n"
)


def test_counts_that_climb_are_asked_about_and_a_person_may_say_that_they_are_gifts() -> None:
    """1 to 5 Roses within seconds are five taps of one combo, or five gifts: 5 coins or 15."""
    assert "climb step by step" in people.read({"x.csv": CLIMB, "p.yaml": BY_HAND}).said
    code, proposal = people.sniff(CLIMB)
    assert (code, "no column says where a combo ends" in proposal) == (3, True)
    told = people.read({"x.csv": CLIMB, "p.yaml": BY_HAND + "combos: folded\n"})
    assert (told.code, told.gifts, told.coins) == (0, 5, 15)


def test_gifts_of_growing_counts_minutes_apart_are_gifts() -> None:
    far = "time,user,gift,coins,count\n" + "".join(f"2026-10-10T18:0{n}:00Z,ana,Rose,1,{n}\n" for n in range(1, 6))
    told = people.read({"x.csv": far, "p.yaml": BY_HAND})
    assert (told.code, told.gifts, told.coins) == (0, 5, 15)


def go(cells: tuple[str, str, str, int, int, str]) -> dict[str, Any]:
    """An event as a Go program writes it: names begin with capitals, and say little."""
    at, sender, gift, price, count, end = cells
    return {
        "Name": gift, "Cost": price, "RepeatCount": count, "RepeatEnd": end == "true", "Type": 1, "Timestamp": at,
        "User": {"Username": sender},
    }  # fmt: skip


def sharp(cells: tuple[str, str, str, int, int, str]) -> dict[str, Any]:
    """An event as a C# program writes it."""
    at, sender, gift, price, count, end = cells
    return {
        "Gift": {"Name": gift, "DiamondCost": price, "IsStreakable": True}, "Sender": {"UniqueId": sender},
        "Amount": count, "StreakFinished": end == "true", "TimeStamp": at,
    }  # fmt: skip


def java(cells: tuple[str, str, str, int, int, str]) -> dict[str, Any]:
    """An event as a Java program writes it: the count is called combo."""
    at, sender, gift, price, count, end = cells
    state = "Finished" if end == "true" else "Begin" if count == 1 else "Active"
    return {
        "gift": {"name": gift, "diamondCost": price},
        "user": {"name": sender},
        "combo": count,
        "comboState": state,
        "at": at,
    }


@pytest.mark.parametrize("program", [go, sharp, java])
@given(sent=sessions)
@settings(max_examples=6)
def test_logs_of_programs_in_other_languages_fold(program: Any, sent: list[Sent]) -> None:
    log = "".join(json.dumps(program(cells)) + "\n" for cells in frames(sent, "repeatEnd"))
    told = people.read({"x.jsonl": log})
    assert (told.code, told.gifts, told.coins) == (0, len(sent), worth(sent))


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_says_what_it_says(name: str) -> None:
    goes_on, ends = FLAGS[name]
    assert combo_flags.is_over(name, ends) is True
    assert not combo_flags.is_over(name, goes_on)


@pytest.mark.parametrize(
    "name", ["repeatCount", "comboId", "streak_count", "gift_name", "weekend", "friend", "sender", "state", "combo"]
)
def test_other_names_are_no_flags(name: str) -> None:
    assert combo_flags.role(name) == ""
