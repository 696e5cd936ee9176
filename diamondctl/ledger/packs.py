"""Usage of a creator and a UTC month as two texts of the catalog: hundreds of thousands of rows are a few hundred of these.

`runs` is a JSON list, sorted: of each region and stream the first and the last quarter. `packed` has a flat list of whole
numbers for each run, five for each of its rows by time: the quarter since the month began, coins, gifts, and the seconds
into the quarter of the first and the last gift (-1: not known). `derive` seals both, so equal usage has equal texts.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise
from operator import itemgetter, lt
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.records import Usage

MAX_COINS: Final = 2**63 - 1
_FIELDS: Final = 5
_SECONDS: Final = periods.QUARTER // periods.MICROSECONDS
_REGION: Final = re.compile("([A-Z]{2})?")
_COMPACT: Final = (",", ":")
# The rows of `sent` as runs, in their order: `runs_of` in SQL.
RUNS: Final = f"""
WITH unit AS (
    SELECT creator, region, stream, quarter, sum(coins) AS coins, sum(gifts)::BIGINT AS gifts, min(first) AS first,
           max(last) AS last, date_trunc('month', make_timestamp(quarter * {periods.QUARTER})) AS begins
    FROM sent GROUP BY ALL
)
SELECT creator, (date_part('year', begins) - 1970) * 12 + date_part('month', begins) AS month, region, stream,
       min(quarter), max(quarter), max(coins), '[' || string_agg(
           concat_ws(',', quarter - epoch_us(begins) // {periods.QUARTER}, coins, gifts,
                     CASE WHEN first = 0 THEN -1 ELSE first - quarter * {_SECONDS} END,
                     CASE WHEN last = 0 THEN -1 ELSE last - quarter * {_SECONDS} END), ',' ORDER BY quarter) || ']'
FROM unit GROUP BY ALL ORDER BY ALL
"""


class Run(NamedTuple):
    """What one creator received in one stream and region in one month; `rows` is its part of `packed`."""

    creator: str
    month: int
    region: str
    stream: str
    first: int  # quarters
    last: int
    most: int  # coins of a row
    rows: str


class Packed(NamedTuple):
    """What is stored of a creator and a month."""

    creator: str
    month: int
    runs: str
    packed: str


def month_of(quarter: int) -> int:
    """The UTC month of a quarter, counted from January 1970 as 1."""
    day = periods.utc_day(quarter)
    return (day.year - 1970) * 12 + day.month


def month_quarters(month: int) -> tuple[int, int]:
    """First quarter of a UTC month and of the next one."""
    first, after = (date(1970 + (number - 1) // 12, (number - 1) % 12 + 1, 1) for number in (month, month + 1))
    return periods.day_start(first, "UTC"), periods.day_start(after, "UTC")


def runs_of(rows: Iterable[Usage]) -> Iterator[Run]:
    """Rows of usage, each unit once, as runs."""
    placed = sorted((row.creator, month_of(row.quarter), row.region, row.stream, row.quarter, row) for row in rows)
    for (creator, month, region, stream), of_run in groupby(placed, key=itemgetter(0, 1, 2, 3)):
        mine = [item[-1] for item in of_run]
        assert all(one.quarter < other.quarter for one, other in pairwise(mine)), "a unit of usage stands there twice"
        start, _ = month_quarters(month)
        numbers = [number for row in mine for number in _numbers(row, start)]
        text = json.dumps(numbers, separators=_COMPACT)
        yield Run(creator, month, region, stream, mine[0].quarter, mine[-1].quarter, max(row.coins for row in mine), text)


def _numbers(row: Usage, start: int) -> tuple[int, ...]:
    seconds = (moment - row.quarter * _SECONDS if moment else -1 for moment in (row.first, row.last))
    return (row.quarter - start, row.coins, row.gifts, *seconds)


def packed(runs: Iterable[Run]) -> Iterator[Packed]:
    """Runs in their order, by creator and month."""
    for (creator, month), of_month in groupby(runs, key=itemgetter(0, 1)):
        mine = list(of_month)
        names = [[run.region, run.stream, run.first, run.last] for run in mine]
        text = json.dumps(names, ensure_ascii=False, separators=_COMPACT)
        yield Packed(creator, month, text, f"[{','.join(run.rows for run in mine)}]")


def unpack(stored: Packed, edges: Sequence[int] = ()) -> list[Usage]:
    """The rows, by quarter, region and stream. Raises ValueError or TypeError for texts that `packed` does not make.

    With `edges`, quarters in their order, what lies between two of them is one row for each run: at the quarter of its first
    gift, to the second of its last.
    """
    creator, month, *_ = stored
    start, end = month_quarters(month)
    runs, packed = json.loads(stored.runs), json.loads(stored.packed)
    names = [(region, stream) for region, stream, _, _ in runs]
    if not names or names != sorted(set(names)) or len(runs) != len(packed):
        raise ValueError(stored.runs)
    rows: list[Usage] = []
    for (region, stream, first, last), numbers in zip(runs, packed, strict=True):
        quarters, coins, gifts, firsts, lasts = _fields(region, stream, numbers, end - start)
        if (first - start, last - start) != (quarters[0], quarters[-1]):
            raise ValueError(stored.runs)
        if edges and -1 not in firsts and -1 not in lasts:
            inner = edges[bisect_left(edges, first + 1) : bisect_left(edges, last + 1)]
            cuts = [0, *(bisect_left(quarters, edge - start) for edge in inner), len(quarters)]
            rows += (
                Usage(
                    creator, region, stream, start + quarters[begin], sum(coins[begin:after]), sum(gifts[begin:after]),
                    (start + quarters[begin]) * _SECONDS + firsts[begin],
                    (start + quarters[after - 1]) * _SECONDS + lasts[after - 1],
                )
                for begin, after in pairwise(cuts) if begin < after
            )  # fmt: skip
        else:
            rows += (
                Usage(
                    creator, region, stream, start + quarter, amount, count,
                    (start + quarter) * _SECONDS + begin if begin >= 0 else 0,
                    (start + quarter) * _SECONDS + until if until >= 0 else 0,
                )
                for quarter, amount, count, begin, until in zip(quarters, coins, gifts, firsts, lasts, strict=True)
            )  # fmt: skip
    if len(runs) > 1:
        rows.sort(key=itemgetter(3, 1, 2))
    return rows


def _fields(region: object, stream: object, numbers: list[int], length: int) -> list[list[int]]:
    """The five columns of a run, after a look at all of its numbers."""
    fields = [numbers[field::_FIELDS] for field in range(_FIELDS)]
    quarters, *amounts = fields
    most = (MAX_COINS, MAX_COINS, _SECONDS - 1, _SECONDS - 1)
    good = (
        isinstance(region, str)
        and isinstance(stream, str)
        and _REGION.fullmatch(region) is not None
        and bool(numbers)
        and len(numbers) % _FIELDS == 0
        and set(map(type, numbers)) == {int}
        and all(map(lt, quarters, quarters[1:]))
        and quarters[0] >= 0
        and quarters[-1] < length
        and all(max(of) <= limit for of, limit in zip(amounts, most, strict=True))
        and all(min(of) >= least for of, least in zip(amounts, (0, 0, -1, -1), strict=True))
    )
    if not good:
        raise ValueError(region)
    return fields


def sums(packed: str) -> tuple[int, int]:
    """Gifts and coins of a month."""
    runs = json.loads(packed)
    return sum(sum(run[2::_FIELDS]) for run in runs), sum(sum(run[1::_FIELDS]) for run in runs)
