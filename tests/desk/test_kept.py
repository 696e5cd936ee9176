"""Reports from states that are kept are those from all gifts, to the byte, whatever was imported, undone or set in between."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from diamondctl.cli.choose import choose
from diamondctl.cli.options import Inputs
from diamondctl.desk import kept
from diamondctl.desk.figures import figures
from diamondctl.ledger import derive, opening
from tests import state_worlds as worlds
from tests.state_oracle import Gift
from tests.support import run

DAYS = ("2025-03-17", "2025-07-01", "2025-12-31", "2026-02-03")
PERIODS = ("2025-06", "2025-W40", "2025", "2025-11-03..2025-11-09")


class Held(NamedTuple):
    """A ledger and how it is read."""

    folder: Path
    files: tuple[Path, ...]
    options: tuple[str, ...]

    def reports(self, *more: str) -> list[str]:
        """What the reports print that read states, for several periods and days."""
        asked = [[name, "--as-of", day] for name in ("summary", "balance") for day in DAYS]
        asked += [[name, "-p", period] for name in ("summary", "fees") for period in PERIODS]
        asked += [["payout", "check", "--as-of", DAYS[2]], ["summary", "-p", "2025-10", "--basis", "credited"]]
        done = [run(*words, "--ledger", str(self.folder), "--json", *self.options, *more) for words in asked]
        assert all(result.code in (0, 1, 3) for result in done)
        return [f"{result.code} {result.out} {result.err}" for result in done]

    def states(self, statement: str = "SELECT count(*) FROM states") -> int:
        """How many are kept, or what a statement makes of them."""
        with closing(sqlite3.connect(self.folder / "catalog.sqlite")) as connection, connection:
            return int((connection.execute(statement).fetchone() or [0])[0])

    def write(self, *words: str) -> None:
        """A command that changes the ledger."""
        done = run(*words, "--ledger", str(self.folder), *self.options)
        assert done.code == 0, done.err


@pytest.fixture
def held(tmp_path: Path) -> Held:
    """A year of ten creators, imported in three files, the middle one last."""

    def cut(gift: Gift) -> str:
        return str(gift.time.month // 5)

    written = worlds.write(worlds.world(7, lives=30), tmp_path / "world", cut)
    ledger = Held(tmp_path / "ledger", written.files, tuple(written.options))
    for file in (written.files[0], written.files[2], written.files[1]):
        ledger.write("import", str(file))
    return ledger


def test_reports_are_the_same_with_and_without_kept_states(held: Held) -> None:
    assert held.states() > 60
    with_states = held.reports()
    held.states("DELETE FROM states")
    assert held.reports() == with_states
    assert held.states() == 0, "who only reads writes nothing"
    held.write("doctor", "--fix")
    assert held.states() > 60
    assert held.reports() == with_states


def test_usage_by_the_day_comes_to_the_same_states_and_figures(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    """As usage by the quarter of an hour, to the byte."""
    chosen = choose(Inputs(ledger=str(held.folder), region="US"))

    def everything() -> list[object]:
        with opening.open_ledger(held.folder) as book, book.reading():
            names, zones = derive.creators(book), kept.Zones(chosen)
            made: list[object] = [kept._made(book, chosen, name, zones, 0) for name in names]
            return [*made, *(figures(book, chosen, dict.fromkeys(names, day)) for day in (date.min, date(2025, 7, 2)))]

    by_day = everything()
    assert any(by_day)
    monkeypatch.setattr(kept, "edges_of", lambda *_: [])
    assert everything() == by_day


def test_states_go_with_what_they_rest_on(held: Held, tmp_path: Path) -> None:
    fits = held.reports()
    assert held.reports("--region", "GB") == fits, "every gift names its region"
    before = held.reports("--share", "40")  # another share: none of them fits
    held.states("DELETE FROM states")
    assert held.reports("--share", "40") == before
    held.write("import", str(held.files[0]))
    held.write("undo", "d003")
    after = held.reports()
    held.states("DELETE FROM states")
    assert held.reports() == after


def test_doctor_sees_a_state_that_is_damaged_and_one_that_is_wrong(held: Held) -> None:
    held.states("UPDATE states SET state = replace(state, '0', '1') WHERE month = (SELECT max(month) FROM states)")
    figures = held.reports()
    done = run("doctor", "--ledger", str(held.folder), *held.options)
    assert done.code == 4
    assert "kept states" in done.out
    held.write("doctor", "--fix")
    assert held.reports() == figures
