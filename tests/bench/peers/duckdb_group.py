"""Peer of `summary FILE`: DuckDB groups the file in one query. Checks and prices nothing.

Prints the gifts and coins it counted.
"""
# mypy: disable-error-code="import-not-found,import-untyped"

import sys

import duckdb

USAGE = """
    WITH usage AS (
        SELECT creator, stream, timestamp[:10] AS day, count(*) AS gifts, sum(coins * quantity) AS coins
        FROM read_csv(?, types = {'timestamp': 'VARCHAR'})
        GROUP BY ALL
    )
    SELECT sum(gifts), sum(coins) FROM usage
"""

print(*duckdb.execute(USAGE, [sys.argv[1]]).fetchall()[0])
