"""Reading a table or a log of LIVE events with a profile of kind `events`: every row is a `Frame`, and combos fold as those
of any log do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from diamondctl.problems import Problem, ProblemLog
from diamondctl.readers import cells, combo_flags, mapped
from diamondctl.readers.cells import CellError, short
from diamondctl.readers.gift_rows import Facts, Settings, dressed_notice, with_kept_out
from diamondctl.readers.live_events import gift_type
from diamondctl.readers.live_frames import Frames
from diamondctl.readers.profile import Profile
from diamondctl.readers.sources import Source
from diamondctl.records import Frame

_IDS: Final = ("event_id", "gift_id", "stream", "combo")
_PEOPLE: Final = ("creator", "gifter", "receiver")


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Frame], None], profile: Profile) -> Facts:
    """Hand every frame to `take`."""
    rows = mapped.MappedRows(source, settings, log, profile)
    frames = Frames(source.name, rows.settings, log)
    dressed = 0
    for row, own in rows:
        try:
            end, going = _flag(own, "end"), _flag(own, "going_on")
            written = mapped.written(own, profile)
            frame, has_zone = _frame(written, rows.settings, source.name, row.line)
        except mapped.WrongCell as wrong:
            place = rows.locate(row, wrong.column)
            log.add(Problem(wrong.error.code, wrong.error.message, wrong.error.hint, source.name, *place))
            continue
        frames.naive_times += not has_zone
        dressed += sum(1 for name in _IDS if own[name] and cells.undressed(own[name]) != own[name])
        dressed += sum(1 for name in _PEOPLE if own[name] and cells.is_dressed(own[name]))
        if going is not None:
            frames.add_streaking(frame, going_on=going)
        else:
            frames.add(frame if end is None else frame._replace(repeat_end=int(end)))
    count = frames.hand_over(take)
    source.rewind()
    notices = [*frames.notices(), *dressed_notice(dressed), *rows.notices()]
    return Facts(count, with_kept_out(notices, rows.left if profile.form != "json" else ()))


def _flag(own: Mapping[str, str], name: str) -> bool | None:
    """What a flag says; None for a blank."""
    if not own[name].strip():
        return None
    said = combo_flags.says(own[name])
    if said is None:
        error = CellError(
            "J005", f"{name} is '{short(own[name])}'", "true or false, 1 or 0, or a word such as finished or active"
        )
        raise mapped.WrongCell(name, error)
    return said


def _frame(own: Mapping[str, str], settings: Settings, file: str, line: int) -> tuple[Frame, bool]:
    """The frame of a row, without its end flag, and whether its time names a zone; raises `WrongCell`."""
    name = "timestamp"

    def checked(column: str, check: Callable[[str], str] = cells.text) -> str:
        nonlocal name
        name = column
        text = own[column]
        if text and column in _PEOPLE and cells.is_dressed(text):
            return cells.undressed(text)
        return check(text) if text else ""

    try:
        if not own["timestamp"]:
            raise CellError("G010", "timestamp is blank", "fill it in, or remove the row")
        time, has_zone = cells.timestamp(own["timestamp"], settings.input_timezone or "UTC")
        gift, gift_id = checked("gift"), checked("gift_id", cells.identifier)
        if not gift and not gift_id:
            raise CellError(
                "G010", "gift is blank", "fill it in; where rows are no gifts: where: {COLUMN: VALUE} in the profile"
            )
        name = "coins"
        coins = cells.whole(own["coins"], cells.MAX_COINS, "coins") if own["coins"] else -1
        name = "quantity"
        count = cells.whole(own["quantity"], cells.MAX_QUANTITY, "quantity") if own["quantity"] else 1
        sender = checked("gifter")
        frame = Frame(
            time=time,
            creator=checked("creator"),
            room=checked("stream", cells.identifier),
            sender=sender,
            sender_name=sender,
            gift_id=gift_id,
            gift=gift,
            gift_type=gift_type(own["gift_type"], combo_flags.says(own["gift_type"]) if own["gift_type"] else None),
            coins=coins,
            repeat_count=max(count, 1),
            repeat_end=-1,
            group=checked("combo", cells.identifier),
            message_id=checked("event_id", cells.event_id),
            receiver=checked("receiver"),
            receiver_name="",
            host="",
            file=file,
            line=line,
        )
    except CellError as error:
        raise mapped.WrongCell(name, error) from None
    return frame, has_zone
