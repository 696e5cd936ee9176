"""Spreadsheets: the text of every cell, and workbooks made to do harm refused before anything large is built."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers import archives, recognise, xlsx
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.sources import Source
from diamondctl.records import Gift
from tests import workbooks
from tests.workbooks import HEAD, Cell, sheet, workbook

HEADER: list[Cell] = ["timestamp", "creator", "gift", "coins", "quantity", "event_id"]
ROW: list[Cell] = [(46_326.84375, 1), "mara", "Rose", 1, 3, "7390000000000000117"]


def rows(data: bytes, name: str = "S") -> list[tuple[int, list[str]]]:
    """Lines and texts of a sheet."""
    book = xlsx.Workbook(archives.Archive("x.xlsx", io.BytesIO(data)))
    return [(row.line, row.cells) for row in book.rows(name)]


def read(data: bytes, creator: str = "") -> tuple[list[Gift], list[tuple[str, int, int]]]:
    """Gifts, and codes with places of problems."""
    log = ProblemLog()
    gifts: list[Gift] = []
    try:
        source = Source("x.xlsx", io.BytesIO(data), "utf-8", len(data))
        recognise.read(source, Settings(creator), log, gifts.append)
    except Refusal as refusal:
        return gifts, [(problem.code, problem.line, problem.column) for problem in refusal.problems]
    return gifts, [(problem.code, problem.line, problem.column) for problem in log.problems]


def test_the_plain_format_in_a_sheet_is_read_as_it_is_in_a_csv() -> None:
    (gift,), problems = read(workbook({"S": sheet([HEADER, ROW])}))
    assert problems == []
    assert (gift.time, gift.creator, gift.coins, gift.quantity, gift.line) == (1_793_477_700_000_000, "mara", 1, 3, 2)
    assert gift.event_id == "7390000000000000117"


def test_cells_come_as_texts_whatever_holds_them() -> None:
    shared: list[str] = []
    xml = sheet([["a", " b ", None, "ü<&"], [], [1, 2.5, (46_326.5, 1), (46_326.0, 2), (0.75, 3)]], shared=shared)
    assert rows(workbook({"S": xml}, shared=shared)) == [
        (1, ["a", " b ", "", "ü<&"]),
        (3, ["1", "2.5", "2026-10-31 12:00:00", "2026-10-31", "18:00:00"]),
    ]
    rich = xml.replace(
        "</sheetData>", '<row r="9"><c r="B9" t="inlineStr"><is><r><t>x</t></r><r><t>y</t></r></is></c></row></sheetData>'
    )
    assert rows(workbook({"S": rich}, shared=shared))[-1] == (9, ["", "xy"])


def test_a_workbook_that_counts_from_1904_does() -> None:
    book = f'{HEAD}<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>'
    data = workbook({"S": sheet([[(44_864.5, 1)]])}, extra={"xl/workbook.xml": book})
    assert rows(data) == [(1, ["2026-10-31 12:00:00"])]


def test_the_sheet_that_has_the_columns_is_the_one() -> None:
    assert len(read(workbook({"About": sheet([["x"]]), "Gifts": sheet([["October"], HEADER, ROW])}))[0]) == 1


def test_a_long_id_that_became_a_number_is_refused_with_its_cell() -> None:
    assert read(workbook({"S": sheet([HEADER, [*ROW[:5], 7.39e18]])}))[1] == [("G032", 2, 6)]


FORMULA = '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c></row></sheetData>'
ENTITY = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
PLAIN = sheet([HEADER, ROW])


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (workbook({"S": PLAIN.replace("</sheetData>", FORMULA)}), "X002", (2, 1)),
        (workbook({"S": ENTITY}), "X004", (0, 0)),
        (workbook({"S": PLAIN}, extra={"xl/sharedStrings.xml": ENTITY}), "X004", (0, 0)),
        (workbook({"S": PLAIN}, extra={"xl/workbook.xml": ENTITY}), "X004", (0, 0)),
        (workbook({"S": PLAIN.replace('r="A2"', 'r="XFD2"')}), "X003", (2, 0)),
        (workbook({"S": PLAIN.replace('row r="2"', 'row r="1048576"')}), "X003", (1_048_576, 0)),
        (workbook({"S": PLAIN[:-30]}), "X001", (0, 0)),
        (workbook({"S": "<a>" * 100 + "</a>" * 100}), "X001", (0, 0)),
        (workbook({}), "X001", (0, 0)),
        (workbook({"S": sheet([["a", "b"]])}), "F008", (1, 0)),
        (workbook({"S": PLAIN})[:-40], "Z001", (0, 0)),
        (workbook({"S": PLAIN.replace("</sheetData>", " " * 3_000_000 + "</sheetData>")}), "Z003", (0, 0)),
    ],
)
def test_a_hostile_or_broken_workbook_is_refused(data: bytes, code: str, place: tuple[int, int]) -> None:
    assert read(data)[1][0] == (code, *place)


def test_a_member_with_a_broken_checksum_is_refused() -> None:
    data = bytearray(
        workbooks.archive({"xl/_rels/workbook.xml.rels": "<x>xxxx</x>", "xl/workbook.xml": ""}, zipfile.ZIP_STORED)
    )
    data[data.index(b"xxxx")] = ord("y")
    assert read(bytes(data))[1][0][0] == "Z001"


@given(st.binary(max_size=60), st.integers(0, 3_000), st.integers(0, 40))
def test_any_bytes_in_a_workbook_give_gifts_or_problems(noise: bytes, at: int, drop: int) -> None:
    data = workbook({"S": PLAIN})
    read(data[:at] + noise + data[at + drop :], "mara")


@given(st.text("<>/abcrs=\"0123456789' &;", max_size=80), st.integers(0, 600))
def test_any_text_in_a_sheet_gives_gifts_or_problems(noise: str, at: int) -> None:
    read(workbook({"S": PLAIN[:at] + noise + PLAIN[at:]}), "mara")
