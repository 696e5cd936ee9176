"""What is said of many creators at once: who moved most, who streams no more. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from statistics import median_low
from typing import Final, NamedTuple

from diamondctl.reports.values import Account

_GAPS: Final = 3  # as long as so many usual ones is dark
_DAYS: Final = 4  # with LIVEs, from which on there is a usual gap


class Dark(NamedTuple):
    """A creator without a LIVE for three times the usual gap."""

    creator: str
    last_day: date
    usual: int  # days between two days with LIVEs, the lower median


def went_dark(accounts: Iterable[Account], start: date, end: date) -> tuple[Dark, ...]:
    """Those of several creators who went dark by the end of a day, the longest first; by their days since `start`."""
    days: dict[str, set[date]] = {}
    for account in accounts:
        mine = days.setdefault(account.creator, set())
        mine |= {day for day in account.person.days(account.timezone) if start <= day <= end}
    dark = []
    for creator, mine in days.items() if len(days) > 1 else ():
        if len(mine) >= _DAYS:
            usual = median_low([(later - earlier).days for earlier, later in pairwise(sorted(mine))])
            if (end - max(mine)).days >= _GAPS * usual:
                dark.append(Dark(creator, max(mine), usual))
    return tuple(sorted(dark, key=lambda item: (item.last_day, item.creator)))
