"""Many files of gifts at once, without a look at each row: one proof and one query of usage, over an engine.

As with `fast_csv`, the strict reader is the authority: what cannot be proven to be read exactly as it would is left to it.
What ids cannot compare, files without them beside others, is left to it too, and so are ids with two contents.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, NamedTuple

from diamondctl import columns, periods
from diamondctl.problems import ProblemLog
from diamondctl.readers import cells, gift_parquet, sources, usage_sql
from diamondctl.readers.cells import CellError
from diamondctl.readers.clean_bytes import look_at_bytes
from diamondctl.readers.engines import DUCKDB, Doubt, Engine, Shape, opened
from diamondctl.readers.gift_csv import Header, is_plain, normal, read_header
from diamondctl.readers.gift_rows import COLUMNS, GiftRows, Settings, damaged, name_problems, with_kept_out
from diamondctl.readers.sources import Source
from diamondctl.records import Document, Usage

# Below so many bytes the strict reader is done before DuckDB has begun.
WORTH_IT: Final = 3_000_000
_CHUNK: Final = 1 << 20


class Many(NamedTuple):
    """What the strict reader would have found, each gift once. `usage` has blank regions where rows name none."""

    documents: tuple[Document, ...]
    usage: list[Usage]
    elsewhere_coins: int
    known_coins: int  # of rows that repeat a gift
    left_out: bool  # whether there were rows of other creators than the one that is meant


class _File(NamedTuple):
    name: str
    shape: Shape
    places: tuple[int | None, ...]  # for each of COLUMNS
    kinds: tuple[tuple[str, str], ...]  # what the cells of each are
    extra: tuple[str, ...]
    header: Header | None  # of a CSV
    identity: tuple[int, ...]
    rows: int = -1  # of Parquet, as it says itself


def read(names: Sequence[str], settings: Settings, *, engine: str = DUCKDB, master: str = "", only: str = "") -> Many:
    """Usage of all these files together; `only` of one creator. Raises `Doubt` where the strict reader has to look.

    Refuses (A027) an engine that is not there.
    """
    if settings.profiles or settings.input_timezone not in ("", "UTC"):
        raise Doubt("times without a zone that are not UTC, or a profile")
    if set(settings.creator) & set("\\'"):
        raise Doubt("a name that SQL reads in more than one way")
    files = dict(enumerate(_looked_at(names, settings)))
    paths = {number: Path(file.name) for number, file in files.items()}
    creator = columns.literal(settings.creator)
    with ThreadPoolExecutor(max_workers=2) as pool:
        # Hashing and both engines let go of the interpreter lock, so this runs beside the queries.
        seen = {number: pool.submit(_bytes_of, file) for number, file in files.items()}
        try:
            if engine != DUCKDB:  # it would fail on the first bad line, without a word on which
                for waiting in seen.values():
                    waiting.result()
            with opened(engine, master, paths) as open_engine:
                relations = _relations(open_engine, files, paths)
                proven = _proven(open_engine, relations, creator, files)
                odd = _odd_names(open_engine, relations, creator)
                found = _Found(files, settings, only)
                for row in open_engine.rows(usage_sql.usage(relations, creator)):
                    found.take(row)
        except BaseException:
            for waiting in seen.values():
                waiting.cancel()
            raise
        documents = found.documents(proven, odd, {number: done.result() for number, done in seen.items()})
    for file in files.values():
        if sources.identity(os.stat(file.name)) != file.identity:  # noqa: PTH116
            raise Doubt(f"{file.name} changed while it was read")
    return Many(documents, found.usage, found.elsewhere_coins, found.known_coins, found.others)


def _looked_at(names: Sequence[str], settings: Settings) -> list[_File]:
    """Every file with its columns, by its first bytes alone."""
    files: list[_File] = []
    with columns.workshop() as folder:
        for number, name in enumerate(names):
            if name == sources.STDIN:
                raise Doubt("standard input can be read only once")
            with sources.open_source(name, encoding="utf-8", stdin=None) as source:
                identity = sources.identity(os.fstat(source.stream.fileno()))
                if source.is_parquet:
                    files.append(_parquet(source, f"{folder}/{number}", settings, identity))
                elif source.form == "csv" and source.encoding == "utf-8" and is_plain(source):
                    files.append(_csv(source, settings, identity))
                else:
                    raise Doubt(f"{name} is neither Parquet nor a plain gift CSV in UTF-8")
    return files


def _csv(source: Source, settings: Settings, identity: tuple[int, ...]) -> _File:
    header = read_header(source, GiftRows(source.name, settings, ProblemLog()))
    if header.line != 1 or header.repaired or header.flags:
        raise Doubt(f"{source.name} has a header that needs a closer look")
    shape = Shape("csv", tuple(f"c{place}" for place in range(len(header.names))), header.delimiter)
    kinds = tuple((name, usage_sql.TEXT) for name in COLUMNS)
    return _File(source.name, shape, header.columns, kinds, header.extra, header, identity)


def _parquet(source: Source, link: str, settings: Settings, identity: tuple[int, ...]) -> _File:
    Path(link).symlink_to(gift_parquet.file_of(source).absolute())
    connection = columns.connect(str(Path(link).parent), [link], memory="100MB")
    try:
        types = gift_parquet.types_of(connection, link, source.name)
        (rows,) = connection.execute(f"SELECT count(*) FROM {gift_parquet.rows_of(link)}").fetchone()
    finally:
        connection.close()
    spelled = tuple(types)
    names = tuple(map(normal, spelled))
    if name_problems(names, settings, file=source.name, at=(0, 0), place=lambda _: (0, 0), what="column"):
        raise Doubt(f"{source.name} has columns that need a closer look")
    places = tuple(names.index(name) if name in names else None for name in COLUMNS)
    kinds = []
    for name, place in zip(COLUMNS, places, strict=True):
        kind = usage_sql.TEXT if place is None else _kind(types[spelled[place]])
        if place is not None and not gift_parquet.may_hold(name, types[spelled[place]]):
            raise Doubt(f"{source.name} has a column {name} of type {types[spelled[place]]}")
        kinds.append((name, kind))
    extra = tuple(spelled[place] for place, name in enumerate(names) if name not in COLUMNS)
    return _File(source.name, Shape("parquet", spelled), places, tuple(kinds), extra, None, identity, rows)


def _kind(of: str) -> str:
    """What the cells of a column of this type are."""
    if of in gift_parquet.WHOLE:
        return usage_sql.WHOLE
    if of in gift_parquet.LOCAL:
        return usage_sql.LOCAL
    return usage_sql.INSTANT if of == gift_parquet.INSTANT else usage_sql.TEXT


def _relations(engine: Engine, files: dict[int, _File], paths: dict[int, Path]) -> list[usage_sql.Relation]:
    alike: dict[tuple[object, ...], list[int]] = {}
    for number, file in files.items():
        alike.setdefault((file.shape, file.places, file.kinds), []).append(number)
    return [
        usage_sql.Relation(
            engine.relation(files[numbers[0]].shape, {number: paths[number] for number in numbers}),
            files[numbers[0]].places,
            dict(files[numbers[0]].kinds),
        )
        for numbers in alike.values()
    ]


class _Proof(NamedTuple):
    """Of the rows of a file."""

    rows: int
    bad: int
    naive: int
    nameless: int
    long_ids: int
    zeroed: int


def _proven(engine: Engine, relations: list[usage_sql.Relation], creator: str, files: dict[int, _File]) -> dict[int, _Proof]:
    proven = {row[0]: _Proof(*map(int, row[1:])) for row in engine.rows(usage_sql.proof(relations, creator))}
    for number, file in files.items():
        proof = proven.setdefault(number, _Proof(0, 0, 0, 0, 0, 0))
        if proof.bad:
            raise Doubt(f"{file.name} has {proof.bad:,} rows that are not plainly clean")
        if damaged(proof.zeroed, proof.long_ids):
            raise Doubt(f"{file.name} has ids that a spreadsheet may have cut")
        if proof.nameless and len(files) > 1:
            raise Doubt(f"{file.name} has {proof.nameless:,} rows without event_id, beside other files")
    return proven


def _odd_names(engine: Engine, relations: list[usage_sql.Relation], creator: str) -> dict[int, int]:
    """How many odd texts each file has, as `GiftRows` counts them."""
    odd: Counter[int] = Counter()
    for number, name, decides, times in engine.rows(usage_sql.odd_names(relations, creator)):
        try:
            same = cells.text(name) == name and not cells.is_dressed(name)
        except CellError as error:
            raise Doubt(str(error)) from None
        if decides and not same:
            raise Doubt(f"a name that is not written in the normal form: {cells.short(name)}")
        odd[number] += int(times) if cells.is_odd(name) else 0
    return odd


class _Found:
    """Takes the rows of the query of usage."""

    def __init__(self, files: dict[int, _File], settings: Settings, only: str) -> None:
        self._files, self._settings, self._only = files, settings, only
        self.usage: list[Usage] = []
        self.elsewhere_coins = self.known_coins = 0
        self._new: Counter[int] = Counter()
        self._elsewhere: Counter[int] = Counter()
        self._again = 0
        self.others = False
        self._streams: set[str] = set()

    def take(self, row: Sequence[Any]) -> None:
        number, creator, region, stream, elsewhere, began, coins, gifts, first, last, known, known_coins, conflicts = row
        if conflicts:
            raise Doubt(f"the same id with other contents: of {cells.short(creator)} in {self._files[number].name}")
        if stream not in self._streams:
            if cells.identifier(stream) != stream or cells.looks_zeroed(stream) or cells.is_odd(stream):
                raise Doubt(f"a stream that needs a closer look: {cells.short(stream)}")
            self._streams.add(stream)
        if self._only and creator != self._only:
            self.others = True
            return
        self._again += int(known)
        self.known_coins += int(known_coins)
        if elsewhere:
            self._elsewhere[number] += gifts
            self.elsewhere_coins += int(coins)
            return
        self._new[number] += gifts
        micro = periods.MICROSECONDS
        usage = Usage(creator, region, stream, began // periods.QUARTER, int(coins), gifts, first // micro, last // micro)
        self.usage.append(usage)

    def documents(
        self, proven: dict[int, _Proof], odd: dict[int, int], seen: dict[int, tuple[str, int]]
    ) -> tuple[Document, ...]:
        if self.others and (self._again or self.elsewhere_coins):
            raise Doubt("rows of other creators beside rows that repeat a gift")
        found = []
        for number, file in self._files.items():
            sha256, lines = seen[number]
            proof, new, elsewhere = proven[number], self._new[number], self._elsewhere[number]
            if proof.rows != (lines - 1 if file.header else file.rows):
                raise Doubt(f"{file.name} has rows that the engine did not read, or read otherwise")
            rows = new if self.others else proof.rows
            if self.others and not new:
                continue  # a file of others alone
            notices = GiftRows(file.name, self._settings, ProblemLog(), naive_times=proof.naive, odd_texts=odd.get(number, 0))
            zeroed = {"event_id": (proof.zeroed, proof.long_ids)} if proof.zeroed else {}
            said = with_kept_out(notices.notices(zeroed), file.extra)
            kind = f"gift {'Parquet' if file.header is None else 'CSV'}"
            found.append(Document(file.name, kind, sha256, rows, new, rows - new - elsewhere, elsewhere, said))
        return tuple(found)


def _bytes_of(file: _File) -> tuple[str, int]:
    """The hash of a file, and how many lines a CSV has that is plainly clean; -1 of Parquet."""
    with Path(file.name).open("rb") as stream:
        if file.header is not None:
            clean = look_at_bytes(stream, file.header)
            if clean is None:
                raise Doubt(f"{file.name} is not plainly clean")
            return clean.sha256, clean.lines
        digest = hashlib.sha256()
        while data := stream.read(_CHUNK):
            digest.update(data)
        return digest.hexdigest(), -1
