"""The page of a report: its answer, tables and texts, one below the other, as they came in.

Laying it out makes every text harmless, and decides how much is shown: the answer and what follows from it, or with `-v` also
what it rests on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

from rich.cells import cell_len

from diamondctl.ratebook.entries import COINS, Units
from diamondctl.render import units as names
from diamondctl.render.tables import Laid, Line, Table, join, lay_out, notes, wrap
from diamondctl.reports.remark import Brief, Command, Fresh, briefs
from diamondctl.words import counted

Clean = Callable[[str], str]
_HARD: Final = "\u00a0"
STROKES: Final = "█▒┃·░"  # of pictures
_PLAIN: Final = str.maketrans(STROKES, "#=|.-")
_MOST: Final = 3  # remarks on a default screen
_LEAST: Final = 3  # rows of a list
_LONG: Final = 10  # rows that are worth more than a second remark
_OURS: Final = ("", "Step", "Figure")  # headers of columns of labels


class Texts(NamedTuple):
    """Sentences of a page, each wrapped by itself and led by `mark`; `kind` as of `Line`. In one that is a `Brief` no command
    is broken.
    """

    texts: tuple[str | Brief, ...]
    kind: str = "note"
    mark: str = ""
    wrapped: bool = True
    drawn: bool = False  # has characters of pictures


class Words(NamedTuple):
    """The words of a title, each of which stays whole."""

    words: tuple[str, ...]


# Parts of a tuple stand close together; a callable makes parts that fit a width.
Part = Table | Texts | Words | tuple[Table | Texts, ...] | Callable[[int | None], Sequence[Any]]


class Manner(NamedTuple):
    """How much of a page is shown. `height` is that of a terminal, on which line 1 has to stay; `rows` of its list are shown:
    0 is all, None as many as leave it there.
    """

    verbose: bool = False
    quiet: bool = False
    height: int | None = None
    rows: int | None = None


DEFAULT: Final = Manner()


class Page(NamedTuple):
    """What a report shows to people. `closing` stands close below the last of its parts.

    Of its warnings and notes a default screen has one sentence for each cause; all of them stand below the `evidence`.
    """

    parts: Sequence[Part]
    closing: str = ""
    answer: str = ""
    evidence: Callable[[], Sequence[Part]] = tuple
    warnings: Sequence[str] = ()
    notes: Sequence[str] = ()
    units: Units = COINS  # of the platform

    def lay(self, width: int | None, rule: str, clean: Clean, manner: Manner = DEFAULT) -> Laid:
        """In lines of at most `width` cells, with a blank line between parts; empty ones vanish."""

        def laid(rows: int, remarks: int = _MOST) -> Laid:
            parts = join(
                [_lay(_cut(_named(part, self.units), rows), width, rule, clean) for part in self._shown(manner, width, remarks)]
            )
            closing = notes([clean(self.closing)] if self.closing else [], width, kind="closing")
            return Laid((*parts.parts, *closing.parts))

        whole = laid(manner.rows or 0)
        if manner.rows is not None or manner.verbose or manner.height is None:
            return whole
        rows = max((part.listed for part in fitting(self.parts, width) if isinstance(part, Table)), default=0)
        remarks = _MOST
        while (over := whole.height - manner.height + 2) > 0 and (rows > _LEAST or remarks > 1):
            if rows > _LONG or (rows > _LEAST and remarks == 1):
                rows = max(rows - over, _LONG if rows > _LONG else _LEAST)
            else:
                remarks -= 1
            whole = laid(rows, remarks)
        return whole

    def _shown(self, manner: Manner, width: int | None, remarks: int) -> list[Part]:
        parts: list[Part] = [said(self.answer, kind="title"), *fitting(self.parts, width)]
        if manner.verbose:
            warnings, hints = said(*self.warnings, kind="warning", mark="! "), said(*self.notes, mark="- ")
            return [*parts, *self.evidence(), warnings, hints]
        told = briefs(self.warnings if manner.quiet else (*self.warnings, *self.notes))
        more = len(self.warnings) + len(self.notes) - sum(count for _, count in told[:remarks])
        rest = [f"{counted(more, 'more remark')}: -v"] if more and not manner.quiet else []
        return [*parts, Texts((*(brief for brief, _ in told[:remarks]), *rest))]


def fitting(parts: Sequence[Part], width: int | None) -> list[Part]:
    """The same with what callables make of a width."""
    return [made for part in parts for made in (fitting(part(width), width) if callable(part) else [part])]


def said(*texts: str | Brief, kind: str = "note", mark: str = "") -> Texts:
    """Sentences; blank ones vanish."""
    return Texts(tuple(text for text in texts if text), kind, mark)


def _named(part: Part, units: Units) -> Part:
    """A part in the words of a platform."""
    if units == COINS:
        return part
    if isinstance(part, Table):
        # A first column of labels of ours may have a name for its header.
        labels = bool(part.columns) and (part.whole or part.columns[0].header in _OURS)
        columns = tuple(
            column if labels and not index else column._replace(header=names.said(column.header, units))
            for index, column in enumerate(part.columns)
        )
        rows = tuple(
            tuple(names.cell(cell, units, label=labels and index == 0) for index, cell in enumerate(row)) for row in part.rows
        )
        return part._replace(columns=columns, rows=rows, title=names.said(part.title, units))
    if isinstance(part, Texts):
        return part._replace(texts=tuple(_words(text, units) for text in part.texts))
    if isinstance(part, Words):
        return part
    if callable(part):
        return lambda width: [_named(fitting, units) for fitting in part(width)]
    return tuple(item for one in part if isinstance(item := _named(one, units), Table | Texts))


def _words(text: str | Brief, units: Units) -> str | Brief:
    """A sentence in the words of a platform; what is typed stays as it is."""
    if isinstance(text, str):
        return names.said(text, units)
    return tuple(piece if isinstance(piece, Command | Fresh) else names.said(piece, units) for piece in text)


def _cut(part: Part, rows: int) -> Part:
    """A list with at most so many rows, and how many more there are; 0: all."""
    if not rows or not isinstance(part, Table) or part.listed <= rows:
        return part
    foot = part.rows[part.listed :] if part.foot else ()
    return (part._replace(rows=(*part.rows[:rows], *foot)), said(f"{part.listed - rows:,} more: --limit 0"))


def _lay(part: Part, width: int | None, rule: str, clean: Clean) -> Laid:
    if isinstance(part, Table):
        columns = tuple(column._replace(header=clean(column.header)) for column in part.columns)
        plain = [column.drawn and rule == "-" for column in columns]
        rows = tuple(
            tuple(clean(cell.translate(_PLAIN) if to_plain else cell) for cell, to_plain in zip(row, plain, strict=True))
            for row in part.rows
        )
        return lay_out(part._replace(columns=columns, rows=rows, title=clean(part.title)), width, rule)
    if isinstance(part, Texts):
        if part.drawn and rule == "-":
            plain_texts = (text.translate(_PLAIN) if isinstance(text, str) else text for text in part.texts)
            part = part._replace(texts=tuple(plain_texts))
        limit = width if part.wrapped else None
        texts = [
            said
            for text in part.texts
            for said in ([_glued(line, limit, clean) for line in _lines(text)] if isinstance(text, tuple) else [clean(text)])
        ]
        laid = notes(texts, limit, kind=part.kind, mark=part.mark)
        return Laid(tuple(line._replace(text=line.text.replace(_HARD, " ")) for line in laid.parts if isinstance(line, Line)))
    if isinstance(part, Words):
        # Their own blanks are hidden from `wrap` as hard ones, and two more set them apart.
        glued = " ".join(clean(text).replace(" ", _HARD) + _HARD * 2 for text in part.words if text)
        lines = wrap(glued, None if width is None else width + 2)
        return Laid(tuple(Line("title", line.replace(_HARD, " ").rstrip()) for line in lines))
    if callable(part):
        return join([_lay(one, width, rule, clean) for one in fitting([part], width)])
    return Laid(tuple(item for one_part in part for item in _lay(one_part, width, rule, clean).parts))


def _lines(brief: Brief) -> list[Brief]:
    """A sentence in pieces that begin lines of their own."""
    starts = [0, *(index for index, piece in enumerate(brief) if index and isinstance(piece, Fresh)), len(brief)]
    return [brief[start:end] for start, end in pairwise(starts)]


def _glued(brief: Brief, width: int | None, clean: Clean) -> str:
    """A sentence in which the blanks of a command are hard ones. One that no line can hold goes on after a backslash."""
    pieces = []
    for piece in brief:
        text = clean(piece)
        if isinstance(piece, Command):
            lines = [text] if width is None else wrap(text, width if cell_len(text) <= width else width - 2)
            text = f"{_HARD}\\ ".join(line.replace(" ", _HARD) for line in lines)
        pieces.append(text)
    return " ".join(pieces)
