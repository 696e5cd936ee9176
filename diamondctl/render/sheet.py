"""A designed page for a browser and for paper: one file of HTML that asks for nothing elsewhere and needs no script.

A sheet is made of chapters, each of sentences, pictures and the tables behind them. Templates write all markup, and nothing
in a text can be markup: every one passes `clean` and is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from diamondctl.render.pictures import Picture
from diamondctl.render.tables import Table
from diamondctl.render.text import clean
from diamondctl.render.typeset import pieces, pixels_of, typeset
from diamondctl.reports.remark import Brief, Command

_GAP: Final = 12  # pixels between columns
_WIDTHS: Final = (("widest", 660), ("wide", 320))
_FOLDER: Final = Path(__file__).parent / "templates"


def size_of(text: str, width: int, largest: int) -> int:
    """The largest size in which a text fits a width."""
    return min(largest, width * 128 // max(pixels_of(text) * 10, 1))


class Cell(NamedTuple):
    """A figure or a text, and what stands small below it."""

    text: str
    small: tuple[str, ...] = ()


class Row(NamedTuple):
    """A row; `strip` is a picture of it below the cells."""

    cells: tuple[Cell, ...]
    strip: Picture | None = None
    total: bool = False


class Head(NamedTuple):
    """A column."""

    text: str
    right: bool


class Grid(NamedTuple):
    """A table with what it is of."""

    heads: tuple[Head, ...]
    rows: tuple[Row, ...]
    title: str = ""
    quiet: bool = False  # of what stands behind, in small type

    @property
    def fit(self) -> str:
        """Below which width its rows are set as blocks: `wide` on a phone, `widest` everywhere."""
        widths = [max(map(pixels_of, head.text.split()), default=0) for head in self.heads]
        for row in self.rows:
            for at, cell in enumerate(row.cells):
                parts = [cell.text] if self.heads[at].right else cell.text.split()
                widths[at] = max([widths[at], *map(pixels_of, parts)])
        pixels = sum(widths) + _GAP * (len(widths) - 1)
        return next((name for name, most in _WIDTHS if pixels > most), "wide" if self.quiet else "")


class Tile(NamedTuple):
    """A key figure."""

    label: str
    figure: str
    unit: str = ""
    notes: tuple[str, ...] = ()


class Chapter(NamedTuple):
    """A part of the page."""

    key: str
    title: str
    lead: str = ""
    picture: Picture | None = None
    grids: tuple[Grid, ...] = ()
    notes: tuple[str, ...] = ()
    legend: tuple[tuple[str, str], ...] = ()  # tone, what it means


class Sheet(NamedTuple):
    """The whole page."""

    title: str
    kicker: tuple[str, ...]
    answer: str
    remarks: tuple[Brief, ...]  # what would make the figures better
    tiles: tuple[Tile, ...]
    chapters: tuple[Chapter, ...]
    closing: str
    moved: str = ""  # what made much of it


def grid(
    table: Table,
    small: Mapping[int, int] = MappingProxyType({}),
    strips: Sequence[Picture | None] = (),
    totals: Sequence[bool] = (),
    quiet: bool = False,
) -> Grid:
    """A table of a report as it is set on a page. Columns of `small` stand below the figures of others, where those are."""
    every = range(len(table.columns))
    shown = [index for index in every if index not in small]
    below: dict[int, list[int]] = {}
    for index in every:
        if index in small:
            below.setdefault(small[index], []).append(index)
    rows = []
    for number, row in enumerate(table.rows):
        cells = [Cell(row[at], tuple(row[index] for index in below.get(at, ()) if row[index])) for at in shown]
        strip = strips[number] if number < len(strips) else None
        strip = strip if strip is not None and strip.boxes else None
        rows.append(Row(tuple(cells), strip, number < len(totals) and totals[number]))
    heads = tuple(Head(table.columns[at].header, table.columns[at].right) for at in shown)
    return Grid(heads, tuple(rows), table.title, quiet)


@cache
def _templates() -> Environment:
    found = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=lambda value: value if hasattr(value, "__html__") else clean(str(value)),
    )
    found.filters |= {"typeset": typeset, "pieces": pieces}
    found.tests["command"] = lambda text: isinstance(text, Command)
    return found


def written(template: str, **values: Any) -> str:
    """What a template makes of some values."""
    return _templates().get_template(template).render(**values)


def as_html(sheet: Sheet) -> str:
    """The page."""
    return written("sheet.html.j2", sheet=sheet)
