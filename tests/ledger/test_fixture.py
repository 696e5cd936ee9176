"""Ledgers that earlier versions wrote: every figure, undo and all the rest work on them for ever.

A fixture is made once, by `tests/ledger/make_fixture.py`, and then only read.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from diamondctl.ledger import catalog
from tests.ledger import state
from tests.ledger.make_fixture import EXPECTED, FILES, FIXTURES
from tests.ledger.state import inside, run_here

VERSIONS = sorted(path.name for path in FIXTURES.iterdir())


@pytest.fixture(params=VERSIONS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """A copy of the ledger, and what must come out of it."""
    shutil.copytree(FIXTURES / request.param / "ledger", tmp_path / "ledger")
    return tmp_path, json.loads((FIXTURES / request.param / EXPECTED).read_text("utf-8"))


def sums(rows: tuple[Any, ...]) -> dict[str, int]:
    """Gifts and coins of usage or of cross-checks."""
    return {"gifts": sum(row.gifts for row in rows), "coins": sum(row.coins for row in rows)}


def test_there_is_a_fixture_of_this_version() -> None:
    """A change of the catalog's version needs one of its own, beside those of before."""
    assert f"v{catalog.VERSION}" in VERSIONS


def test_every_figure_of_an_old_ledger_comes_out(world: tuple[Path, dict[str, Any]]) -> None:
    """To the last coin, and doctor finds it sound."""
    folder, expected = world
    found = state.content(folder / "ledger")
    assert sums(found.usage) == expected["whole"]
    assert sums(found.cross_checks) == expected["cross_check"]
    assert sorted(name for name, erased in found.names if not erased) == expected["names"]
    assert sum(erased for _, erased in found.names) == 1
    assert len(found.rejected) == expected["rejected"]
    records = expected.get("records", expected.get("adjustments"))  # all that could be recorded before version 5
    assert [f"{item.amount} {item.currency}" for item in found.records] == records
    assert state.damage(folder / "ledger") == []
    with inside(folder):
        assert run_here("doctor", "--ledger", "ledger").code == 0
        assert run_here("summary", "--region", "US", "--ledger", "ledger").code == 3  # rejected rows are open


@pytest.mark.parametrize("name", FILES)
def test_each_document_of_an_old_ledger_can_be_undone(world: tuple[Path, dict[str, Any]], name: str) -> None:
    """And imported again: everything is as before."""
    folder, expected = world
    before = state.content(folder / "ledger")
    document = next(f"d{item.number:03d}" for item in before.documents if item.name == name)
    (folder / name).write_text(expected["files"][name], "utf-8")
    keep = ("--keep-good",) if name == "bad.csv" else ()
    with inside(folder):
        assert run_here("undo", document, "--ledger", "ledger").code == 0
        assert sums(state.content(Path("ledger")).usage) == expected["without"][name]
        assert state.damage(Path("ledger")) == []
        assert run_here("import", name, *keep, "--prefer", "ids", "--ledger", "ledger").code == (3 if keep else 0)
    after = state.content(folder / "ledger")
    assert (after.usage, after.cross_checks, after.names) == (before.usage, before.cross_checks, before.names)
    assert state.damage(folder / "ledger") == []
    assert state.strangers(folder / "ledger") == []


def test_an_old_ledger_can_be_backed_up_and_known_files_are_known(world: tuple[Path, dict[str, Any]]) -> None:
    """Importing what it holds adds nothing."""
    folder, expected = world
    before = state.content(folder / "ledger")
    (folder / "a.csv").write_text(expected["files"]["a.csv"], "utf-8")
    with inside(folder):
        assert run_here("import", "a.csv", "--ledger", "ledger").code == 0
        assert run_here("backup", "kept.zip", "--ledger", "ledger").code == 0
        assert run_here("restore", "kept.zip", "--ledger", "again").code == 0
    assert state.content(folder / "ledger") == state.content(folder / "again") == before
