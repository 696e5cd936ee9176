"""Makes an event log for the benchmark: `python -m tests.bench.frames FRAMES FILE` prints its gifts and coins. Seeded."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Final

from tests import live

SESSION: Final = 60  # gifts in one session; sessions follow each other
LENGTH: Final = 6_000_000  # milliseconds from one to the next


def write(path: Path, frames: int) -> tuple[int, int]:
    """Write at least so many frames of tiktok-live-connector 1; returns gifts and coins."""
    written = gifts = coins = number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(live.lines([live.CONNECTED]))
        while written < frames:
            sent = [
                gift._replace(start=gift.start + number * LENGTH, sender=gift.sender + number % 500)
                for gift in live.session(number, SESSION)
            ]
            for event in live.events(sent):
                item = live.connector_1(event._replace(message_id=f"74{number:06}{event.message_id[5:14]}37"))
                file.write(json.dumps(item, ensure_ascii=False) + "\n")
                written += 1
            gifts += len(sent)
            coins += sum(gift.coins * gift.times for gift in sent)
            number += 1
    return gifts, coins


if __name__ == "__main__":
    print(*write(Path(sys.argv[2]), int(sys.argv[1])))
