"""Profiles, and what came of testing them, as screens, JSON and rows. Takes plain values: `readers` lies beside `render`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from diamondctl.render.tables import Column, Laid, Table, lay_out, notes
from diamondctl.render.view import Clean, View, records
from diamondctl.words import counted


class Listed(Protocol):
    """What is shown of a profile."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def columns(self) -> dict[str, tuple[str, ...]]: ...
    @property
    def file(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def sha256(self) -> str: ...


class Tested(Protocol):
    """What came of one test."""

    @property
    def profile(self) -> str: ...
    @property
    def sample(self) -> str: ...
    @property
    def gifts(self) -> int: ...
    @property
    def answer(self) -> str: ...
    @property
    def detail(self) -> str: ...


def list_view(profiles: Sequence[Listed]) -> View:
    """`profile list`."""
    rows = [_row(profile) for profile in profiles]
    return View(
        lambda width, rule, clean: _list_screen(rows, width, rule, clean),
        lambda: {"schema": "diamondctl.profile-list/1", "complete": True, "data": {"profiles": rows}, "warnings": []},
        lambda: records([row | {"columns": " ".join(row["columns"])} for row in rows], tuple(_KEYS)),
    )


_KEYS = ("name", "kind", "form", "columns", "file", "origin", "sha256")


def _row(profile: Listed) -> dict[str, Any]:
    return {key: list(profile.columns) if key == "columns" else getattr(profile, key) for key in _KEYS}


def _list_screen(rows: Sequence[dict[str, Any]], width: int | None, rule: str, clean: Clean) -> Laid:
    columns = (
        Column("Profile", figure=False),
        Column("Kind", figure=False),
        Column("File", figure=False),
        Column("Columns", figure=False, drop=1),
        Column("From", figure=False),
    )
    cells = tuple(
        (clean(row["name"]), row["kind"], row["form"], ", ".join(row["columns"]), clean(f"{row['origin']}, {row['file']}"))
        for row in rows
    )
    if not cells:
        return notes(["No profile. Propose one: diamondctl profile sniff FILE"], width)
    return lay_out(Table(columns, cells), width, rule)


def test_view(results: Sequence[Tested]) -> View:
    """`profile test`."""
    rows: list[dict[str, Any]] = [
        {key: getattr(result, key) for key in ("profile", "sample", "gifts", "answer", "detail")} for result in results
    ]
    good = all(row["answer"] in ("ok", "written") for row in rows)
    return View(
        lambda width, rule, clean: _test_screen(rows, width, rule, clean),
        lambda: {"schema": "diamondctl.profile-test/1", "complete": good, "data": {"results": rows}, "warnings": []},
        lambda: records(rows, ("profile", "sample", "gifts", "answer", "detail"), ("gifts",)),
    )


def _test_screen(rows: Sequence[dict[str, Any]], width: int | None, rule: str, clean: Clean) -> Laid:
    columns = (
        Column("Profile", figure=False),
        Column("Sample", figure=False),
        Column("Gifts", right=True),
        Column("Answer", figure=False),
        Column("Detail", figure=False),
    )
    cells = tuple(
        (clean(row["profile"]), clean(row["sample"]) or "-", f"{row['gifts']:,}", row["answer"], clean(row["detail"]))
        for row in rows
    )
    bad = sum(row["answer"] not in ("ok", "written") for row in rows)
    closing = f"{counted(len(rows), 'profile')}: {len(rows) - bad:,} ok, {bad:,} not."
    return Laid((*lay_out(Table(columns, cells), width, rule).parts, *notes([closing], width).parts))
