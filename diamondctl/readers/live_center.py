"""Totals of LIVE Center: CSV, one row a day. Known by its Japanese headers and `Date`; headers of other
languages are not known, and not guessed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers import csv_rows, dashboards
from diamondctl.readers.cells import CellError
from diamondctl.readers.gift_rows import Facts, Settings
from diamondctl.readers.profile import header_word
from diamondctl.readers.sources import Source
from diamondctl.records import Total

SOURCE: Final = "LIVE Center"
# The four files of LIVE Center by their headers: what is in each column.
_COLUMNS: Final[dict[tuple[str, ...], tuple[str, ...]]] = {
    ("date", "ダイヤモンド"): ("day", "diamonds"),
    ("date", "ギフト贈呈者", "新規フォロワー", "コメントした視聴者", "いいね", "シェア"): (
        "day",
        "",
        "new_followers",
        "comments",
        "likes",
        "",
    ),
    ("date", "live時間", "liveの合計数"): ("day", "seconds", "streams"),
    ("date", "視聴数", "ユニーク視聴者数", "平均視聴時間", "最高同時視聴者数", "平均同時視聴者数"): (
        "day",
        "",
        "viewers",
        *("",) * 3,
    ),
}


def _columns(source: Source) -> tuple[str, ...] | None:
    """What the columns of a file are, by its header line; None when it is none of LIVE Center."""
    try:
        return _COLUMNS.get(tuple(map(header_word, csv_rows.split_fields(source.first_line().strip("\ufeff \r\n"), ","))))
    except csv_rows.QuoteError:
        return None


def recognises(source: Source) -> bool:
    """Whether the header is one of the four, with nothing before it."""
    return source.first_line().casefold().startswith(("date,", '"date",')) and _columns(source) is not None


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Total], None]) -> Facts:
    """Hand every day to `take`. Refuses (T004) without `--creator`: the file names none."""
    columns = _columns(source)
    assert columns is not None
    if not settings.creator:
        raise Refusal(Problem("T004", "this file does not say whose days these are", "give --creator NAME", source.name))
    rows = 0
    for line, cells in csv_rows.rows(source, columns, log):
        rows += 1
        try:
            day = dashboards.day(cells["day"])
            take(dashboards.total(cells, settings.creator, "day", (day, day), (SOURCE, source.name, line)))
        except CellError as error:
            log.add(Problem(error.code, error.message, error.hint, source.name, line))
    return Facts(rows)
