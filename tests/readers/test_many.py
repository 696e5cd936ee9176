"""Many files at once are what the strict reader makes of them one by one, or are left to it."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.desk.chosen import Chosen, Material
from diamondctl.desk.file_usage import read_files
from diamondctl.problems import Refusal
from diamondctl.readers import many
from diamondctl.readers.engines import Doubt
from diamondctl.readers.gift_rows import Settings
from tests.readers.tables import TYPED, write_csv, write_parquet
from tests.readers.test_fast_csv import BAD, CLEAN, GOOD, HEADER
from tests.support import run

Row = tuple[str, ...]
# Cells by which rows of one id may differ and still be one gift.
BLANKS = {name: ("", dict(zip(HEADER, CLEAN, strict=True))[name] or "x1") for name in ("gift_id", "stream", "gifter")}


class World(NamedTuple):
    """Files of one person, and how they are looked at."""

    files: tuple[tuple[str, tuple[Row, ...]], ...]  # csv, text or typed; rows
    only: str
    creator: str


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Two or three files that share some of their gifts; rarely something is wrong with one."""
    gifts = []
    for number in range(draw(st.integers(1, 8))):
        cells = {name: draw(st.sampled_from(GOOD[name])) for name in HEADER}
        cells["event_id"] = draw(
            st.sampled_from(
                (
                    f"e{number}",
                    f"74000000000000012{number:02}",
                    f"3f2504e0-4f89-11d3-9a0c-0305e82c33{number:02}",
                    f"1e{number + 14}",
                )
            )
        )
        cells["timestamp"] = draw(st.sampled_from((*GOOD["timestamp"], f"2026-10-31T20:{number:02}:00Z")))
        if int(cells["coins"]) * int(cells["quantity"] or 1) > 10**15:
            cells["coins"] = "7"
        if draw(st.integers(0, 39)) == 0:
            name = draw(st.sampled_from(HEADER))
            cells[name] = draw(st.sampled_from([cell for cell in BAD[name] if "\0" not in cell and "\n" not in cell]))
        gifts.append(cells)
    files = []
    for _ in range(draw(st.integers(1, 3))):
        rows = []
        for gift in draw(st.lists(st.sampled_from(gifts), max_size=6)):
            cells = {**gift, **{name: draw(st.sampled_from(cells)) for name, cells in BLANKS.items() if draw(st.booleans())}}
            if draw(st.integers(0, 59)) == 0:
                cells["coins"] = "5"
            if draw(st.integers(0, 59)) == 0:
                cells["event_id"] = ""
            rows.append(tuple(cells[name] for name in HEADER))
        files.append((draw(st.sampled_from(("csv", "text", "typed"))), tuple(rows)))
    return World(tuple(files), draw(st.sampled_from(("", "", "mara"))), draw(st.sampled_from(("", "", "noor"))))


def written(world: World, folder: Path) -> tuple[str, ...]:
    """The files of a world, where their cells allow it."""
    names = []
    for number, (form, rows) in enumerate(world.files):
        path = folder / f"f [{number}] é.{'csv' if form == 'csv' else 'parquet'}"
        if form == "csv":
            write_csv(path, HEADER, rows)
        else:
            try:
                write_parquet(path, HEADER, rows, TYPED if form == "typed" else {})
            except Exception:  # a cell that the type does not hold
                write_parquet(path, HEADER, rows, {})
        names.append(str(path))
    return tuple(names)


def chosen(world: World, names: tuple[str, ...], *, fast: bool) -> Chosen:
    """The options of a run over a world."""
    rows = Settings(creator=world.only or world.creator)
    return Chosen(files=names, region="US", given_region="US", creator=world.only, rows=rows, fast=fast)


def outcome(options: Chosen) -> Material | tuple[str, ...]:
    """What comes of it: the material, or every problem."""
    try:
        return read_files(options)
    except Refusal as refusal:
        return tuple(map(str, refusal.problems))


@given(worlds())
def test_many_files_at_once_are_what_the_strict_reader_makes_of_them(
    tmp_path_factory: pytest.TempPathFactory, world: World
) -> None:
    """Usage, documents, notices and refusals."""
    names = written(world, tmp_path_factory.mktemp("many"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(many, "WORTH_IT", 0)
        at_once = outcome(chosen(world, names, fast=True))
    assert at_once == outcome(chosen(world, names, fast=False))


def clean(count: int, first: int = 0, **changed: str) -> list[Row]:
    """Clean rows; the last has other cells."""
    cells = dict(zip(HEADER, CLEAN, strict=True))
    return [
        tuple((cells | {"event_id": f"e{number}"} | (changed if number == first + count - 1 else {})).values())
        for number in range(first, first + count)
    ]


def taken(folder: Path, *files: tuple[str, list[Row]]) -> many.Many:
    """What `many` reads of these files."""
    world = World(tuple((form, tuple(rows)) for form, rows in files), "", "")
    return many.read(written(world, folder), Settings())


def test_clean_files_that_overlap_are_taken(tmp_path: Path) -> None:
    """Or the agreement would be an empty promise."""
    found = taken(tmp_path, ("csv", clean(10)), ("typed", clean(10, first=5)), ("text", clean(3, first=20)))
    assert [(file.rows, file.new, file.known) for file in found.documents] == [(10, 10, 0), (10, 5, 5), (3, 3, 0)]
    assert sum(row.gifts for row in found.usage) == 18
    assert found.known_coins == 10


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("csv", clean(2, coins="1.0"))], "1 rows that are not plainly clean"),
        ([("csv", clean(2)), ("typed", clean(2, event_id=""))], "rows without event_id"),
        ([("csv", clean(2)), ("text", clean(2, coins="9"))], "the same id with other contents"),
        ([("csv", clean(2, creator="ma\u0301ra"))], "not written in the normal form"),
        ([("csv", clean(2, stream="7400000000000000000"))], "a stream that needs a closer look"),
        ([("csv", clean(2, gift="two\nlines"))], "is not plainly clean"),
    ],
)
def test_what_is_left_to_the_strict_reader_is_named(tmp_path: Path, files: list[tuple[str, list[Row]]], words: str) -> None:
    """With its file, for who asked for an engine beyond this machine."""
    with pytest.raises(Doubt, match=words):
        taken(tmp_path, *files)


@pytest.mark.parametrize("line", ["a,b", '2026-10-31T20:15:00Z,"mara,Rose,1', "2026-10-31T20:15:00Z,mara,Rose,1,e9,more"])
def test_lines_that_are_no_rows_are_left_to_the_strict_reader(tmp_path: Path, line: str) -> None:
    """Whatever the engine makes of them."""
    for name in ("a", "b"):
        (tmp_path / f"{name}.csv").write_text(
            f"timestamp,creator,gift,coins,event_id\n2026-10-31T20:15:00Z,mara,Rose,1,{name}\n{line}\n"
        )
    with pytest.raises(Doubt):
        many.read((str(tmp_path / "a.csv"), str(tmp_path / "b.csv")), Settings())


def test_an_engine_that_is_not_there_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And options that say nothing without it are refused."""
    monkeypatch.setitem(__import__("sys").modules, "pyspark", None)
    write_csv(tmp_path / "a.csv", HEADER, clean(2))
    file = str(tmp_path / "a.csv")
    missing = run("summary", file, "--region", "US", "--engine", "spark")
    assert (missing.code, "A027 Spark is not installed here" in missing.err) == (2, True)
    for words in (("--engine", "flink"), ("--master", "spark://here:7077")):
        assert run("summary", file, "--region", "US", *words).code == 2
