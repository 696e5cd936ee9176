"""Usage as two texts a creator and month: what was packed comes out, whoever packed it, and by the day it adds up."""

from __future__ import annotations

from typing import Final

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.ledger import packs
from diamondctl.records import Usage

FIRST: Final = 1_988_785  # 2026-09-20T12:15Z


@st.composite
def units(draw: st.DrawFn) -> Usage:
    """A unit of usage within some months; one in four knows no seconds."""
    quarter = FIRST + draw(st.integers(-40, 40)) * draw(st.sampled_from((1, 96)))
    begin, until = sorted(draw(st.tuples(st.integers(0, 899), st.integers(0, 899))))
    known = draw(st.integers(0, 3))
    seconds = (quarter * 900 + begin, quarter * 900 + until) if known else (0, 0)
    names = st.sampled_from(("", "s1", "名前", 'the "king"', "a\\b", "😀", "\uffff"))
    return Usage(
        draw(st.sampled_from(("mara", "noor"))), draw(st.sampled_from(("", "GB", "US"))), draw(names), quarter,
        draw(st.sampled_from((0, 7, 2**63 - 1))), draw(st.integers(0, 9)), *seconds,
    )  # fmt: skip


rows_of_usage = st.lists(units(), max_size=40, unique_by=lambda row: row[:4])


@given(rows=rows_of_usage)
def test_what_is_packed_comes_out_by_time(rows: list[Usage]) -> None:
    stored = list(packs.packed(packs.runs_of(rows)))
    assert [(item.creator, item.month) for item in stored] == sorted(
        {(row.creator, packs.month_of(row.quarter)) for row in rows}
    )
    for item in stored:
        mine = [row for row in rows if (row.creator, packs.month_of(row.quarter)) == item[:2]]
        assert packs.unpack(item) == sorted(mine, key=lambda row: (row.quarter, row.region, row.stream))
        assert packs.sums(item.packed) == (sum(row.gifts for row in mine), sum(row.coins for row in mine))


@given(rows=rows_of_usage)
def test_the_query_packs_to_the_same_byte(rows: list[Usage]) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE sent (creator VARCHAR, region VARCHAR, stream VARCHAR, quarter BIGINT, coins HUGEINT, gifts BIGINT,"
            " first BIGINT, last BIGINT)"
        )
        for row in rows:
            connection.execute("INSERT INTO sent VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        found = [packs.Run._make(run) for run in connection.execute(packs.RUNS).fetchall()]
    assert found == list(packs.runs_of(rows))


@given(rows=rows_of_usage, edges=st.lists(st.integers(FIRST - 4_000, FIRST + 4_000), max_size=30).map(sorted))
def test_between_two_edges_a_stream_is_one_row_that_adds_up(rows: list[Usage], edges: list[int]) -> None:
    for item in packs.packed(packs.runs_of(rows)):
        fine = packs.unpack(item)
        sums: dict[tuple[object, ...], list[Usage]] = {}
        unknown = {row[:3] for row in fine if not row.first}
        for row in fine:
            between = row.quarter if row[:3] in unknown else sum(edge <= row.quarter for edge in edges)
            sums.setdefault((*row[:3], between), []).append(row)
        expected = [
            mine[0]._replace(coins=sum(row.coins for row in mine), gifts=sum(row.gifts for row in mine), last=mine[-1].last)
            for mine in sums.values()
        ]
        coarse = packs.unpack(item, edges)
        if edges:
            assert sorted(coarse) == sorted(expected)
            assert {row.until for row in coarse} == {mine[-1].quarter for mine in sums.values()}
        else:
            assert coarse == fine


@pytest.mark.parametrize(
    ("runs", "packed"),
    [
        ("[]", "[[1,1,1,0,0]]"),
        ("{}", "{}"),
        ("7", "7"),
        ('[["US","",1,1]]', "[[1,1,1,0]]"),
        ('[["US","",1,1]]', "[[1,1,1,0,900]]"),
        ('[["US","",1,1]]', "[[1,-1,1,0,0]]"),
        ('[["US","",1,1]]', "[[1,true,1,0,0]]"),
        ('[["US","",1,1]]', "[[1,1.5,1,0,0]]"),
        ('[["US","",2,2]]', "[[1,1,1,0,0]]"),
        ('[["US",5,1,1]]', "[[1,1,1,0,0]]"),
        ('[["usa","",1,1]]', "[[1,1,1,0,0]]"),
        ('[["US","",1,1],["US","",1,1]]', "[[1,1,1,0,0],[1,1,1,0,0]]"),
        ('[["US","",2,1]]', "[[2,1,1,0,0,1,1,1,0,0]]"),
        ('[["US","",9999,9999]]', "[[9999,1,1,0,0]]"),
        ("[" * 100_000, "[]"),
    ],
)
def test_texts_that_nobody_packed_are_refused(runs: str, packed: str) -> None:
    with pytest.raises((LookupError, RecursionError, TypeError, ValueError)):
        packs.unpack(packs.Packed("mara", 1, runs, packed))
