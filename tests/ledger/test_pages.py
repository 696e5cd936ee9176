"""Pages of the catalog that are zeroed or stand for each other: no command prints another figure, and none ends as a bug."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from tests.ledger import state

SEED = 20261129
SIZE = 4096
SAMPLE = 14
COMMANDS = (
    ("records", "list"),
    ("summary", "--region", "US"),
    ("undo", "d001", "--dry-run"),
    ("privacy", "status"),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages").resolve() / "world"
    state.make_rich_world(folder)
    return folder


def harmed(data: bytes) -> dict[str, bytes]:
    """Every page but the first zeroed, and every two swapped."""
    pages = [data[at : at + SIZE] for at in range(0, len(data), SIZE)]
    found = {}
    for one in range(1, len(pages)):
        found[f"page {one} zeroed"] = b"".join([*pages[:one], bytes(SIZE), *pages[one + 1 :]])
        for other in range(one + 1, len(pages)):
            swapped = list(pages)
            swapped[one], swapped[other] = pages[other], pages[one]
            found[f"pages {one} and {other} swapped"] = b"".join(swapped)
    return found


def test_no_figure_comes_from_a_page_that_is_not_in_its_place(world: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    shutil.copytree(world / "ledger", ledger)
    path = ledger / "catalog.sqlite"
    whole = path.read_bytes()
    with state.inside(tmp_path):
        before = [state.run_here(*command, "--ledger", "ledger") for command in COMMANDS]
        cases = harmed(whole)
        for name in random.Random(SEED).sample(sorted(cases), SAMPLE):
            path.write_bytes(cases[name])
            for command, good in zip(COMMANDS, before, strict=True):
                done = state.run_here(*command, "--ledger", "ledger")
                assert done.code == 4 or (done.code, done.out) == (good.code, good.out), (name, command, done)
            assert state.run_here("doctor", "--ledger", "ledger").code in (0, 4)


@pytest.mark.parametrize("bit", range(0, 64, 9))
def test_a_date_that_one_bit_moved_is_not_shown(world: Path, tmp_path: Path, bit: int) -> None:
    """Of the days of a document, which stand in a derived table."""
    import sqlite3
    from contextlib import closing

    ledger = tmp_path / "ledger"
    shutil.copytree(world / "ledger", ledger)
    with closing(sqlite3.connect(ledger / "catalog.sqlite")) as connection:
        connection.execute("UPDATE spans SET last_time = last_time + ? WHERE document = 1", (1 << min(bit, 40),))
        connection.commit()
    with state.inside(tmp_path):
        done = state.run_here("records", "list", "--ledger", "ledger")
    assert (done.code, "L005" in done.err, done.out) == (4, True, "")
