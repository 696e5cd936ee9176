"""A report in one of its formats: what `-o` writes and the library saves."""

from __future__ import annotations

from typing import Final, NamedTuple

from diamondctl.render.formats import Format
from diamondctl.render.page import DEFAULT, Manner
from diamondctl.render.view import View, select


class Rows(NamedTuple):
    """Which flat rows, and which of their columns: as `--columns`, `--sort` and `--limit` say it."""

    columns: str = ""
    sort: str = ""
    limit: int = 0  # 0: all


EVERY_ROW: Final = Rows()


def written(format: Format, view: View, manner: Manner = DEFAULT, rows: Rows = EVERY_ROW) -> str | bytes:
    """A report in one of its formats."""
    if format.write is None:
        return view.texts[format.name]()
    if format.takes == "page":
        return format.write(view.page(), manner)
    if format.takes == "document":
        return format.write(view.document())
    return format.write(select(view.records(), *rows))
