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
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.sources import Source
from diamondctl.records import Frame

COLUMNS: Final = ("timestamp", "user_id", "nickname", "gift_name", "repeat_count", "streakable", "streaking")
_FLAGS: Final = {"true": True, "false": False, "1": True, "0": False}


def recognises(header: str) -> bool:
    """Whether the first line of a file is this logger's."""
    return tuple(name.strip().strip('"').casefold() for name in header.split(",")) == COLUMNS


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Frame], None]) -> tuple[int, list[str]]:
    """Hand every frame to `take`; returns how many there are, and notices."""
    line = 0
    for text in source.text:
        line += 1
        if text.strip("\ufeff \t\r\n"):
            break
    from diamondctl.readers.live_frames import Frames

    frames = Frames(source.name, settings, log)
    naive: list[int] = []
    for record in csv_rows.records(source.text, ",", first_line=line + 1, file=source.name, log=log):
        if len(record.fields) != len(COLUMNS):
            message = f"{len(record.fields)} fields, the header has {len(COLUMNS)}"
            log.add(Problem("C002", message, "the row may be cut off", source.name, record.line))
            continue
        row = dict(zip(COLUMNS, record.fields, strict=True))
        try:
            instant, has_zone = cells.timestamp(row["timestamp"], settings.input_timezone or "UTC")
            if not has_zone:
                naive.append(record.line)
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
                line=record.line,
            )
        except CellError as error:
            log.add(Problem(error.code, error.message, error.hint, source.name, record.line))
            continue
        frames.add_streaking(frame, going_on=bool(flags[1]))
    if naive and not settings.input_timezone:
        message = "this logger writes local times, and nothing says of which zone"
        hint = "give the zone of the computer that logged: --input-timezone America/Los_Angeles"
        raise Refusal(Problem("E008", message, hint, source.name, naive[0]))
    return frames.hand_over(take), frames.notices()
