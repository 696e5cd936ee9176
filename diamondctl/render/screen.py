"""Printing what `tables` laid out: with Rich where the stream takes colour, else as plain text. Both show the same cells."""

from __future__ import annotations

import os
from typing import NamedTuple, TextIO

from diamondctl.render.tables import Grid, Laid, pad

_STYLES = {"title": "bold", "label": "bold", "note": "dim", "warning": "yellow", "closing": "dim", "error": "red"}

# A line under the header and nothing else.
_BOX = "    \n    \n rr \n    \n    \n    \n    \n    \n"


class Screen(NamedTuple):
    """One output stream and what it can show. `width` None: no limit."""

    stream: TextIO
    width: int | None
    colour: bool
    encoding: str
    height: int | None = None  # of a terminal

    @property
    def rule(self) -> str:
        """The character of horizontal lines."""
        return "─" if self.encoding.lower().replace("-", "") in ("utf8", "utf16") else "-"

    def show(self, laid: Laid) -> None:
        """Print."""
        self.stream.write(rich_text(laid) if self.colour else laid.text())


def screen_of(stream: TextIO, colour: str, environ: dict[str, str]) -> Screen:
    """What a stream can show. `colour` is auto, always or never; NO_COLOR, TERM=dumb and COLUMNS are honoured.

    A terminal limits the width; a pipe does not, unless COLUMNS is set.
    """
    terminal = stream.isatty()
    columns = environ.get("COLUMNS", "")
    # More than anybody's screen has, and more digits than a number may have, is no width at all.
    width: int | None = int(columns) if columns.isdecimal() and len(columns) <= 5 and 0 < int(columns) <= 10_000 else None
    if width is None and terminal:
        try:
            width = os.get_terminal_size(stream.fileno()).columns or 80
        except (OSError, ValueError):
            width = 80
    height = _height(stream, environ) if terminal else None
    wanted = terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    return Screen(stream, width, colour == "always" or (colour == "auto" and wanted), stream.encoding or "ascii", height)


def _height(stream: TextIO, environ: dict[str, str]) -> int:
    lines = environ.get("LINES", "")
    if lines.isdecimal() and 0 < len(lines) <= 5 and int(lines):
        return int(lines)
    try:
        return os.get_terminal_size(stream.fileno()).lines or 24
    except (OSError, ValueError):
        return 24


def rich_text(laid: Laid) -> str:
    """The lines with colour, made by Rich. Cells enter as `Text`, so markup, emoji codes and highlighting are off."""
    from io import StringIO

    from rich.box import Box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    out = StringIO()
    # The grid fits already: Rich gets all the room it wants and so has no reason to cut.
    console = Console(file=out, force_terminal=True, width=100_000, color_system="standard", legacy_windows=False)
    for part in laid.parts:
        if not isinstance(part, Grid):
            console.print(Text(part.text.rstrip(), _STYLES.get(part.kind, "")), soft_wrap=True)
            continue
        box = Box(_BOX.replace("r", part.rule), ascii=part.rule == "-")
        # One cell of padding and one for the invisible divider make the gap of `tables.GAP`.
        table = Table(box=box, show_edge=False, padding=(0, 1, 0, 0), pad_edge=False, header_style="bold", border_style="dim")
        table.show_header = part.headed
        for column, width in zip(part.columns, part.widths, strict=True):
            table.add_column(Text(pad(column.header, width, column.right)), width=width, no_wrap=True, overflow="ignore")
        for row in part.rows:
            cells = zip(row, part.widths, part.columns, strict=True)
            table.add_row(*(Text("\n".join(pad(line, w, column.right) for line in cell)) for cell, w, column in cells))
        console.print(table)
    return out.getvalue()
