"""Ids dressed for spreadsheets are the bare ids, in files and ledger; a gift to a guest is never the host's."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import people

DRESSES: Final = ('"=""{}"""', "'{}", '" {} "', '"{}\t"', "\u00a0{}", '" ""{}"""'.replace('""', ""))
ids = st.integers(10**18, 9 * 10**18).map(str).filter(lambda text: not text.endswith("000"))


def table(dress: str, event: str, gifter: str, stream: str, gift_id: str, *, with_ids: bool) -> str:
    """One gift, its ids dressed."""
    cells = [dress.format(text) for text in ((event,) if with_ids else ()) + (gifter, stream, gift_id)]
    header = people.row("timestamp", "gift", "coins", *(("event_id",) if with_ids else ()), "gifter", "stream", "gift_id")
    return header + people.row("2026-10-03T20:15:00Z", "Rose", 7, *cells)


@given(ids, ids, ids, ids, st.sampled_from(DRESSES), st.booleans())
@settings(max_examples=8)
def test_dressed_and_bare_ids_are_one_gift(event: str, gifter: str, stream: str, gift: str, dress: str, with_ids: bool) -> None:
    bare, dressed = (table(how, event, gifter, stream, gift, with_ids=with_ids) for how in ("{}", dress))
    told = people.read({"bare.csv": bare, "dressed.csv": dressed})
    assert (told.code, told.gifts, told.coins) == (0, 1, 7)
    number = 4 if with_ids else 3
    assert f'dressed.csv: {number} ids dressed for a spreadsheet (="...", an apostrophe, a tab or blanks)' in told.said
    assert "bare.csv: " not in told.said


@pytest.mark.parametrize("cell", ["=7390000000000003001", "=A1", '"=HYPERLINK(""x"")"'])
def test_a_formula_is_no_id(cell: str) -> None:
    told = people.read({"x.csv": f"timestamp,gift,coins,event_id\n2026-10-03T20:15:00Z,Rose,7,{cell}\n"})
    assert (told.code, "is a formula of a spreadsheet, not an id" in told.said) == (2, True)


def test_names_are_never_trimmed() -> None:
    """What is no long number is a name, and a name may begin with anything."""
    table = "timestamp,gift,coins,gifter\n2026-10-03T20:15:00Z,Rose,7,fan\n2026-10-03T20:15:00Z,Rose,7,'fan\n"
    assert people.read({"x.csv": table}).gifts == 2


# Guests

HOST: Final = "6900000000000006000"
GUEST: Final = "6900000000000006199"  # one double stands for both: only exact ids tell them apart
RECEIVERS: Final = (
    lambda to: {"receiverUserId": to},
    lambda to: {"toUserId": to},
    lambda to: {"to_user_id": to},
    lambda to: {"toUser": {"id": to}},
    lambda to: {"to_user": {"user_id": to}},
    lambda to: {"giftExtra": {"toUserId": to}},
)


def log(*receivers: dict[str, Any], host: dict[str, Any] | None = None) -> str:
    """The room and its host, and one gift of ten coins to each of these."""
    owner = {"display_id": "mara", "id_str": HOST} if host is None else host
    lines = [{"event": "roomInfo", "data": {"roomId": "7390000000000006100", "roomInfo": {"owner": owner}}}]
    for number, to in enumerate(receivers):
        gift = {
            "giftId": 999_010, "giftName": "Puffin", "giftType": 2, "diamondCount": 10, "repeatCount": 1, "repeatEnd": 1,
            "userId": "6800000000000006101", "msgId": f"73900000000000061{number:02}",
            "createTime": str(1_791_400_000_000 + number),
            "roomId": "7390000000000006100",
        }  # fmt: skip
        lines.append({"event": "gift", "data": gift | to})
    return "".join(json.dumps(line) + "\n" for line in lines)


@given(st.lists(st.sampled_from(("host", "guest", "0", "", None, 0)), min_size=1, max_size=6), st.sampled_from(RECEIVERS))
@settings(max_examples=8)
def test_a_blank_receiver_is_the_host_and_a_guest_never_is(receivers: list[Any], spelled: Any) -> None:
    names = {"host": HOST, "guest": GUEST}
    told = people.read({"x.jsonl": log(*(spelled(names.get(to, to)) for to in receivers))}, creator="")
    mine = sum(to != "guest" for to in receivers)
    if not mine:
        assert (told.code, "F009" in told.said) == (2, True)
        return
    assert (told.code, told.gifts, told.coins) == (0, mine, 10 * mine)
    guests = len(receivers) - mine
    assert (f"Gifts to another receiver than the creator are not counted ({10 * guests} coins)" in told.said) == bool(guests)


def test_a_host_whose_id_was_rounded_is_still_known() -> None:
    """JavaScript prints 6900000000000006100 as 6900000000000006000: as a number that may be meant."""
    exact = "6900000000000006100"
    told = people.read(
        {
            "x.jsonl": log(
                {"toUserId": exact}, {"toUserId": "6900000000000999199"}, host={"display_id": "mara", "id": 6900000000000006000}
            )
        },
        creator="",
    )
    assert (told.gifts, told.coins) == (1, 10)
