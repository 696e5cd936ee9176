"""Values of the catalog are checked column by column where that is plain: the answer is the one of looking at each."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any, Final
from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st

from diamondctl.ledger import values
from tests.support import ROOT

_SCHEMA: Final = (ROOT / "diamondctl" / "ledger" / "schema.sql").read_text("utf-8")
_GOOD: Final = {
    "usage": ("mara", 600, '[["US","s1",1750000,1750000]]', "[[0,5,1,0,0]]"),
    "seals": ("mara", 24, "0123456789abcdef" * 2),
    "cross_checks": ("mara", "ids", 1_900_000, 5, 1),
    "gifters": ("0123456789abcdef" * 2, "someone"),
}
_ANY: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from([0, 1, 1.0, -1, 2**63, 1_900_000, "US", "us", "", "0" * 32]),
    st.floats(),
    st.binary(),
)


@st.composite
def _tables(draw: st.DrawFn) -> tuple[str, list[list[Any]]]:
    table = draw(st.sampled_from(sorted(_GOOD)))
    rows: list[list[Any]] = [list(_GOOD[table]) for _ in range(draw(st.integers(0, 6)))]
    for _ in range(draw(st.integers(0, 2)) if rows else 0):
        row = draw(st.sampled_from(rows))
        row[draw(st.integers(0, len(row) - 1))] = draw(_ANY)
    return table, rows


@given(_tables())
@example(("cross_checks", [[*_GOOD["cross_checks"][:4], 1], [*_GOOD["cross_checks"][:4], True]]))
@example(("cross_checks", [list(_GOOD["cross_checks"])] * 3))
def test_a_column_at_once_says_what_each_value_says(table_and_rows: tuple[str, Sequence[Sequence[Any]]]) -> None:
    """One that equals a good value and is of another type included."""
    table, rows = table_and_rows
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(_SCHEMA)
        found = values.wrong(connection, table, rows)
        with patch.object(values, "_all_hold", return_value=False):
            assert found == values.wrong(connection, table, rows)
    finally:
        connection.close()


def test_good_rows_are_never_looked_at_one_by_one() -> None:
    """Else the law above would compare a thing with itself."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(_SCHEMA)
    with patch.object(values, "_holds", wraps=values._holds) as looked_at:
        for table, row in _GOOD.items():
            assert values.wrong(connection, table, [row] * 100) == ""
    connection.close()
    assert looked_at.call_count <= sum(map(len, _GOOD.values()))
