"""Column names that are almost right: kept out in silence they would change the money, so they are refused with a remedy."""

from __future__ import annotations

import json

import pytest

from diamondctl.readers.gift_rows import COLUMNS, check_names, missing_problem
from tests.readers.plain import read_bytes
from tests.support import run

QUANTITIES = ("qty", "Count", "repeat_count", "repeatCount", "amount", "gift count", "combo-count", "gift_quantity", "repeat")


@pytest.mark.parametrize("name", QUANTITIES)
def test_another_name_of_the_quantity_is_refused_where_there_is_no_quantity(name: str) -> None:
    csv = f"timestamp,creator,gift,coins,{name}\n2026-10-31T20:15:00Z,mara,Rose,1,50\n"
    line = json.dumps({"timestamp": "2026-10-31T20:15:00Z", "creator": "mara", "gift": "Rose", "coins": 1, name: 50})
    for text, what in ((csv, "column"), (line, "key"), (f"[{line}]", "key")):
        result = read_bytes(text.encode())
        assert [(problem.code, problem.line) for problem in result.problems] == [("G003", 1)]
        assert result.problems[0].message == f"{what} '{name.casefold()}' looks like 'quantity'"
    beside = f"timestamp,creator,gift,coins,quantity,{name}\n2026-10-31T20:15:00Z,mara,Rose,1,5,50\n"
    assert [gift.quantity for gift in read_bytes(beside.encode()).gifts] == [5], "the quantity is there"


@pytest.mark.parametrize("name", ["price", "diamonds", "value", "total", "usd", "note", "gifter_id", "amount_usd"])
def test_names_that_change_nothing_beside_coins_are_only_kept_out(name: str) -> None:
    text = f"timestamp,creator,gift,coins,{name}\n2026-10-31T20:15:00Z,mara,Rose,7,50\n"
    result = read_bytes(text.encode())
    assert not result.problems
    assert [(gift.coins, gift.quantity) for gift in result.gifts] == [(7, 1)]


@pytest.mark.parametrize("name", ["diamonds", "diamond_count", "diamondCount", "price", "value", "coin_value"])
def test_where_coins_are_missing_the_column_that_may_hold_them_is_named(name: str) -> None:
    text = f"timestamp,creator,gift,{name}\n2026-10-31T20:15:00Z,mara,Rose,7\n"
    (problem,) = read_bytes(text.encode()).problems
    assert (problem.code, problem.message) == ("G001", "no column 'coins'")
    assert problem.hint.startswith(f"if '{name.casefold()}' holds the coins of one gift, rename it to coins; found: ")


def test_coin_is_a_misspelt_coins() -> None:
    (problem,) = read_bytes(b"timestamp,creator,gift,coin\n2026-10-31T20:15:00Z,mara,Rose,7\n").problems
    assert (problem.code, problem.message) == ("G003", "column 'coin' looks like 'coins'")


def test_an_object_without_any_key_says_that_nothing_was_found() -> None:
    (problem, *_) = read_bytes(b"[{}]").problems
    assert (problem.code, problem.hint) == ("G001", "found: nothing")


def test_known_names_are_never_other_names_of_each_other() -> None:
    assert check_names(COLUMNS, file="f", place=lambda index: (1, 1), what="column") == []
    assert missing_problem("creator", (), file="f", line=1, what="key").hint == "give --creator NAME, or add the key"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        "timestamp,creator,gift,coins\n2026-10-31T20:15:00Z,måra 美,Röschen,7\n",
        '[{"timestamp": "2026-10-31T20:15:00Z", "creator": "m", "gift": "Röschen", "coins": 7}]',
        "timestamp,creator,gift,coins\n2026-10-31T20:15:00Z,mara,Rose,7\n",
    ],
    ids=["CSV", "JSON", "ASCII"],
)
def test_utf16_without_its_mark_is_said_to_be_so_with_the_encoding_that_reads_it(codec: str, text: str) -> None:
    data = text.encode(codec)
    answer = run("summary", "-", "--region", "GB", stdin=data)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"stdin F005 this looks like UTF-16 without its mark (say so: --encoding {codec}, or save it as CSV UTF-8)\n"
    )
    assert run("summary", "-", "--region", "GB", "--encoding", codec, stdin=data).code == 0
