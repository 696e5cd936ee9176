"""What is common to those who follow a library's advice: read the gift events of a JSON Lines log, print what they come to."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from diamondctl.ratebook.store import shipped_folder


class Event(NamedTuple):
    """One gift event as the library hands it on."""

    gift_id: str
    kind: int
    coins: int
    times: int
    end: bool


def _get(event: dict[str, Any], *names: str) -> Any:
    """The first of some keys, wherever it stands."""
    for name in names:
        if name in event:
            return event[name]
    for value in event.values():
        if isinstance(value, dict) and (found := _get(value, *names)) is not None:
            return found
    return None


def events(path: Path) -> list[Event]:
    """The gift events of a log; a line that is no JSON ends the program, as it would."""
    found = []
    for line in path.read_text("utf-8").splitlines():
        event = json.loads(line)
        count = _get(event, "repeatCount", "repeat_count", "count")
        if count is None:
            continue
        found.append(
            Event(
                str(_get(event, "giftId", "gift_id") or _get(_get(event, "gift") or {}, "id")),
                int(_get(event, "giftType", "gift_type", "type") or 0) if "type" not in event else 1,
                int(_get(event, "diamondCount", "diamond_count") or 0),
                int(count),
                bool(_get(event, "repeatEnd", "repeat_end")),
            )
        )
    return found


def added_up(path: str, count: Callable[[Event], int], coins: Callable[[Event], int]) -> dict[str, int]:
    """What the events come to; `count` says how many of a gift one stands for, 0 for none, `coins` what one of it costs."""
    gifts = [(times, event) for event in events(Path(path)) if (times := count(event))]
    return {"gifts": len(gifts), "coins": sum(times * coins(event) for times, event in gifts)}


def of_the_event(event: Event) -> int:
    """The coins that the event itself carries."""
    return event.coins


def prices() -> Callable[[Event], int]:
    """The coins by the id of the gift in the shipped catalogue."""
    rows = json.loads((shipped_folder() / "tiktok/gifts.json").read_text("utf-8"))["gifts"]
    listed = {row[0]: row[-1][4] for row in rows}
    return lambda event: listed[event.gift_id]


def main(answer: Callable[[str], dict[str, int] | None]) -> None:
    """Run an advice as a program under test."""
    said = answer(sys.argv[-1])
    if said is None:
        sys.exit(1)
    json.dump(said, sys.stdout)
