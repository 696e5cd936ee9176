"""Tables that cannot cut a figure. Measure first; wrap texts; drop whole columns that hold no figure and say which; then
switch to one record per block. Without a width (a pipe, a file) nothing is ever limited.

`lay_out` decides; `Laid.text` is the plain form, and `screen` makes Rich tables of the same grid where there is colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from rich.cells import cell_len

GAP: Final = 2
_NARROWEST_TEXT: Final = 14


class Column(NamedTuple):
    """`figure` columns are never wrapped, dropped or cut. `drop` orders the others: the highest goes first, 0 never."""

    header: str
    right: bool = False
    figure: bool = True
    drop: int = 0
    drawn: bool = False  # its cells are pictures


class Table(NamedTuple):
    """Cells are text that went through `clean` and number formatting already."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    foot: int = 0  # of the rows, the last ones that sum up
    whole: bool = False  # it is no list: every row belongs to the answer

    @property
    def listed(self) -> int:
        """How many rows a screen may leave out."""
        return 0 if self.whole else len(self.rows) - self.foot


class Line(NamedTuple):
    """One finished line; `kind` (title, label, row, note, warning, closing) is what a style hangs on."""

    kind: str
    text: str


class Grid(NamedTuple):
    """A table whose columns and widths are decided; a cell is the list of its lines."""

    columns: tuple[Column, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[list[str], ...], ...]
    rule: str

    @property
    def headed(self) -> bool:
        """Whether a column has a header; a grid without any begins with its rows."""
        return any(column.header for column in self.columns)

    def lines(self) -> list[str]:
        """The grid as plain text."""
        gap = " " * GAP
        total = sum(self.widths) + GAP * (len(self.widths) - 1)
        lines = [self._line([column.header for column in self.columns], gap), self.rule * total] if self.headed else []
        for row in self.rows:
            for level in range(max(map(len, row))):
                lines.append(self._line([cell[level] if level < len(cell) else "" for cell in row], gap))
        return lines

    def _line(self, cells: list[str], gap: str) -> str:
        parts = [pad(cell, width, column.right) for cell, width, column in zip(cells, self.widths, self.columns, strict=True)]
        return gap.join(parts).rstrip()


class Laid(NamedTuple):
    """What will be printed, in order."""

    parts: tuple[Line | Grid, ...]

    @property
    def height(self) -> int:
        """In lines."""
        return sum(len(part.lines()) if isinstance(part, Grid) else 1 for part in self.parts)

    def text(self) -> str:
        """As plain text."""
        lines: list[str] = []
        for part in self.parts:
            lines += part.lines() if isinstance(part, Grid) else [part.text.rstrip()]
        return "".join(line + "\n" for line in lines)


def pad(text: str, width: int, right: bool) -> str:
    """`text` padded to `width` terminal cells."""
    space = " " * max(width - cell_len(text), 0)
    return space + text if right else text + space


def wrap(text: str, width: int | None, indent: str = "") -> list[str]:
    """Lines of at most `width` cells, broken at spaces only: a word (a path, a figure) is never broken."""
    if width is None or cell_len(text) <= width:
        return [text]
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        candidate = f"{line} {word}" if line else word
        if line.strip() and cell_len(candidate) > width:
            lines.append(line)
            candidate = indent + word
        line = candidate
    return [*lines, line]


def lay_out(table: Table, width: int | None, rule: str = "─") -> Laid:
    """Choose the form that fits `width` cells and make its lines."""
    title = [Line("title", line) for line in wrap(table.title, width)] if table.title else []
    shown = list(range(len(table.columns)))
    dropped: list[int] = []
    while True:
        widths = _fit(table, shown, width)
        if widths is not None:
            return Laid((*title, _grid(table, shown, widths, rule), *_dropped_note(table, dropped, width)))
        candidates = [i for i in shown if table.columns[i].drop and not table.columns[i].figure]
        if not candidates:
            return Laid((*title, *_blocks(table, width)))
        worst = max(candidates, key=lambda i: table.columns[i].drop)
        shown.remove(worst)
        dropped.append(worst)


def _fit(table: Table, shown: list[int], width: int | None) -> list[int] | None:
    """Column widths that fit, wrapping texts if need be; None when they cannot."""
    natural = [max([cell_len(table.columns[i].header), *(cell_len(row[i]) for row in table.rows)]) for i in shown]
    if width is None:
        return natural
    least = list(natural)
    for position, index in enumerate(shown):
        column = table.columns[index]
        if not column.figure:
            longest = max((cell_len(word) for row in table.rows for word in row[index].split(" ")), default=0)
            least[position] = min(natural[position], max(longest, cell_len(column.header), _NARROWEST_TEXT))
    over = sum(natural) + GAP * (len(shown) - 1) - width
    if sum(least) + GAP * (len(shown) - 1) > width:
        return None
    for _ in range(over):
        # The widest text gives one cell at a time, so that long texts share the burden.
        giving = [p for p in range(len(shown)) if natural[p] > least[p]]
        natural[max(giving, key=lambda p: natural[p])] -= 1
    return natural


def _grid(table: Table, shown: list[int], widths: list[int], rule: str) -> Grid:
    rows = tuple(
        tuple([row[i]] if table.columns[i].figure else wrap(row[i], width) for i, width in zip(shown, widths, strict=True))
        for row in table.rows
    )
    return Grid(tuple(table.columns[i] for i in shown), tuple(widths), rows, rule)


def _dropped_note(table: Table, dropped: list[int], width: int | None) -> list[Line]:
    if not dropped:
        return []
    names = ", ".join(table.columns[i].header for i in sorted(dropped))
    return [Line("note", line) for line in wrap(f"Not shown at this width: {names}", width)]


def _blocks(table: Table, width: int | None) -> list[Line]:
    """One record per block: the first column names it, every other cell stands on its own line."""
    lines = [Line("title", line) for line in wrap(table.columns[0].header, width)] if not table.title else []
    lines = lines if table.columns[0].header and len(table.columns) > 1 else []
    label_width = max((cell_len(column.header) for column in table.columns[1:]), default=0)
    for row in table.rows:
        lines += [Line("label", line) for line in wrap(row[0] or table.columns[0].header, width)]
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            if not cell:
                continue
            head = f"  {pad(column.header, label_width, False)}  "
            if width is None or cell_len(head) + cell_len(cell) <= width:
                lines.append(Line("row", head + cell))
            else:
                lines += [Line("row", "  " + line) for line in wrap(column.header, width - 2)]
                inside = [cell] if column.figure else wrap(cell, width - 4)
                lines += [Line("row", "    " + line) for line in inside]
    return lines


def notes(texts: Sequence[str], width: int | None, *, kind: str = "note", mark: str = "") -> Laid:
    """Sentences below a table, each wrapped by itself and led by `mark`."""
    lines: list[Line] = []
    for text in texts:
        lines += [Line(kind, line) for line in wrap(mark + text, width, " " * len(mark))]
    return Laid(tuple(lines))


def join(parts: Sequence[Laid]) -> Laid:
    """Parts with a blank line between them; empty ones vanish."""
    lines: list[Line | Grid] = []
    for part in parts:
        if lines and part.parts:
            lines.append(Line("row", ""))
        lines += part.parts
    return Laid(tuple(lines))
