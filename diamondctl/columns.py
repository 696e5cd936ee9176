"""Rows of a document as Parquet: its columns, the keyed aliases that stand for gifters, and a DuckDB that may touch only
the files it is given.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from diamondctl.files import remove_abandoned, temporary_folder
from diamondctl.problems import Problem, Refusal

# Of `records.Gift`; `gifter` is an alias, and so is a receiver who is not the creator. `line` may be left to the row's place.
TYPES: Final = {
    "line": "BIGINT",
    "time": "BIGINT",  # microseconds since 1970 UTC
    "creator": "VARCHAR",
    "gift": "VARCHAR",
    "coins": "BIGINT",
    "quantity": "BIGINT",
    "event_id": "VARCHAR",
    "gifter": "VARCHAR",
    "gift_id": "VARCHAR",
    "stream": "VARCHAR",
    "receiver": "VARCHAR",
    "region": "VARCHAR",
}
# How such a file is written. Against level 3 and pages of version 1 it takes two thirds of the time, and less room.
PARQUET: Final = "FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd, COMPRESSION_LEVEL 1, USE_TMP_FILE false"
ALIAS_DIGITS: Final = 32
_WORKSHOP: Final = "diamondctl-"
_ALIAS: Final = f"regexp_full_match({{column}}, '([0-9a-f]{{{{{ALIAS_DIGITS}}}}})?')"
# Microseconds of the years that readers take, with a day on both sides.
INSTANT: Final = "{column} BETWEEN 1451520000000000 AND 4102531200000000"
TEXT: Final = "length({column}) <= 2000"
# What the values of stored rows are: none is NULL, and each holds this of its `{column}`.
LIMITS: Final = {
    "line": "{column} >= 0",
    "time": INSTANT,
    "creator": f"{TEXT} AND {{column}} <> ''",
    "coins": "{column} BETWEEN 0 AND 999999999999999",
    "quantity": "{column} BETWEEN 1 AND 999999999 AND coins::HUGEINT * quantity <= 1000000000000000",
    "gifter": _ALIAS,
    "receiver": f"{{column}} = creator OR {_ALIAS}",
    "region": "regexp_full_match({column}, '([A-Z][A-Z])?')",
}


def alias_of(key: bytes, name: str) -> str:
    """The alias of a gifter: HMAC-SHA-256 of the name under the ledger's key, 32 hex digits. Blank stays blank."""
    return hmac.new(key, name.encode(), hashlib.sha256).hexdigest()[:ALIAS_DIGITS] if name else ""


def alias_sql(key: bytes, expression: str) -> str:
    """`alias_of` as SQL over a text expression (RFC 2104: two nested hashes of the padded key and the text)."""
    padded = key.ljust(64, b"\0")
    inner, outer = (_blob(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))
    digest = f"sha256({outer} || unhex(sha256({inner} || encode({expression}))))"
    return f"CASE WHEN {expression} = '' THEN '' ELSE left({digest}, {ALIAS_DIGITS}) END"


def _blob(data: bytes) -> str:
    return "'" + "".join(f"\\x{byte:02x}" for byte in data) + "'::BLOB"


def literal(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def workshop() -> Iterator[str]:
    """A private folder for links and for what DuckDB writes on the way; removed afterwards.

    Refuses one that cannot be made or has a name that DuckDB would take for a pattern (L012), and, while it is used, what
    DuckDB cannot read or write on the disk (L007).
    """
    import tempfile  # reports read the catalog only, and start without it

    with ExitStack() as made:
        try:
            parent = Path(tempfile.gettempdir())
            remove_abandoned(parent, _WORKSHOP)  # of commands that were killed: names may stand in there
            folder = str(made.enter_context(temporary_folder(parent, _WORKSHOP)))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            hint = "set TMPDIR to a folder with room that you may write to; nothing was changed"
            raise Refusal(Problem("L007", f"no temporary file can be made: {reason}", hint), exit_code=4) from None
        if set(folder) & set("*?["):
            hint = "set TMPDIR to another folder"
            raise Refusal(Problem("L012", "the folder for temporary files has a name with * ? or [", hint, folder))
        try:
            yield folder
        except Exception as error:
            if is_of_the_disk(error):
                reason = (
                    str(error)
                    .splitlines()[0]
                    .removeprefix("IO Error: ")
                    .removeprefix("Out of Memory Error: ")
                    .removeprefix("Permission Error: ")
                )
                problem = Problem("L007", f"a file cannot be read or written: {reason}", "nothing was changed")
                raise Refusal(problem, exit_code=4) from None
            raise


def is_of_the_disk(error: Exception) -> bool:
    """Whether DuckDB could not read or write, or has no room."""
    if not type(error).__module__.startswith(("duckdb", "_duckdb")):
        return False
    import duckdb

    # A file that may not be looked at counts to DuckDB as one that it is not allowed.
    return isinstance(error, (duckdb.IOException, duckdb.OutOfMemoryException, duckdb.PermissionException))


def private_link(folder: str, name: str, target: Path) -> str:
    """A link with a plain name in a workshop, so that no file name is ever a pattern or an address to DuckDB."""
    link = Path(folder) / name
    link.symlink_to(target.absolute())
    return str(link)


def connect(folder: str, paths: list[str], *, memory: str, ordered: bool = False) -> Any:
    """A database in memory that may touch `paths` and its own private `folder`, and nothing else; times are UTC."""
    import duckdb

    connection = duckdb.connect(
        config={"temp_directory": folder, "memory_limit": memory, "preserve_insertion_order": str(ordered).lower()}
    )
    connection.execute("SET timezone = 'UTC'")
    connection.execute("SET enable_progress_bar = false")  # it would stand among the output of who asks from a notebook
    connection.execute("SET autoinstall_known_extensions = false")
    connection.execute("SET autoload_known_extensions = false")
    connection.execute(f"SET allowed_paths = [{', '.join(map(literal, paths))}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def rows_sql(types: Mapping[str, str], later: Mapping[str, int] = MappingProxyType({})) -> str:
    """A query for the rows of `{file}`; a column of `later` that the file does not have yet holds its number."""
    names = ", ".join(f"coalesce({name}, {later[name]}) AS {name}" if name in later else name for name in types)
    blank = ", ".join(f"NULL::{types[name]} AS {name}" for name in later)
    more = f" UNION ALL BY NAME SELECT {blank} WHERE false" if later else ""
    return f"SELECT {names} FROM (SELECT * FROM read_parquet({{file}}, hive_partitioning = false){more})"


def check(
    connection: Any,
    link: str,
    path: Path,
    types: Mapping[str, str],
    limits: Mapping[str, str],
    later: Container[str] = (),
) -> None:
    """Refuse (L005) a Parquet file, opened by its `link`, whose columns or values are not those that we write; one that was
    written before may lack those of `later`.

    Its hash says that it is what the catalog names; a catalog that somebody else made may name anything.
    """
    import duckdb

    source = f"read_parquet({literal(link)}, hive_partitioning = false)"
    try:
        found = {name: kind for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        types = {name: kind for name, kind in types.items() if name in found or name not in later}
        wrong = next((name for name in found.keys() | types.keys() if found.get(name) != types.get(name)), "")
        if not wrong:
            holds = [
                limits.get(name, TEXT if kind == "VARCHAR" else "true").format(column=name) for name, kind in types.items()
            ]
            asked = ", ".join(
                f"bool_and(coalesce({name} IS NOT NULL AND ({each}), false))" for name, each in zip(types, holds, strict=True)
            )
            good = connection.execute(f"SELECT {asked} FROM {source}").fetchone()
            wrong = next((name for name, each in zip(types, good, strict=True) if each is False), "")
    except duckdb.Error as error:
        if is_of_the_disk(error):
            raise
        wrong = "its pages"
    if wrong:
        message = f"rows that diamondctl did not write: {wrong}"
        raise Refusal(Problem("L005", message, "nothing was changed; see: diamondctl doctor", str(path)), exit_code=4)


def query(
    path: Path,
    sql: str,
    values: Sequence[object] = (),
    *,
    memory: str,
    types: Mapping[str, str] | None,
    limits: Mapping[str, str],
    later: Container[str] = (),
) -> list[tuple[Any, ...]]:
    """The rows of a query over one Parquet file, which `sql` names as `{file}`; checked (L005) against its columns, unless
    `types` is None: then every value was judged on its way into the file.
    """
    with workshop() as folder:
        link = private_link(folder, "rows.parquet", path)
        connection = connect(folder, [link], memory=memory)
        try:
            if types is not None:
                check(connection, link, path, types, limits, later)
            rows: list[tuple[Any, ...]] = connection.execute(sql.format(file=literal(link)), values).fetchall()
            return rows
        finally:
            connection.close()
