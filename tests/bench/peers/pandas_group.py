"""Peer of `summary FILE`: pandas reads the five columns it needs and groups them. Checks and prices nothing.

Prints the gifts and coins it counted.
"""
# mypy: disable-error-code="import-not-found,import-untyped"

import sys

import pandas as pd

gifts = pd.read_csv(sys.argv[1], usecols=["timestamp", "creator", "coins", "quantity", "stream"], parse_dates=["timestamp"])
gifts["day"] = gifts["timestamp"].dt.floor("D")
gifts["total"] = gifts["coins"] * gifts["quantity"]
usage = gifts.groupby(["creator", "stream", "day"])["total"].agg(["size", "sum"])
print(usage["size"].sum(), usage["sum"].sum())
