"""Peer of `summary FOLDER`: DuckDB groups Parquet files in one query. Checks and prices nothing, and compares no ids.

Prints the gifts and coins it counted.
"""
# mypy: disable-error-code="import-not-found,import-untyped"

import sys

import duckdb

USAGE = """
    WITH usage AS (
        SELECT creator, stream, epoch_us(timestamp) // 900000000 AS quarter, count(*) AS gifts, sum(coins * quantity) AS coins
        FROM read_parquet(?)
        GROUP BY ALL
    )
    SELECT sum(gifts), sum(coins) FROM usage
"""

print(*duckdb.execute(USAGE, [f"{sys.argv[1]}/*.parquet"]).fetchall()[0])
