"""Peer of `import`: sqlite-utils inserts the rows of a file into a table, its event id as key; a row that is there is left.

Arguments: the database, the file. Prints the rows and coins that the table holds then.
"""
# mypy: disable-error-code="import-not-found,import-untyped"

import csv
import sys

import sqlite_utils

database = sqlite_utils.Database(sys.argv[1])
with open(sys.argv[2], encoding="utf-8", newline="") as file:
    rows = ({**row, "coins": int(row["coins"]), "quantity": int(row["quantity"])} for row in csv.DictReader(file))
    database["gifts"].insert_all(rows, pk="event_id", ignore=True, batch_size=5_000)
print(*next(iter(database.execute("SELECT count(*), sum(coins * quantity) FROM gifts"))))
