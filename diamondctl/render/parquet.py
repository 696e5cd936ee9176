"""Tables as Parquet: made by DuckDB from CSV text whose columns have types that are said. The same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from diamondctl import columns

_MEMORY: Final = "256MB"


def parquet(name: str, rows: bytes, types: Mapping[str, str]) -> bytes:
    """One table, of CSV with a header in which blank is null; `types` are DuckDB's, by column."""
    with columns.workshop() as folder:
        source, path = Path(folder) / f"{name}.csv", Path(folder) / f"{name}.parquet"
        source.write_bytes(rows)
        connection = columns.connect(folder, [str(source), str(path)], memory=_MEMORY, ordered=True)
        try:
            kinds = ", ".join(f"{columns.literal(column)}: '{kind}'" for column, kind in types.items())
            connection.execute(
                f"COPY (SELECT * FROM read_csv({columns.literal(str(source))}, header = true, nullstr = '', "
                f"columns = {{{kinds}}}, quote = '\"', escape = '\"', delim = ',', auto_detect = false)) "
                f"TO {columns.literal(str(path))} (FORMAT parquet, COMPRESSION zstd)"
            )
        finally:
            connection.close()
        return path.read_bytes()
