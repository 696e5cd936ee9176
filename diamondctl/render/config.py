"""The settings in all their forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from diamondctl.config.keys import key_text
from diamondctl.config.values import Key
from diamondctl.render.tables import Column, Laid, Line, Table, join, lay_out, notes
from diamondctl.render.view import Clean, Records, View, records


class Shown(NamedTuple):
    """One setting as it holds for commands; `value` blank: not set."""

    key: Key
    value: str
    start: date | None
    origin: str  # flag | environment | config | default
    name: str = ""  # of the flag or the variable
    file: str = ""
    line: int = 0

    @property
    def where(self) -> str:
        """Where the value comes from, in words."""
        if self.origin == "config":
            return f"{self.file}:{self.line}"
        return f"{self.origin} {self.name}" if self.name else self.origin


def show_view(shown: Sequence[Shown], file: str, exists: bool, origin: bool) -> View:
    """`config show`."""
    return View(
        lambda width, rule, clean: _screen(shown, file, exists, origin, width, rule, clean),
        lambda: document(shown, file, exists),
        lambda: flat(shown),
    )


def get_view(shown: Sequence[Shown], file: str, exists: bool) -> View:
    """`config get`: on the screen the value alone, for scripts; a dated one line by line with its day."""
    return View(
        lambda width, rule, clean: Laid(tuple(Line("row", clean(_value(item))) for item in shown if item.value)),
        lambda: document(shown, file, exists),
        lambda: flat(shown),
    )


def _value(item: Shown) -> str:
    return f"{item.value} from {item.start}" if item.start else item.value


def _screen(shown: Sequence[Shown], file: str, exists: bool, origin: bool, width: int | None, rule: str, clean: Clean) -> Laid:
    columns = [Column("Setting", figure=False), Column("Value", figure=False)]
    if origin:
        columns.append(Column("From", figure=False))
    rows = [(clean(key_text(item.key)), clean(_value(item)) or "-", *([clean(item.where)] if origin else [])) for item in shown]
    title = clean(f"Settings: {file}" if exists else f"Settings: {file or 'no file'} (not there yet)")
    hint = [] if exists else ["Nothing is set in a file yet: diamondctl init"]
    return join([lay_out(Table(tuple(columns), tuple(rows), title), width, rule), notes(hint, width)])


def document(shown: Sequence[Shown], file: str, exists: bool) -> dict[str, Any]:
    """`diamondctl.config-show/1`."""
    return {
        "schema": "diamondctl.config-show/1",
        "complete": True,
        "data": {
            "file": file or None,
            "exists": exists,
            "settings": [
                {
                    "key": key_text(item.key),
                    "value": item.value or None,
                    "from": str(item.start) if item.start else None,
                    "origin": item.origin,
                    "name": item.name or None,
                    "file": item.file or None,
                    "line": item.line or None,
                }
                for item in shown
            ],
        },
        "warnings": [],
    }


COLUMNS = ("key", "value", "from", "origin", "name", "file", "line")


def flat(shown: Sequence[Shown]) -> Records:
    """One row per setting."""
    rows: list[dict[str, object]] = [
        {
            "key": key_text(item.key),
            "value": item.value,
            "from": item.start,
            "origin": item.origin,
            "name": item.name,
            "file": item.file,
            "line": item.line or None,
        }
        for item in shown
    ]
    return records(rows, COLUMNS, ("line",))
