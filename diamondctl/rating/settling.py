"""When the platform adds a credit to the balance. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from diamondctl import periods
from diamondctl.rating.credits import GATHERED, WEEKLY, Credit


def credited_from(credit: Credit, last: int, timezone: str) -> int:
    """First quarter at which a credit is in the balance, days in the rate zone's `timezone`.

    A stream is credited when it is over, which is taken as the quarter after its last gift, `last`: later than that of a
    credit-so-far. A day, week or month is credited when it has ended; the weekly part of a share on the Monday after (E5).
    """
    if credit.unit in ("stream", GATHERED):
        return last + 1
    first = date.fromisoformat(credit.name)
    if credit.unit == WEEKLY:
        return periods.day_start(first + timedelta(days=7), timezone) + 1  # on that Monday, not at the end of the Sunday
    if credit.unit == "day":
        after = first + timedelta(days=1)
    elif credit.unit == "week":
        after = first + timedelta(days=7)
    else:
        after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return periods.day_start(after, timezone)
