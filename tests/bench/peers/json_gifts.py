"""Peer of `summary FILE` on JSON Lines: json and a dictionary add the coins of each creator, stream and day. Checks nothing.

Prints the gifts and coins it counted.
"""

import json
import sys

gifts = coins = 0
usage: dict[tuple[str, str, str], int] = {}
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        row = json.loads(line)
        key = (row["creator"], row["stream"], row["timestamp"][:10])
        total = row["coins"] * row["quantity"]
        usage[key] = usage.get(key, 0) + total
        gifts += 1
        coins += total
print(gifts, coins)
