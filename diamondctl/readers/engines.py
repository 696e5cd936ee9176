"""What reads many files at once and runs SQL over them: DuckDB in this process, or a Spark that is there already."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from diamondctl import columns
from diamondctl.problems import Problem, Refusal

DUCKDB: Final = "duckdb"
SPARK: Final = "spark"
ENGINES: Final = (DUCKDB, SPARK)
THIS_MACHINE: Final = "local[*]"
_MEMORY: Final = "1000MB"
# In the name of a file Spark takes these for patterns, and has no way to write them out.
_PATTERNS: Final = frozenset("*?[]{}\\:")


class Doubt(Exception):
    """The strict reader has to look, and why."""


class Shape(NamedTuple):
    """Files that are alike: what they are made of, and their columns."""

    form: str  # csv | parquet
    names: tuple[str, ...]  # as the files have them; of a CSV only how many there are counts
    delimiter: str = ","


class Engine(Protocol):
    """Runs SQL over relations that it makes of files."""

    def relation(self, shape: Shape, files: Mapping[int, Path]) -> str:
        """What stands in FROM for these files, by their numbers: columns `file`, `c0`, `c1`, ..."""

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""


@contextmanager
def opened(name: str, master: str, files: Mapping[int, Path]) -> Iterator[Engine]:
    """An engine that may read these files. Refuses (A027) one that is not there; raises `Doubt` where it cannot read them."""
    with _spark(master, files) if name == SPARK else _duckdb(files) as engine:
        yield engine


class _DuckDB:
    def __init__(self, connection: Any, links: Mapping[int, str]) -> None:
        self._connection, self._links = connection, links

    def relation(self, shape: Shape, files: Mapping[int, Path]) -> str:
        links = ", ".join(columns.literal(self._links[number]) for number in files)
        if shape.form == "csv":
            types = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(shape.names)))
            return (
                f"(SELECT {_NUMBER}, * EXCLUDE (filename) FROM read_csv([{links}], columns = {{{types}}}, header = true, "
                f"delim = '{shape.delimiter}', quote = '\"', escape = '\"', auto_detect = false, strict_mode = true, "
                "hive_partitioning = false, filename = true))"
            )
        return f"(SELECT {_NUMBER}, {_named(shape)} FROM read_parquet([{links}], hive_partitioning = false, filename = true))"

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        found = self._connection.execute(sql)
        while some := found.fetchmany(10_000):
            yield from some


# Every file has a link of its own, whose name is its number.
_NUMBER: Final = "CAST(right(filename, 9) AS INTEGER) AS file"
_OF_DUCKDB: Final = (
    "CREATE MACRO matches(cell, pattern) AS regexp_full_match(cell, pattern)",
    "CREATE MACRO instant(cell) AS epoch_us(TRY_CAST(cell AS TIMESTAMPTZ))",
    "CREATE MACRO micros(moment) AS epoch_us(moment)",
    "CREATE MACRO digest(creator, id) AS hash(creator, id)",
)


def _named(shape: Shape) -> str:
    """Columns of Parquet as c0, c1, ..."""
    return ", ".join('"' + name.replace('"', '""') + f'" AS c{place}' for place, name in enumerate(shape.names))


@contextmanager
def _duckdb(files: Mapping[int, Path]) -> Iterator[Engine]:
    import duckdb

    with columns.workshop() as folder:
        links = {number: columns.private_link(folder, f"{number:09}", path) for number, path in files.items()}
        connection = columns.connect(folder, list(links.values()), memory=_MEMORY)
        try:
            for function in _OF_DUCKDB:
                connection.execute(function)
            yield _DuckDB(connection, links)
        except duckdb.Error as error:
            if columns.is_of_the_disk(error):
                raise
            raise Doubt(f"what DuckDB says of it: {str(error).splitlines()[0]}") from None
        finally:
            connection.close()


class _Spark:
    def __init__(self, session: Any) -> None:
        self._session, self._relations = session, 0

    def relation(self, shape: Shape, files: Mapping[int, Path]) -> str:
        from urllib.parse import unquote

        by_path = {str(path.absolute()): number for number, path in files.items()}
        addresses = [f"file:{path}" for path in by_path]
        if shape.form == "csv":
            schema = ", ".join(f"c{place} STRING" for place in range(len(shape.names)))
            options = {"header": True, "sep": shape.delimiter, "quote": '"', "escape": '"', "mode": "FAILFAST"}
            rows = self._session.read.options(**options).schema(schema).csv(addresses)
            chosen = [f"c{place}" for place in range(len(shape.names))]
        else:
            rows = self._session.read.parquet(*addresses)
            chosen = [f"`{name.replace('`', '``')}` AS c{place}" for place, name in enumerate(shape.names)]
        numbers = [(place, by_path[unquote(place)]) for place in map(_place, rows.inputFiles())]
        self._relations += 1
        name = f"files_{self._relations}"
        rows.selectExpr("regexp_replace(_metadata.file_path, '^file:/+', '/') AS path", *chosen).createOrReplaceTempView(
            f"{name}_rows"
        )
        self._session.createDataFrame(numbers, "path STRING, file INT").createOrReplaceTempView(f"{name}_numbers")
        return f"(SELECT * FROM {name}_rows JOIN {name}_numbers USING (path))"

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        yield from map(tuple, self._session.sql(sql).collect())


_OF_SPARK: Final = (
    "matches(cell STRING, pattern STRING) RETURNS BOOLEAN RETURN cell RLIKE concat('^(?:', pattern, ')\\\\z')",
    # Seconds may be left out, which Spark does not know.
    "instant(cell STRING) RETURNS BIGINT RETURN "
    "unix_micros(try_cast(regexp_replace(cell, '^(.{16})($|Z| ?UTC|[+-])', '$1:00$2') AS TIMESTAMP))",
    "micros(moment TIMESTAMP) RETURNS BIGINT RETURN unix_micros(moment)",
    "digest(creator STRING, id STRING) RETURNS BIGINT RETURN xxhash64(creator, id)",
)
_SETTINGS: Final = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
}


def _place(address: str) -> str:
    return "/" + address.removeprefix("file:").lstrip("/")


@contextmanager
def _spark(master: str, files: Mapping[int, Path]) -> Iterator[Engine]:
    import tempfile

    _refuse_patterns(files)
    try:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise _not_there("Spark is not installed here", "pip install 'diamondctl[spark]', or leave --engine out") from None

    builder: Any = SparkSession.builder
    if master.startswith("sc://"):
        builder = builder.remote(master)
    else:
        builder = builder.master(master or THIS_MACHINE).config("spark.ui.enabled", "false")
        if master.startswith("local") or not master:  # no cluster that has set it: as many parts as hands
            builder = builder.config("spark.sql.shuffle.partitions", str(os.cpu_count() or 1))
    session: Any = None
    with tempfile.TemporaryFile() as said:
        try:
            with _stderr_to(said):
                session = builder.appName("diamondctl").getOrCreate()
                for name, value in _SETTINGS.items():
                    session.conf.set(name, value)
                for function in _OF_SPARK:
                    session.sql(f"CREATE OR REPLACE TEMPORARY FUNCTION {function}")
                yield _Spark(session)
        except (PySparkException, Py4JError) as error:
            said.seek(0)
            raise _not_there(
                f"Spark at {master or THIS_MACHINE}: {_first_line(error, said.read().decode(errors='replace'))}"
            ) from None
        finally:
            if session is not None:
                session.stop()


def _refuse_patterns(files: Mapping[int, Path]) -> None:
    for path in files.values():
        if _PATTERNS & set(str(path.absolute())):
            hint = "rename it, or leave --engine out"
            raise Refusal(Problem("A027", "Spark takes one of * ? [ ] { } \\ : in a name for a pattern", hint, str(path)))


def _not_there(message: str, hint: str = "leave --engine out: this machine reads them too") -> Refusal:
    return Refusal(Problem("A027", message, hint))


def _first_line(error: Exception, said: str) -> str:
    """What went wrong, in a line: what Spark said of it, or what its own process printed."""
    if "JAVA_GATEWAY" in str(error) or "JAVA_HOME" in said:
        return "no Java here that starts"
    if "unresponsive" in said:
        return "nothing answers there"
    lines = [line.strip(": ") for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
    line = next((line for line in lines if "Exception:" in line), lines[0])
    return " ".join(line.rpartition("Exception:")[2].split())[:200]


@contextmanager
def _stderr_to(stream: Any) -> Iterator[None]:
    """What Spark's own process prints goes there: a report has nothing to say of it."""
    kept = os.dup(2)
    try:
        os.dup2(stream.fileno(), 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
