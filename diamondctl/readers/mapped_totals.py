"""Reading totals of any dashboard, sheet or saved reply with a profile of kind `totals`: a day, a month or a session a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from diamondctl import periods
from diamondctl.problems import Problem, ProblemLog
from diamondctl.readers import cells, dashboards, mapped
from diamondctl.readers.cells import CellError
from diamondctl.readers.gift_rows import Facts, Settings, with_kept_out
from diamondctl.readers.profile import Profile
from diamondctl.readers.sources import Source
from diamondctl.readers.total_rows import is_total
from diamondctl.records import Total
from diamondctl.words import counted


def read(source: Source, settings: Settings, log: ProblemLog, take: Callable[[Total], None], profile: Profile) -> Facts:
    """Hand every total to `take`."""
    rows = mapped.MappedRows(source, settings, log, profile)
    count = of_all = 0
    for row, own in rows:
        if is_total(own["timestamp"], row.cells):
            of_all += 1
            continue
        try:
            take(_total(own, rows, source.name, row.line))
            count += 1
        except mapped.WrongCell as wrong:
            place = rows.locate(row, wrong.column)
            log.add(Problem(wrong.error.code, wrong.error.message, wrong.error.hint, source.name, *place))
        except CellError as error:
            place = rows.locate(row, "diamonds" if error.code == "T006" else "timestamp")
            log.add(Problem(error.code, error.message, error.hint, source.name, *place))
    source.rewind()
    notices = rows.notices()
    if of_all:
        notices.append(f"{counted(of_all, 'row')} that adds the others up left out")
    return Facts(count, with_kept_out(notices, rows.left if profile.form != "json" else ()))


def _total(own: Mapping[str, str], rows: mapped.MappedRows, file: str, line: int) -> Total:
    profile, settings = rows.profile, rows.settings
    if not own["timestamp"].strip():
        raise CellError("T005", "nothing says which day this is", "fill it in, or remove the row")
    creator = cells.text(own["creator"]) or settings.creator
    if not creator:
        raise CellError("T004", "a row without a creator", "fill it in, or give --creator NAME")
    written = mapped.written_time(own["timestamp"], profile)
    counts = ("diamonds", "streams", "new_followers", "viewers", "likes", "comments")
    amounts = {name: mapped.written_count(own[name], profile) for name in counts}
    name = f"profile {profile.name}"
    if profile.span == "stream":
        start, _ = cells.timestamp(written, settings.input_timezone or "UTC")
        first = last = periods.utc_day(start // periods.QUARTER)
        total = dashboards.total({**own, **amounts}, creator, "stream", (first, last), (name, file, line))
        end = start + max(total.seconds, 0) * periods.MICROSECONDS
        last = periods.utc_day(end // periods.QUARTER)
        return total._replace(start=start, end=end, stream=cells.identifier(own["stream"]), last_day=last, streams=1)
    day = dashboards.day(written[:10])
    if len(written) > 10:
        # An instant is a day where the creator is.
        instant, has_zone = cells.timestamp(written, settings.input_timezone or "UTC")
        if has_zone and settings.input_timezone:
            day = periods.local_day(instant // periods.QUARTER, settings.input_timezone)
    days = (day, day) if profile.span == "day" else _month(day)
    return dashboards.total({**own, **amounts}, creator, profile.span, days, (name, file, line))


def _month(day: date) -> tuple[date, date]:
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
