"""The fast path for large plain CSVs: DuckDB reads and adds up, and the answer counts only when the file is provably clean.

The strict reader is the authority. This path returns None for everything it cannot prove to be read exactly as the strict
reader would read it: a refusal, a doubt, another encoding, a repeated id. It then costs time, never a wrong figure.

The proof: a pass of our own over all bytes (UTF-8, no control characters, line feeds =
rows + header, one regular expression over every line with a quote, and the hash), every cell matched by the same grammar as
in `cells`, ids counted as distinct, and texts that decide money checked one by one in Python.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from diamondctl import columns, periods
from diamondctl.problems import Refusal
from diamondctl.readers import cells
from diamondctl.readers.cells import CellError
from diamondctl.readers.clean_bytes import LONGEST_LINE, TEXTS, Bytes, look_at_bytes, may_change_when_normalised
from diamondctl.readers.gift_csv import Header
from diamondctl.readers.gift_rows import COLUMNS, GiftRows, damaged
from diamondctl.readers.usage_sql import CLOCK, ZONE
from diamondctl.records import Usage

if TYPE_CHECKING:  # read only where there are events
    from diamondctl.combos import Difference

# Below this many bytes starting DuckDB takes longer than reading strictly.
WORTH_IT: Final = 1_500_000
MEMORY_LIMIT: Final = "200MB"
KEEP_MEMORY: Final = "500MB"


class Fast(NamedTuple):
    """What the strict reader would have found. `usage` has blank regions where rows name none."""

    sha256: str
    rows: int
    usage: list[Usage]  # gifts of the creators themselves; the same unit may stand here more than once
    elsewhere: int  # gifts to other receivers
    elsewhere_coins: int
    notices: list[str]
    counts: Mapping[str, int] = MappingProxyType({})  # of `records.Document`, which only events have
    differences: tuple[Difference, ...] = ()


class _Doubt(Exception):
    """The strict reader has to look."""


def read(path: str, stream: BinaryIO, header: Header, rows: GiftRows) -> Fast | None:
    """Read the open file `stream` (named `path`) whole, or None when the strict reader has to.

    The caller checks afterwards that the file did not change meanwhile; `path` must still be the file that was opened.
    """
    try:
        whole_ids = _first_id_is_whole(stream, header)
        with _watched(path, stream, header, rows) as (connection, links, proof):
            streams, total = _query(connection, links[0], header, whole_ids)
        return _result(streams, total, proof, rows)
    except (_Doubt, CellError):
        return None


@contextmanager
def _watched(
    path: str, stream: BinaryIO, header: Header, rows: GiftRows, target: Path | None = None
) -> Iterator[tuple[Any, list[str], list[Bytes | None]]]:
    """DuckDB, which may read the file and write `target`; links to them; and afterwards what the pass over the bytes gave."""
    if header.line != 1 or rows.settings.input_timezone not in ("", "UTC"):
        raise _Doubt
    if not os.path.samestat(os.stat(path), os.fstat(stream.fileno())):  # noqa: PTH116
        raise _Doubt
    try:
        import duckdb
    except ImportError:
        raise _Doubt from None
    proof: list[Bytes | None] = []
    # Hashing and DuckDB both let go of the interpreter lock, so the pass over the bytes runs beside the query.
    thread = threading.Thread(target=lambda: proof.append(look_at_bytes(stream, header)))
    thread.start()
    try:
        with columns.workshop() as folder:
            links = [columns.private_link(folder, "input.csv", Path(path))]
            if target is not None:
                links.append(columns.private_link(folder, "rows.parquet", target))
            memory = MEMORY_LIMIT if target is None else KEEP_MEMORY
            connection = columns.connect(folder, links, memory=memory, ordered=target is not None)
            try:
                yield connection, links, proof
            finally:
                connection.close()
    except (duckdb.Error, OSError, Refusal):
        raise _Doubt from None
    finally:
        thread.join()


class Kept(NamedTuple):
    """A file whose rows were written as Parquet."""

    sha256: str
    rows: int
    names: dict[str, str]  # alias -> gifter, and receiver who is not the creator
    notices: list[str]


def keep(path: str, stream: BinaryIO, header: Header, rows: GiftRows, key: bytes, target: Path) -> Kept | None:
    """Like `read`, but the rows go into the Parquet file `target`, gifters as aliases under `key`."""
    try:
        with _watched(path, stream, header, rows, target) as (connection, (link, output), proof):
            connection.execute(_fresh(link, header, rows.settings.creator))
            people, naive = _people(connection, key)
            connection.execute(_KEEP.format(target=columns.literal(output)))
            count, ids, long_ids, zeroed, longest = connection.execute(_KEPT_TOTAL.format(rows=output)).fetchone()
            streams = [stream for (stream,) in connection.execute(_KEPT_STREAMS.format(rows=output)).fetchall()]
        longest = max([longest, *(len(name.encode()) for name in people.values())])
        total = _Total(count, naive, ids, long_ids, zeroed, longest)
        clean = _proven(proof, total)
        _refuse_doubtful_streams(streams)
        people.pop("", None)
        return Kept(clean.sha256, count, people, _notices(rows, total, clean))
    except (_Doubt, CellError):
        return None


def _refuse_doubtful_streams(streams: Iterable[str]) -> None:
    for stream in streams:
        if cells.identifier(stream) != stream or cells.looks_zeroed(stream):
            raise _Doubt


_CELLS: Final = """
WITH cell AS (
    SELECT {timestamp} AS time, {creator} AS creator, {gift} AS gift, {coins} AS coins, {quantity} AS quantity,
           {event_id} AS event_id, {gifter} AS gifter, {gift_id} AS gift_id, {stream} AS stream,
           {receiver} AS receiver, {region} AS region
    FROM {source}
)"""
# Every row is judged where it is read: the first that is not good ends the statement. A table keeps the order of the file.
_FRESH: Final = (
    f"CREATE TEMP TABLE fresh AS {_CELLS}"
    + """,
judged AS (
    SELECT epoch_us(TRY_CAST(time AS TIMESTAMPTZ)) AS time, {naive} AS naive,
           CASE WHEN creator = '' THEN {default_creator} ELSE creator END AS creator,
           gift, TRY_CAST(coins AS BIGINT) AS coins,
           CASE WHEN quantity = '' THEN 1 ELSE TRY_CAST(quantity AS BIGINT) END AS quantity,
           event_id, gifter, gift_id, stream, receiver, upper(region) AS region, {good} AS good
    FROM cell
)
SELECT CASE WHEN coalesce(good AND creator <> '' AND time >= {first} AND time < {after} AND quantity > 0
                          AND coins::HUGEINT * quantity <= {product}, false)
            THEN time ELSE error('not clean') END AS time,
       naive, creator, gift, coins, quantity, event_id, gifter, gift_id, stream, receiver, region
FROM judged
"""
)
# Names become aliases here, and nothing but aliases is written.
_KEEP: Final = """
COPY (
    SELECT fresh.rowid + 2 AS line, time, creator, gift, coins, quantity, event_id, sender.alias AS gifter, gift_id, stream,
           CASE WHEN receiver = creator THEN receiver ELSE guest.alias END AS receiver, region
    FROM fresh
    LEFT JOIN person sender ON sender.name = gifter
    LEFT JOIN person guest ON guest.name = receiver
) TO {target} (OPTIONS)
""".replace("OPTIONS", columns.PARQUET)
_KEPT_TOTAL: Final = """
SELECT count(*), count(*) FILTER (WHERE event_id <> ''), count(*) FILTER (WHERE length(event_id) >= 18),
       count(*) FILTER (WHERE length(event_id) >= 18 AND regexp_full_match(event_id, '[0-9]{{15}}0{{3,}}')),
       coalesce(max(greatest(strlen(creator), strlen(gift), strlen(gift_id), strlen(stream))), 0)
FROM read_parquet('{rows}')
"""
_KEPT_STREAMS: Final = "SELECT DISTINCT stream FROM read_parquet('{rows}') WHERE stream <> ''"


def _fresh(link: str, header: Header, creator: str) -> str:
    ids = "'[0-9]{0,17}|[1-9][0-9]{17}|[1-8][0-9]{18}|[A-Za-z_-][0-9A-Za-z_-]{0,127}'"
    return _FRESH.format(
        **{name: _cell(header, name) for name in COLUMNS},
        source=_source(link, header),
        naive=_NAIVE.format(time="time"),
        default_creator=columns.literal(creator),
        good=" AND ".join([*_good_cells(header), f"regexp_full_match(event_id, {ids})"]),
        first=cells.FIRST,
        after=cells.AFTER,
        product=cells.MAX_PRODUCT,
    )


def _people(connection: Any, key: bytes) -> tuple[dict[str, str], int]:
    """Gifters and receivers by alias, also as table `person`; and how many times name no zone."""
    connection.execute(
        f"CREATE TEMP TABLE person AS SELECT name, {columns.alias_sql(key, 'name')} AS alias "
        "FROM (SELECT DISTINCT gifter AS name FROM fresh UNION SELECT DISTINCT receiver FROM fresh)"
    )
    (naive,) = connection.execute("SELECT count(*) FROM fresh WHERE naive").fetchone()
    return dict(connection.execute("SELECT alias, name FROM person").fetchall()), naive


def _query(connection: Any, link: str, header: Header, whole_ids: bool) -> tuple[list[Any], _Total]:
    found = _aggregate(connection, link, header, whole_ids)
    if found is None and whole_ids:
        found = _aggregate(connection, link, header, False)
    if found is None:
        raise _Doubt
    return found


class _Total(NamedTuple):
    """Facts about all rows."""

    rows: int
    naive: int
    ids: int
    long_ids: int
    zeroed_ids: int
    longest: int  # text, in bytes


def _source(link: str, header: Header) -> str:
    columns = ", ".join(f"'c{index}': 'VARCHAR'" for index in range(len(header.names)))
    return (
        f"read_csv('{link}', columns = {{{columns}}}, header = true, delim = '{header.delimiter}', quote = '\"', "
        "escape = '\"', auto_detect = false, strict_mode = true, hive_partitioning = false)"
    )


def _cell(header: Header, name: str) -> str:
    column = header.columns[COLUMNS.index(name)]
    return "''" if column is None else f"coalesce(c{column}, '')"


def _first_id_is_whole(stream: BinaryIO, header: Header) -> bool:
    """Whether ids look like whole numbers: they are compared twice as fast as numbers."""
    column = header.columns[COLUMNS.index("event_id")]
    stream.seek(0)
    stream.readline(LONGEST_LINE)
    fields = stream.readline(LONGEST_LINE).decode(errors="replace").split(header.delimiter)
    return column is not None and column < len(fields) and fields[column].strip('"\n').isdecimal()


# What is compared by its order is looked at closer only where it begins before `>`, as few names do.
_BARE: Final = (
    "CASE WHEN {name} < '>' OR ends_with({name}, ' ') THEN"
    " NOT (regexp_matches({name}, '^[ ''=]| $') AND regexp_matches({name}, '[0-9]{{15}}')) ELSE true END"
)
# Of times in the right form: those that end neither in Z, nor in UTC, nor in an offset.
_NAIVE: Final = (
    "CASE WHEN ends_with({time}, 'Z') THEN false ELSE NOT (right({time}, 1) = 'C' OR substr({time}, -6, 1) IN ('+', '-')) END"
)
# Every cell is read and judged once.
_CHECKED: Final = (
    f"CREATE TABLE checked AS {_CELLS}"
    + """
SELECT
    creator, region, stream, receiver,
    epoch_us(TRY_CAST(time AS TIMESTAMPTZ)) // 1000000 AS second,
    TRY_CAST(coins AS BIGINT) AS unit,
    CASE WHEN quantity = '' THEN 1 ELSE TRY_CAST(quantity AS BIGINT) END AS number,
    {id} AS id,
    {naive} AS naive,
    {longest} AS longest,
    {good} AS good
FROM cell
"""
)
# A row a stream, for making Python's of each text takes as long as reading it. Products were looked at before.
_STREAMS: Final = """
WITH usage AS (
    SELECT creator, region, stream, receiver, second // 900 AS quarter, sum(unit * number)::BIGINT AS coins,
           count(*) AS gifts, min(second) AS first, max(second) AS last
    FROM checked GROUP BY ALL
)
SELECT creator, region, stream, receiver, list(quarter), list(coins), list(gifts), list(first), list(last)
FROM usage GROUP BY ALL
"""
_TOTAL: Final = """
SELECT count(*), count(*) FILTER (WHERE naive), count(id), count(DISTINCT id),
       count(*) FILTER (WHERE {long}), count(*) FILTER (WHERE {zeroed}), coalesce(max(longest), 0),
       coalesce(bool_and(coalesce(good AND second >= {first} AND second < {after} AND number > 0
                                  AND unit::HUGEINT * number <= {product}, false)), false)
FROM checked
"""
# 18 digits and more; those of 18 and 19 digits that end in zeros past their 15th.
_LONG: Final = "id >= 100000000000000000"
_ZEROED: Final = (
    "id >= 1000000000000000000 AND id % 10000 = 0 OR id BETWEEN 100000000000000000 AND 999999999999999999 AND id % 1000 = 0"
)


def _good_cells(header: Header) -> list[str]:
    """Conditions on cells, as `cells` has them; ids of events apart."""
    has = {name: header.columns[COLUMNS.index(name)] is not None for name in COLUMNS}
    good = [f"regexp_full_match(time, '{CLOCK}{ZONE}?')", "gift <> ''", "regexp_full_match(coins, '[0-9]{1,15}')"]
    if has["quantity"]:
        good.append("regexp_full_match(quantity, '[0-9]{0,9}')")
    if has["gift_id"]:
        good.append("regexp_full_match(gift_id, '[0-9]{0,17}|[A-Za-z_-][0-9A-Za-z_-]*')")
    # A person who is named by an id that is dressed for a spreadsheet is for the strict reader.
    good += [_BARE.format(name=name) for name in ("creator", "gifter", "receiver") if has[name]]
    if has["region"]:
        good.append("regexp_full_match(region, '(?:[A-Za-z]{2})?')")
    return good


def _aggregate(connection: Any, link: str, header: Header, whole_ids: bool) -> tuple[list[Any], _Total] | None:
    """Usage of streams and totals; None when a cell is not good (with `whole_ids`: perhaps only an id that is no number)."""
    has = {name: header.columns[COLUMNS.index(name)] is not None for name in COLUMNS}
    good = _good_cells(header)
    if not has["event_id"]:
        id_ = "NULL::BIGINT"
    elif whole_ids:
        id_ = "TRY_CAST(nullif(event_id, '') AS BIGINT)"
        # Written as the number is: up to 8999999999999999999, which a BIGINT holds.
        good.append("(event_id = '' OR id BETWEEN 1 AND 8999999999999999999 AND id::VARCHAR = event_id)")
    else:
        # Long digits are for the strict reader; a letter in front makes any other confusion impossible.
        id_ = "nullif(event_id, '')"
        good.append("regexp_full_match(event_id, '[0-9]{0,17}|[A-Za-z_-][0-9A-Za-z_-]{0,127}')")
    texts = [name for name in TEXTS if has[name]]
    connection.execute("DROP TABLE IF EXISTS checked")
    connection.execute(
        _CHECKED.format(
            **{name: _cell(header, name) for name in COLUMNS},
            source=_source(link, header),
            id=id_,
            naive=_NAIVE.format(time="time"),
            longest=" + ".join(f"strlen({name})" for name in texts),
            good=" AND ".join(good),
        )
    )
    numbers = whole_ids and has["event_id"]
    totals = _TOTAL.format(
        long=_LONG if numbers else "false",
        zeroed=_ZEROED if numbers else "false",
        first=cells.FIRST // periods.MICROSECONDS,
        after=cells.AFTER // periods.MICROSECONDS,
        product=cells.MAX_PRODUCT,
    )
    count, naive, ids, distinct, long, zeroed, longest, is_good = connection.execute(totals).fetchone()
    if not is_good:
        return None
    total = _Total(count, naive, ids, long, zeroed, longest)
    if distinct != total.ids or longest > cells.MAX_TEXT:
        raise _Doubt  # the same id twice: only the strict reader can say whether it is the same gift
    return connection.execute(_STREAMS).fetchall(), total


def _result(streams: list[Any], total: _Total, proof: list[Bytes | None], rows: GiftRows) -> Fast:
    """Usage of streams, when all of the proof holds; texts that decide money are checked as the strict reader does."""
    clean = _proven(proof, total, may_change=total.longest * 3 <= cells.MAX_TEXT)
    usage: list[Usage] = []
    elsewhere = elsewhere_coins = 0
    texts: dict[str, str] = {}
    _refuse_doubtful_streams({stream for _, _, stream, *_ in streams})
    for creator_cell, region, stream, receiver_cell, quarters, coins, gifts, firsts, lasts in sorted(streams):
        for text in (creator_cell, receiver_cell):
            if text not in texts:
                texts[text] = cells.text(text)
        creator, receiver = texts[creator_cell] or rows.settings.creator, texts[receiver_cell]
        if not creator:
            raise _Doubt
        if receiver and receiver != creator:
            elsewhere += sum(gifts)
            elsewhere_coins += sum(coins)
        else:
            place = creator, region.upper(), stream
            cells_of_stream = sorted(zip(quarters, coins, gifts, firsts, lasts, strict=True))
            usage += [Usage(*place, *cell) for cell in cells_of_stream]
    return Fast(clean.sha256, total.rows, usage, elsewhere, elsewhere_coins, _notices(rows, total, clean))


def _proven(proof: list[Bytes | None], total: _Total, *, may_change: bool = False) -> Bytes:
    """The pass over the bytes, when it proves that the rows are the file; texts may change when normalised only if told so."""
    clean = proof[0] if proof else None
    if clean is None or clean.lines != total.rows + 1 or damaged(total.zeroed_ids, total.long_ids):
        raise _Doubt
    if not clean.characters.isdisjoint("\u00a0\u202f\ufeff"):
        raise _Doubt  # around an id they are no part of it
    if total.longest > cells.MAX_TEXT or (may_change_when_normalised(clean.characters) and not may_change):
        raise _Doubt
    return clean


def _notices(rows: GiftRows, total: _Total, clean: Bytes) -> list[str]:
    rows.naive_times, rows.odd_texts = total.naive, clean.odd_texts
    return rows.notices({"event_id": (total.zeroed_ids, total.long_ids)} if total.zeroed_ids else {})
