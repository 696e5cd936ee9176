"""The settings in all their forms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from diamondctl.config.values import Key
from diamondctl.render import shape as f
from diamondctl.render.moved import MOVED, moved_parts, moved_text
from diamondctl.render.page import Page, Part, Texts, said
from diamondctl.render.view import View
from diamondctl.reports.moved import Moved
from diamondctl.words import counted, key_text


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


class Settings(NamedTuple):
    """Some settings, and the file where they stand or would stand."""

    settings: Sequence[Shown]
    file: str
    exists: bool


def _value(item: Shown) -> str:
    return f"{item.value} from {item.start}" if item.start else item.value


SETTING: f.Fields = (
    f.Field("key", of=lambda item: key_text(item.key), title="Setting"),
    f.Field("value", title="Value", show=lambda item: _value(item) or "-", maybe=True),
    f.Field("from", f.DAY, "start", maybe=True),
    f.Field("origin", f.word("flag", "environment", "config", "default"), title="From", show=lambda item: item.where),
    f.Field("name", maybe=True),
    f.Field("file", maybe=True),
    f.Field("line", f.COUNT, lambda item: item.line or None, maybe=True),
)


def _settings(report: Settings) -> str:
    """The report in one sentence."""
    there = report.file if report.exists else f"{report.file or 'no file'} (not there yet)"
    given = sum(item.origin != "default" and bool(item.value) for item in report.settings)
    return f"{given:,} of {counted(len(report.settings), 'setting')} set: {there}"


DOCUMENT = f.Document(
    "config-show",
    (f.Field("file", maybe=True), f.Field("exists", f.FLAG), f.Field("settings", f.many(SETTING))),
    SETTING,
    answer=_settings,
)


class Changed(NamedTuple):
    """A setting that was changed, and what that moved; None: there is no ledger."""

    item: Shown
    moved_there: Moved | None
    dry_run: bool = False  # it was not changed

    @property
    def moved(self) -> Moved:
        """What it moved in the ledger."""
        return self.moved_there or Moved()


_CHANGED: f.Fields = f.under("item", f.pick(SETTING, "key", "value", "from", "file", "line"))
CHANGED = f.Document("config-set", (*_CHANGED, MOVED, f.Field("dry_run", f.FLAG)), _CHANGED)


def set_view(report: Changed) -> View:
    """`config set` and `unset`."""
    item = report.item
    since = f" from {item.start}" if item.start else ""
    text = f"{key_text(item.key)} is {_value(item)}, {item.where}"
    text = text if item.value else f"{key_text(item.key)}{since} is no longer set in {item.file}"
    dry = ("Dry run, nothing was changed. It would be so:",) if report.dry_run else ()
    page = [Texts((*dry, text), "row", wrapped=False), *changed_parts(report.moved_there)]
    return CHANGED.view(report, lambda: page, lambda: [report])


def changed_parts(there: Moved | None) -> list[Part]:
    """What a change of settings moved."""
    return [] if there is None else [said(moved_text(there)), *moved_parts(there)]


def moved_view(there: Moved) -> View:
    """What a new config moved, for a screen."""
    view = DOCUMENT.view(Settings((), "", True), list, tuple)
    return view._replace(page=lambda: Page(changed_parts(there)))


def show_view(report: Settings, origin: bool) -> View:
    """`config show`."""
    hint = said("" if report.exists else "Nothing is set in a file yet: diamondctl init")
    columns = f.pick(SETTING, "key", "value", *(["origin"] if origin else []))
    page = f.table(columns, report.settings)
    return DOCUMENT.view(report, lambda: [page, hint], lambda: report.settings)


def get_view(report: Settings) -> View:
    """`config get`: on the screen the value alone, for scripts; a dated one line by line with its day."""
    values = Texts(tuple(_value(item) for item in report.settings if item.value), "row", wrapped=False)
    view = DOCUMENT.view(report, list, lambda: report.settings)
    return view._replace(page=lambda: Page([values]))
