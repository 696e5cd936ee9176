"""Inferred streams: only rows without one get one, a pause begins the next, and nothing is lost."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from diamondctl.ledger.streams import infer
from diamondctl.records import INFERRED, Usage
from tests.support import run

rows = st.lists(
    st.builds(
        Usage,
        st.sampled_from(("mara", "noor")),
        st.sampled_from(("US", "GB")),
        st.sampled_from(("", "", "s1")),
        st.integers(1_000, 1_060),
        st.integers(1, 9),
        st.integers(1, 3),
    ),
    max_size=12,
)


@given(rows, st.integers(2, 12))
def test_streams_are_runs_of_quarters_without_a_pause(usage: list[Usage], gap: int) -> None:
    found = infer(usage, gap)
    assert [row for row in found.usage if not row.stream.startswith(INFERRED)] == sorted(row for row in usage if row.stream)
    assert sorted(row._replace(stream="") for row in found.usage) == sorted(row._replace(stream="") for row in usage)
    for creator in ("mara", "noor"):
        mine = sorted(
            (row.quarter, row.stream) for row in found.usage if row.creator == creator and row.stream.startswith(INFERRED)
        )
        for (one, name), (other, next_name) in pairwise(mine):
            assert (name == next_name) == (other - one < gap)


@given(st.permutations([Usage("mara", "US", "", 1_000 + step, 1, 1) for step in (0, 3, 9, 20)]))
def test_the_order_of_rows_never_matters(usage: list[Usage]) -> None:
    found = infer(usage, 8)
    assert (found.streams, found.gifts) == (2, 4)
    assert found.usage == infer(sorted(usage), 8).usage


def test_a_report_says_that_streams_were_inferred() -> None:
    words = ["summary", "tests/samples/profiles/agency.expected.csv", "--region", "DE"]
    plain, inferred = run(*words, "-v"), run(*words, "--infer-streams", "2h", "-v")
    assert "Days with gifts" in plain.out
    assert "once a day" in plain.out
    assert "Days with gifts" not in inferred.out
    assert "3 of them inferred" in inferred.out
    assert "3 gifts name no stream. Inferred from pauses of 2h or more: 3 streams." in " ".join(inferred.out.split())
    assert run(*words, "--infer-streams", "soon").code == 2
