"""Many commands at the same time: exact totals, nobody refused, no lock error."""

from __future__ import annotations

import json
import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from diamondctl import files
from diamondctl.ledger import disk, opening
from tests.ledger import state
from tests.ledger.state import HEADER, gifts
from tests.support import Result, run_process

IMPORTERS = 12
READERS = 4
UNDONE = (3, 7, 11)  # importers that take their file out again, two of them for good


def write_files(folder: Path) -> None:
    """Every file shares half of its gifts with the one before; every third is about somebody else."""
    for number in range(IMPORTERS):
        creator = ("mara", "noor")[number % 3 == 2]
        (folder / f"{number}.csv").write_text(f"{HEADER}\n{gifts(40, first=number * 20, creator=creator)}", "utf-8")
    (folder / "start.csv").write_text(f"{HEADER}\n{gifts(10, prefix='start')}", "utf-8")


def act(folder: Path, number: int) -> list[Result]:
    """What one importer does."""
    done = [run_process("import", f"{number}.csv", "--ledger", "ledger", "--json", cwd=folder)]
    if number in UNDONE and done[0].code == 0:
        document = json.loads(done[0].out)["data"]["files"][0]["document"]
        done.append(run_process("undo", document, "--ledger", "ledger", cwd=folder))
        if number == UNDONE[0]:
            done.append(run_process("import", f"{number}.csv", "--ledger", "ledger", cwd=folder))
    return done


def read(folder: Path, over: threading.Event) -> list[Result]:
    """What one reader does until the importers are done, and once more."""
    done: list[Result] = []
    while True:
        last = over.is_set()
        done.append(run_process("summary", "--ledger", "ledger", "--region", "US", "--creator", "mara", "--json", cwd=folder))
        if last:
            return done
        over.wait(1)


def test_twelve_importers_and_four_readers_at_once(tmp_path: Path) -> None:
    """Different files and overlapping ones, some undone in between; the same comes out as one after the other."""
    write_files(tmp_path)
    with state.inside(tmp_path):
        for number in ("start", *range(IMPORTERS)):
            if number not in UNDONE[1:]:
                assert state.run_here("import", f"{number}.csv", "--ledger", "alone").code == 0
        assert state.run_here("import", "start.csv", "--ledger", "ledger").code == 0
    over = threading.Event()
    with ThreadPoolExecutor(IMPORTERS + READERS) as pool:
        readers = [pool.submit(read, tmp_path, over) for _ in range(READERS)]
        importers = [pool.submit(act, tmp_path, number) for number in range(IMPORTERS)]
        written = [result for importer in importers for result in importer.result()]
        over.set()
        seen = [result for reader in readers for result in reader.result()]
    assert [result for result in written + seen if result.code != 0 or result.err] == []
    assert len(seen) >= READERS
    alone, together = state.content(tmp_path / "alone"), state.content(tmp_path / "ledger")
    assert together.usage == alone.usage
    assert together.names == alone.names
    assert sorted(item.name for item in together.documents) == sorted(item.name for item in alone.documents)
    assert state.damage(tmp_path / "ledger") == []
    assert state.strangers(tmp_path / "ledger") == []


def test_twelve_commands_make_the_ledger_at_once(tmp_path: Path) -> None:
    """One of them makes it, all of them use it."""
    write_files(tmp_path)
    arguments = ("record", "adjustment", "bonus", "25", "USD", "--date", "2026-10-31", "--reason", "r")
    with ThreadPoolExecutor(IMPORTERS) as pool:
        done = list(
            pool.map(
                lambda number: run_process(*arguments, "--creator", "mara", "--ledger", "ledger", cwd=tmp_path),
                range(IMPORTERS),
            )
        )
    assert [result for result in done if result.code != 0] == []
    found = state.content(tmp_path / "ledger").records
    assert [item.number for item in found] == list(range(1, IMPORTERS + 1))
    assert sorted(path.name for path in (tmp_path / "ledger").iterdir()) == ["catalog.sqlite", "documents", "rejected"]


def test_ledgers_made_at_the_same_instant_by_threads(tmp_path: Path) -> None:
    """The same without the start of a process between them: twelve at one barrier, ten times."""
    for attempt in range(10):
        folder = tmp_path / str(attempt)
        barrier = threading.Barrier(IMPORTERS)

        def make(folder: Path = folder, barrier: threading.Barrier = barrier) -> bytes:
            barrier.wait()
            with opening.open_ledger(folder, create=True) as book, book.reading():
                return book.key

        with ThreadPoolExecutor(IMPORTERS) as pool:
            keys = {future.result() for future in [pool.submit(make) for _ in range(IMPORTERS)]}
        assert len(keys) == 1
        shutil.rmtree(folder)


def test_a_temporary_file_is_never_swept_before_it_is_locked(tmp_path: Path) -> None:
    """Sweepers run all the time while files are made: a file that somebody got is there."""
    over = threading.Event()

    def sweep() -> None:
        while not over.is_set():
            files.remove_abandoned(tmp_path, ".t-")

    with ThreadPoolExecutor(3) as pool:
        sweepers = [pool.submit(sweep) for _ in range(2)]
        try:
            for _ in range(300):
                with disk.temporary_file(tmp_path, ".t-", "") as path:
                    assert path.exists()
        finally:
            over.set()
        for sweeper in sweepers:
            sweeper.result()


def test_doctor_calls_nothing_damaged_that_changes_meanwhile(tmp_path: Path) -> None:
    """Imports and undos during the examination."""
    write_files(tmp_path)
    with state.inside(tmp_path):
        assert state.run_here("import", "start.csv", "0.csv", "--ledger", "ledger").code == 0
    over = threading.Event()
    wrong: list[str] = []

    def examine() -> None:
        while not over.is_set():
            wrong.extend(state.damage(tmp_path / "ledger"))

    with ThreadPoolExecutor(2) as pool:
        doctors = [pool.submit(examine) for _ in range(2)]
        with state.inside(tmp_path):
            for _ in range(6):
                made = state.run_here("import", "1.csv", "--ledger", "ledger", "--json")
                document = json.loads(made.out)["data"]["files"][0]["document"]
                assert state.run_here("undo", document, "--ledger", "ledger").code == 0
        over.set()
        for doctor in doctors:
            doctor.result()
    assert wrong == []
