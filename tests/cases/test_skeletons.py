"""Sniff leaves something to start from: every column, what it believes, what is missing, and what is open when it is used."""

from __future__ import annotations

import json
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import people

NAMES: Final = st.lists(
    st.text(st.characters(categories=["L", "N"], include_characters=" _-"), min_size=1, max_size=14)
    .map(str.strip)
    .filter(bool),
    min_size=2, max_size=8, unique_by=lambda name: name.casefold(),
)  # fmt: skip


@given(NAMES, st.sampled_from((",", ";", "\t")), st.integers(0, 3))
@settings(max_examples=20)
def test_a_skeleton_names_every_column(names: list[str], mark: str, rows: int) -> None:
    table = mark.join(names) + "\n" + (mark.join("x" for _ in names) + "\n") * rows
    code, proposal = people.sniff(table)
    if "F012" in proposal:
        return  # a kind of file that is known
    assert code == 3
    for name in names:
        assert f"'{name}'" in proposal or f'"{name}"' in proposal
    told = people.read({"x.csv": table, "p.yaml": proposal})
    assert (told.code, told.said.count("P007 still to decide: ")) == (2, proposal.count("\n  - '"))


@pytest.mark.parametrize(
    "spelled",
    [
        str.upper,
        str.title,
        lambda name: name.replace("_", " "),
        lambda name: name.replace("_", ""),
        lambda name: f" {name} ",
        lambda name: name.replace("_", "-"),
    ],
)
def test_names_are_compared_without_case_blanks_and_strokes(spelled: object) -> None:
    names = ["received_at", "sender_name", "gift_name", "diamond_count", "repeat_count"]
    assert callable(spelled)
    table = people.row(*map(spelled, names)) + "2026-10-11 18:00:05Z,ana,Rose,7,3\n"
    told = people.sniffed(table)
    assert (told.code, told.gifts, told.coins) == (0, 1, 21)


def test_what_is_missing_is_said_for_each_column() -> None:
    code, proposal = people.sniff("Wann,Was\n2026-10-03 10:00,Rose\n")
    assert code == 3
    for field in ("gift", "coins"):
        assert f"  - '{field}: no column" in proposal
    assert "'Was', such as 'Rose'" in proposal


def test_objects_too() -> None:
    code, proposal = people.sniff(json.dumps([{"alpha": 1, "beta": {"gamma": "x"}}]), "x.json")
    assert (code, "'alpha', such as '1'" in proposal, "'beta.gamma', such as 'x'" in proposal) == (3, True, True)
