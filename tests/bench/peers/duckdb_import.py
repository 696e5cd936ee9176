"""Peer of `import`: DuckDB adds the rows of a file to a table of its own, unless their id is there already. Checks nothing.

Arguments: the database, the file. Prints the rows and coins that the table holds then.
"""
# mypy: disable-error-code="import-not-found,import-untyped"

import sys

import duckdb

TABLE = """
    CREATE TABLE IF NOT EXISTS gifts (
        timestamp TIMESTAMPTZ, creator VARCHAR, gift VARCHAR, coins BIGINT, quantity BIGINT, event_id VARCHAR,
        gifter VARCHAR, gift_id VARCHAR, stream VARCHAR
    )
"""
ADD = """
    INSERT INTO gifts
    SELECT timestamp, creator, gift, coins, quantity, event_id, gifter, gift_id, stream
    FROM read_csv(?, types = {'event_id': 'VARCHAR', 'gift_id': 'VARCHAR', 'stream': 'VARCHAR'}) AS file
    ANTI JOIN gifts USING (creator, event_id)
"""
database = duckdb.connect(sys.argv[1])
database.execute("SET timezone = 'UTC'")
database.execute(TABLE)
database.execute(ADD, [sys.argv[2]])
print(*database.execute("SELECT count(*), sum(coins * quantity) FROM gifts").fetchall()[0])
