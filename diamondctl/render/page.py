"""The page of a report: tables and texts, one below the other, as they came in. Laying it out makes every text harmless."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from diamondctl.ratebook.entries import COINS, Units
from diamondctl.render import units as names
from diamondctl.render.tables import Laid, Line, Table, join, lay_out, notes, wrap

Clean = Callable[[str], str]
_HARD: Final = "\u00a0"
STROKES: Final = "█▒┃·"  # of pictures
_PLAIN: Final = str.maketrans(STROKES, "#=|.")


class Texts(NamedTuple):
    """Sentences of a page, each wrapped by itself and led by `mark`; `kind` as of `Line`."""

    texts: tuple[str, ...]
    kind: str = "note"
    mark: str = ""
    wrapped: bool = True


class Words(NamedTuple):
    """The words of a title, each of which stays whole."""

    words: tuple[str, ...]


# Parts of a tuple stand close together; a callable makes parts that fit a width.
Part = Table | Texts | Words | tuple[Table | Texts, ...] | Callable[[int | None], Sequence[Any]]


class Page(NamedTuple):
    """What a report shows to people. `closing` stands close below the last of its parts; `units` are those of its platform."""

    parts: Sequence[Part]
    closing: str = ""
    units: Units = COINS

    def lay(self, width: int | None, rule: str, clean: Clean) -> Laid:
        """In lines of at most `width` cells, with a blank line between parts; empty ones vanish."""
        laid = join([_lay(_named(part, self.units), width, rule, clean) for part in self.parts])
        return Laid((*laid.parts, *notes([clean(self.closing)] if self.closing else [], width, kind="closing").parts))


def said(*texts: str, kind: str = "note", mark: str = "") -> Texts:
    """Sentences; blank ones vanish."""
    return Texts(tuple(text for text in texts if text), kind, mark)


def _named(part: Part, units: Units) -> Part:
    """A part in the words of a platform."""
    if units == COINS:
        return part
    if isinstance(part, Table):
        columns = tuple(column._replace(header=names.said(column.header, units)) for column in part.columns)
        # A first column without a header, or of steps, holds labels of ours.
        labels = bool(part.columns) and part.columns[0].header in ("", "Step")
        rows = tuple(
            tuple(names.cell(cell, units, label=labels and index == 0) for index, cell in enumerate(row)) for row in part.rows
        )
        return Table(columns, rows, names.said(part.title, units))
    if isinstance(part, Texts):
        return part._replace(texts=tuple(names.said(text, units) for text in part.texts))
    if isinstance(part, Words):
        return part
    if callable(part):
        return lambda width: [_named(fitting, units) for fitting in part(width)]
    return tuple(item for one in part if isinstance(item := _named(one, units), Table | Texts))


def _lay(part: Part, width: int | None, rule: str, clean: Clean) -> Laid:
    if isinstance(part, Table):
        columns = tuple(column._replace(header=clean(column.header)) for column in part.columns)
        plain = [column.drawn and rule == "-" for column in columns]
        rows = tuple(
            tuple(clean(cell.translate(_PLAIN) if to_plain else cell) for cell, to_plain in zip(row, plain, strict=True))
            for row in part.rows
        )
        return lay_out(Table(columns, rows, clean(part.title)), width, rule)
    if isinstance(part, Texts):
        texts = [clean(text) for text in part.texts]
        return notes(texts, width if part.wrapped else None, kind=part.kind, mark=part.mark)
    if isinstance(part, Words):
        # Their own blanks are hidden from `wrap` as hard ones, and two more set them apart.
        glued = " ".join(clean(text).replace(" ", _HARD) + _HARD * 2 for text in part.words if text)
        lines = wrap(glued, None if width is None else width + 2)
        return Laid(tuple(Line("title", line.replace(_HARD, " ").rstrip()) for line in lines))
    if callable(part):
        return join([_lay(fitting, width, rule, clean) for fitting in part(width)])
    return Laid(tuple(item for one_part in part for item in _lay(one_part, width, rule, clean).parts))
