"""What moved a period: against a recount of single gifts, and only where it is more than a fifth."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import EXAMPLES, run


def _write(path: Path, rows: list[tuple[int, str, str, int]]) -> Path:
    """Gifts of October: day, LIVE, gifter, coins."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("timestamp", "creator", "gift", "coins", "gifter", "stream", "event_id"))
        for number, (day, live, gifter, coins) in enumerate(rows):
            row = (f"2026-10-{day:02}T18:{number % 60:02}:00Z", "mara", f"Gift {coins}", coins, gifter, live, f"e{number}")
            writer.writerow(row)
    return path


ROWS = st.lists(
    st.tuples(st.integers(1, 28), st.sampled_from("ab"), st.sampled_from("xyz"), st.integers(1, 500)), min_size=2, max_size=12
)


@given(rows=ROWS)
def test_it_is_what_a_recount_finds(rows: list[tuple[int, str, str, int]], tmp_path_factory: pytest.TempPathFactory) -> None:
    """A LIVE is a day here, so that none runs over days."""
    rows = [(day, f"{live}{day}", gifter, coins) for day, live, gifter, coins in rows]
    path = _write(tmp_path_factory.mktemp("driver") / "gifts.csv", rows)
    told = json.loads(run("summary", str(path), "--region", "US", "--share", "50", "-p", "2026-10", "--json").out)["data"]
    whole = sum(row[3] for row in rows)
    lives, people = (Counter[str]() for _ in range(2))
    for _, live, gifter, coins in rows:
        lives[live] += coins
        people[gifter] += coins
    largest = max(row[3] for row in rows)
    expected = None
    if largest * 5 > whole:
        expected = ("gift", largest)
    elif len(lives) > 1 and max(lives.values()) * 5 > whole:
        expected = ("live", max(lives.values()))
    elif len(people) > 1 and max(people.values()) * 5 > whole:
        expected = ("gifter", max(people.values()))
    driver = told["driver"]
    assert (None if driver is None else (driver["kind"], driver["coins"])) == expected
    assert driver is None or driver["coins_of_period"] == whole


def test_files_and_the_ledger_say_the_same(tmp_path: Path) -> None:
    ledger = str(tmp_path / "ledger")
    file = str(EXAMPLES / "2026-10.csv")
    assert run("import", file, "--region", "US", "--ledger", ledger).code == 0
    of_file, of_ledger = (
        json.loads(run("summary", *where, "-p", "2026-10", "--json").out)["data"]["driver"]
        for where in ((file, "--region", "US"), ("--ledger", ledger))
    )
    assert of_file == of_ledger
    assert of_file == {
        "kind": "gift",
        "name": "Sports Car",
        "day": "2026-10-23",
        "coins": 7000,
        "coins_of_period": 20265,
        "coins_before": 15474,
    }


def test_a_gifter_is_never_named(tmp_path: Path) -> None:
    rows = [(day, f"l{day}", "canary-fan" if day % 2 else f"fan{day}", 10) for day in range(1, 25)]
    shown = run("summary", str(_write(tmp_path / "gifts.csv", rows)), "--region", "US", "--share", "50")
    assert "One gifter sent 50% of it" in shown.out
    assert "canary" not in shown.out + shown.err
