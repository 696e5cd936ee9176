"""TikTok's "Download your data" as JSON, in its three generations: LIVE sessions as totals, and what
the person spent, which is no income. It holds no gifts that were received.

Sections are found by their names without case, blanks and punctuation. No public file has a session in it, so the unit of
`TotalEarning` is not known: it stays text until the person says what it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from diamondctl import periods
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import cells, dashboards
from diamondctl.readers.cells import CellError, short
from diamondctl.readers.gift_rows import Facts, Settings
from diamondctl.readers.json_values import DECODER
from diamondctl.readers.live_events import epoch
from diamondctl.readers.sources import MAX_WHOLE, Source
from diamondctl.records import Total
from diamondctl.words import counted

SOURCE: Final = "TikTok data export"
# Sections of the export's top level, normalised; a file whose first key is one of them is such an export.
_SECTIONS: Final = frozenset(
    (
        "activity", "youractivity", "tiktoklive", "incomepluswallettransactions", "incomepluswallet", "profile",
        "profileandsettings", "adsanddata", "appsettings", "comment", "directmessages", "directmessage", "video", "post",
        "tiktokshopping", "tiktokshop", "likesandfavorites", "location",
    )
)  # fmt: skip
_SPENDING: Final = {"sendgifts": "sent gift", "buygifts": "coin purchase", "coinpurchasehistorylist": "coin purchase"}
_EMPTY: Final = (None, "", "N/A", "None", "0", 0)
_GO_DATE: Final = re.compile(r"(.*?) \+0000 UTC")
_FIRST_KEY: Final = re.compile(r'\s*\{\s*("(?:[^"\\]|\\.)*")\s*:\s*(?:\{|null)')
_DEEPEST: Final = 8


def word(name: str) -> str:
    """A section's name as it is compared: `Income+ Wallet` and `Income Plus Wallet` are one."""
    return re.sub("[^a-z0-9]", "", name.casefold().replace("+", "plus"))


def recognises(source: Source) -> bool:
    """Whether a JSON source is a data export, by its first key."""
    match = _FIRST_KEY.match(source.head)
    try:
        return match is not None and word(json.loads(match[1])) in _SECTIONS
    except ValueError:
        return False


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Total], None]) -> Facts:
    """Hand every session to `take`.

    Refuses (T002) an export without a session, saying what is in it instead.
    """
    if source.size > MAX_WHOLE:
        hint = "unpack it and keep only its LIVE section"
        raise Refusal(Problem("F010", f"a data export of more than {MAX_WHOLE:,} bytes", hint, source.name))
    try:
        root = DECODER.decode(source.text.read().lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        hint = "it may be cut off; download it again"
        raise Refusal(Problem("J001", f"not JSON: {error.msg}", hint, source.name, error.lineno, error.colno)) from None
    except RecursionError:
        raise Refusal(Problem("J006", "nested too deep", "", source.name)) from None
    except ValueError as error:
        raise Refusal(Problem("J001", f"not JSON: {short(str(error))}", "download it again", source.name)) from None
    lists = list(_lists(root))
    sessions = [item for name, items in lists if name == "golivelist" for item in items]
    spent = {
        what: sum(len(items) for name, items in lists if _SPENDING.get(name) == what)
        for what in dict.fromkeys(_SPENDING.values())
    }
    spending = " and ".join(counted(number, what) for what, number in spent.items() if number)
    if not sessions:
        held = f"it holds {spending}: that is money spent, not earned" if spending else "it holds no LIVE session"
        hint = "this export has no gifts received; log them while you are live, or use LIVE Center"
        raise Refusal(Problem("T002", held, hint, source.name))
    if not settings.creator:
        raise Refusal(Problem("T004", "the sessions do not name the creator", "give --creator NAME", source.name))
    for number, item in enumerate(sessions, 1):
        try:
            take(_session(item, settings, source.name))
        except CellError as error:
            log.add(Problem(error.code, f"session {number}: {error.message}", error.hint, source.name))
    notices = [f"left out: {spending}, which are spending and no income"] if spending else []
    if not settings.earning_unit:
        notices.append(
            f"TotalEarning of {counted(len(sessions), 'session')} has no unit; if it is diamonds: --earning-unit diamonds"
        )
    return Facts(len(sessions), tuple(notices))


def _lists(value: Any, depth: int = 0) -> Iterator[tuple[str, list[Any]]]:
    """Every list of the export with its normalised name."""
    if depth > _DEEPEST or not isinstance(value, dict):
        return
    for key, inner in value.items():
        if isinstance(inner, list):
            yield word(key), inner
        else:
            yield from _lists(inner, depth + 1)


def _session(item: Any, settings: Settings, file: str) -> Total:
    if not isinstance(item, dict):
        raise CellError("J003", "expected an object", "download it again")
    fields = {word(key): value for key, value in item.items()}
    start, end = _moment(fields.get("livestarttime")), _moment(fields.get("liveendtime"))
    if not start:
        raise CellError("T005", "no LiveStartTime", "download it again")
    seconds = dashboards.duration(str(fields.get("liveduration") or ""))
    if seconds < 0 and end > start:
        seconds = (end - start) // 1_000_000
    earning = fields.get("totalearning")
    raw = "" if earning is None else cells.text(str(earning))
    diamonds = dashboards.count(raw, "TotalEarning") if settings.earning_unit == "diamonds" else (-1, False)
    room = fields.get("roomid")
    stream = "" if room in _EMPTY else cells.identifier(str(room))
    day, last = (periods.utc_day(instant // periods.QUARTER) for instant in (start, max(start, end)))
    viewers, likes = (dashboards.count(_text(fields.get(name)), name)[0] for name in ("totalview", "totallike"))
    return Total(
        settings.creator, "stream", day, last, start, end, stream, *diamonds, raw, seconds, 1, -1, SOURCE, file, 0,
        viewers=viewers, likes=likes,
    )  # fmt: skip


def _text(value: Any) -> str:
    """A number as text; blank for everything that is none."""
    text = "" if value is None else str(value)
    return text if text.isascii() and text.isdecimal() else ""


def _moment(value: Any) -> int:
    """An instant; UTC, as the export writes its dates. 0 for none."""
    if value in _EMPTY:
        return 0
    if isinstance(value, bool | float | dict | list):
        raise CellError("G011", f"time {short(str(value))} is in another form", "2026-10-31 20:15:00")
    written = str(value).strip()
    if written.isascii() and written.isdecimal():
        return epoch(written)
    match = _GO_DATE.fullmatch(written)
    return cells.timestamp(match[1] if match else written, "UTC")[0]
