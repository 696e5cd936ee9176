"""The published CSV logger of LIVE gifts: one row per frame, `streakable` and `streaking` instead of type and end flag.

It writes local times without a zone, and neither gift ids nor coins: it needs `--input-timezone`, `--creator` and a gift
catalogue, in which a name counts only when every gift of that name costs the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import cells, csv_rows
from diamondctl.readers.cells import CellError
from diamondctl.readers.gift_rows import Facts, Settings
from diamondctl.readers.sources import Source
from diamondctl.records import Frame

COLUMNS: Final = ("timestamp", "user_id", "nickname", "gift_name", "repeat_count", "streakable", "streaking")
_FLAGS: Final = {"true": True, "false": False, "1": True, "0": False}


def recognises(source: Source) -> bool:
    """Whether the first line of a file is this logger's."""
    return tuple(name.strip().strip('"').casefold() for name in source.first_line().split(",")) == COLUMNS


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Frame], None]) -> Facts:
    """Hand every frame to `take`."""
    from diamondctl.readers.live_frames import Frames

    frames = Frames(source.name, settings, log)
    naive: list[int] = []
    for line, row in csv_rows.rows(source, COLUMNS, log):
        try:
            instant, has_zone = cells.timestamp(row["timestamp"], settings.input_timezone or "UTC")
            if not has_zone:
                naive.append(line)
            if not row["gift_name"]:
                raise CellError("G010", "gift_name is blank", "fill it in, or remove the row")
            flags = [_FLAGS.get(row[name].casefold()) for name in ("streakable", "streaking")]
            if None in flags:
                raise CellError("J005", "streakable and streaking are true or false", "export it again")
            frame = Frame(
                time=instant,
                creator="",
                room="",
                sender=cells.identifier(row["user_id"]) or cells.text(row["nickname"]),
                sender_name=cells.text(row["nickname"]),
                gift_id="",
                gift=cells.text(row["gift_name"]),
                gift_type=1 if flags[0] else 2,
                coins=-1,
                repeat_count=max(cells.whole(row["repeat_count"], cells.MAX_QUANTITY, "repeat_count"), 1),
                repeat_end=0,
                group="",
                message_id="",
                receiver="",
                receiver_name="",
                host="",
                file=source.name,
                line=line,
            )
        except CellError as error:
            log.add(Problem(error.code, error.message, error.hint, source.name, line))
            continue
        frames.add_streaking(frame, going_on=bool(flags[1]))
    if naive and not settings.input_timezone:
        message = "this logger writes local times, and nothing says of which zone"
        hint = "give the zone of the computer that logged: --input-timezone America/Los_Angeles"
        raise Refusal(Problem("E008", message, hint, source.name, naive[0]))
    count = frames.hand_over(take)
    return Facts(count, tuple(frames.notices()))
