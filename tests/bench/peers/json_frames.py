"""Peer of `summary` on an event log: json and a dictionary count the closing frames. Checks, folds and prices nothing.

Prints the gifts and coins it counted.
"""

import json
import sys

gifts = coins = 0
seen: dict[tuple[str, str], int] = {}
with open(sys.argv[1], encoding="utf-8") as file:
    for line in file:
        event = json.loads(line)
        if event.get("event") == "gift":
            data = event["data"]
            if data["giftType"] != 1 or data["repeatEnd"]:
                key = (data["userId"], data["giftName"])
                seen[key] = seen.get(key, 0) + 1
                gifts += 1
                coins += data["diamondCount"] * data["repeatCount"]
print(gifts, coins)
