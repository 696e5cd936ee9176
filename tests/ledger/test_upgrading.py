"""A ledger of version 3 and a backup of it: what their combos amount to now, what is said of it once, and what damage does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from diamondctl.ledger import catalog, derive, opening
from tests.ledger import state
from tests.ledger.make_fixture import BACKUP, FIXTURES
from tests.ledger.state import run_here
from tests.ledger.test_damage import tamper
from tests.support import Result, environment

OLD = FIXTURES / "v3" / BACKUP
NOON, TOKYO, LONDON = 1_988_785, 1_989_756, 1_989_792  # quarters: 2026-09-20T12:15Z, 09-30T15:00Z, 10-01T00:00Z
# Quarter, coins, gifts, second of the first frame and of the last.
USAGE = [
    (NOON - 1, 5, 1, NOON * 900 - 10, NOON * 900 - 10),
    (NOON, 10, 0, NOON * 900 + 5, NOON * 900 + 7),
    (TOKYO - 1, 5, 1, TOKYO * 900 - 10, TOKYO * 900 - 10),
    (TOKYO, 5, 0, TOKYO * 900 + 5, TOKYO * 900 + 6),
    (LONDON - 1, 10, 1, LONDON * 900 - 120, LONDON * 900 - 30),
    (LONDON, 10, 0, LONDON * 900 + 10, LONDON * 900 + 21),
]
SAID = """\
A combo of a LIVE log counts where each part of it was sent, and no longer whole where it ended: \
mara: 5 coins of 1 combo count in 2026-09, no longer in 2026-10, if the month begins at 15:00 UTC; \
mara: 10 coins of 1 combo count in 2026-09, no longer in 2026-10.
What a LIVE over the end of a month earns is told month by month as its gifts were sent, and no longer whole in the later one: \
such months may read differently.
"""
SUMMARY = ("summary", "--region", "US", "-p", "2026-09", "--json")


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    """A ledger as version 3 left it."""
    state.unpack(OLD, tmp_path / "ledger")
    return tmp_path / "ledger"


def usage(ledger: Path, creator: str = "mara") -> list[tuple[int, ...]]:
    """Quarter, coins, gifts, first and last second."""
    with opening.open_ledger(ledger) as book, book.reading():
        return [row[3:] for row in derive.read_usage(book, {creator: None})[0]]


def upgraded(ledger: Path) -> list[str]:
    """What is said when it is opened."""
    with opening.open_ledger(ledger) as book:
        return list(book.upgraded)


def notes(result: Result) -> list[str]:
    """Of a report in JSON."""
    return list(json.loads(result.out)["notes"])


def version(ledger: Path) -> object:
    """Of the catalog as it stands."""
    return state.raw(ledger).documents[0]


def test_the_first_command_brings_a_ledger_up_to_date_and_says_once_which_months_read_differently(ledger: Path) -> None:
    first = run_here("records", "list", "--ledger", str(ledger))
    again = run_here("records", "list", "--ledger", str(ledger))
    assert (first.code, first.err, version(ledger)) == (3, SAID, catalog.VERSION)  # 3: a rejected row is open
    assert again == first._replace(err="")
    assert usage(ledger) == USAGE
    assert state.damage(ledger) == []


def test_a_report_says_it_among_its_notes(ledger: Path) -> None:
    first = run_here(*SUMMARY, "--ledger", str(ledger))
    again = run_here(*SUMMARY, "--ledger", str(ledger))
    assert (first.code, again.code) == (3, 3)
    assert [text for text in notes(first) if text not in notes(again)] == SAID.splitlines()


def test_it_is_what_the_same_files_amount_to_in_a_new_ledger(tmp_path: Path, ledger: Path) -> None:
    state.make_crossing_world(tmp_path / "new")
    before, now = state.content(ledger), state.content(tmp_path / "new" / "ledger")
    assert (now.usage, now.cross_checks, now.rejected, now.records) == (
        before.usage, before.cross_checks, before.rejected, before.records,
    )  # fmt: skip


def test_a_backup_of_version_3_is_restored_up_to_date(tmp_path: Path, ledger: Path) -> None:
    done = run_here("restore", str(OLD), "--ledger", str(tmp_path / "again"))
    assert (done.code, done.err, version(tmp_path / "again")) == (0, SAID, catalog.VERSION)
    assert state.content(tmp_path / "again") == state.content(ledger)


def test_where_it_cannot_be_written_the_same_comes_out_and_nothing_is_said(
    ledger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(catalog, "writable", lambda file: False)
        shown = run_here(*SUMMARY, "--ledger", str(ledger))
        assert usage(ledger) == USAGE
        assert run_here("doctor", "--ledger", str(ledger)).code == 0
    assert version(ledger) == 3
    opening.open_ledger(ledger).raw.close()
    assert run_here(*SUMMARY, "--ledger", str(ledger)) == shown


def test_commands_at_once_bring_it_up_to_date_once(ledger: Path) -> None:
    command = [sys.executable, "-m", "diamondctl", *SUMMARY, "--ledger", str(ledger)]
    running = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment())
        for _ in range(4)
    ]
    done = [process.communicate() for process in running]
    assert {process.returncode for process in running} == {3}
    assert sorted(SAID.splitlines()[0] in json.loads(out)["notes"] for out, _ in done) == [False, False, False, True]
    assert usage(ledger) == USAGE


def test_what_rests_on_a_damaged_document_stays_as_it_was_derived(ledger: Path) -> None:
    """Of everybody whose logs are folded with it; doctor names it, and everybody else is as ever."""
    before = [row[2:6] for row in state.raw(ledger).usage if row[0] == "mara"]
    log = next(item for item in state.raw(ledger).rows if item[1] == "late.jsonl")
    path = ledger / "documents" / log[-1]
    path.write_bytes(path.read_bytes()[:-1] + b"X")
    assert "mara" not in "".join(upgraded(ledger))
    assert [(row[0], *row[1:3]) for row in usage(ledger)] == [row[1:] for row in before]
    assert {row[3:] for row in usage(ledger)} == {(0, 0)}
    assert all(first for *_, first, _ in usage(ledger, "noor"))
    assert [item.split()[0] for item in state.damage(ledger)] == [f"d{log[0]:03d}"]


def test_a_document_that_is_there_and_cannot_be_read_just_now_is_waited_for(ledger: Path) -> None:
    """What is derived without it would stay so."""
    log = next(item for item in state.raw(ledger).rows if item[1] == "late.jsonl")
    path = ledger / "documents" / log[-1]
    path.rename(ledger.parent / "away")
    path.mkdir()
    refused = run_here(*SUMMARY, "--ledger", str(ledger))
    assert (refused.code, "L007" in refused.err, path.name in refused.err, version(ledger)) == (4, True, True, 3)
    path.rmdir()
    (ledger.parent / "away").rename(path)
    assert usage(ledger) == USAGE


def test_a_seal_that_did_not_hold_is_not_made_anew_for_rows_that_nothing_can_derive(ledger: Path) -> None:
    log = next(item for item in state.raw(ledger).rows if item[1] == "late.jsonl")
    (ledger / "documents" / log[-1]).unlink()
    tamper(ledger.parent, "UPDATE usage SET coins = coins + 1 WHERE creator = 'mara'")
    refused = run_here(*SUMMARY, "--ledger", str(ledger))
    assert (refused.code, "L005" in refused.err) == (4, True)


def test_the_frames_of_the_fixture_are_what_is_said_of_them() -> None:
    """Taps of 5 coins each: three over noon, two over the end of September in Tokyo, four over that in London."""
    quarters = [event.time // 900_000 for event in state.crossing() if not event.end]
    assert quarters == [NOON - 1, NOON, NOON, TOKYO - 1, TOKYO, LONDON - 1, LONDON - 1, LONDON, LONDON]
