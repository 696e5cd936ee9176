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


SHEETS: Final = (
    "Thời gian;Người gửi;Quà;Xu;Số lượng\n20:15:00 3/10/2026;ana;Rose;1;5\n09:05:10 13/10/2026;bo;Galaxy;1000;1\n",
    'Waktu,Pengirim,Hadiah,Koin,Jumlah\n"3/10/2026, 20.15.00",ana,Rose,1,5\n"13/10/2026, 09.05.10",bo,Galaxy,1000,1\n',
    "시간,보낸사람,선물,코인,수량\n2026. 10. 3. 오후 8:15:00,ana,Rose,1,5\n2026. 10. 13. 오전 9:05:10,bo,Galaxy,1000,1\n",
    "日時,ユーザー,ギフト名,コイン,個数\n2026/10/3 20:15:00,ana,Rose,1,5\n2026/10/13 9:05:10,bo,Galaxy,1000,1\n",
    "วันที่,ผู้ส่ง,ของขวัญ,เหรียญ,จำนวน\n3/10/2569 20:15:00,ana,Rose,1,5\n13/10/2569 09:05:10,bo,Galaxy,1000,1\n",
    "Data,Hora,Usuário,Presente,Moedas,Quantidade\n03/10/2026,20:15:00,ana,Rose,1,5\n13/10/2026,09:05:10,bo,Galaxy,1000,1\n",
    "Fecha;Hora;Usuario;Regalo;Monedas;Cantidad\n3/10/2026;20:15;ana;Rose;1;5\n13/10/2026;9:05;bo;Galaxy;1.000;1\n14/10/2026;9:05;bo;Rose;1;1\n",
)


@pytest.mark.parametrize("sheet", SHEETS)
def test_sheets_of_the_countries_with_rates_are_proposed_whole(sheet: str) -> None:
    told = people.sniffed(sheet, period="2026-10")
    if "1.000" in sheet:
        assert (told.code, "thousands: point or decimal: point" in told.said) == (3, True)
    else:
        assert (told.code, told.gifts, told.coins) == (0, 2, 1_005)
