"""What a period seems to lack: creators without a gift or a total, long pauses, cross-checks that are off. Pure.

Only what is of days up to the end of the period decides, so that later files change no report of an earlier day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median_low
from types import MappingProxyType
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.periods import Period
from diamondctl.rating.rewards import Person
from diamondctl.records import Difference
from diamondctl.reports.remark import MISSING, PERIOD, stated
from diamondctl.reports.values import Origin
from diamondctl.words import counted, few

PAUSE: Final = 14  # days without a gift, of somebody who streams every week or oftener
RHYTHM: Final = 7  # days between two days with gifts, at most
DAYS: Final = 4  # with gifts, from which on there is a rhythm
_ONE_DAY: Final = timedelta(days=1)


class Gaps(NamedTuple):
    """What a report has to say: `missing` makes it incomplete, `remark` is one line, blank where there is nothing."""

    missing: tuple[str, ...] = ()
    remark: str = ""
    without: tuple[str, ...] = ()  # creators without a gift or a total
    pauses: Mapping[str, str] = MappingProxyType({})  # days without a gift that are unusual, in words, by creator
    off: tuple[str, ...] = ()  # of `missing`, cross-checks
    partly: Mapping[str, date] = MappingProxyType(
        {}
    )  # creators of whom much of the period before is older than all files: since
    before: str = ""  # what is to be said of changes against the period before, blank where there is nothing
    nearest: date | None = None  # where the period has nothing of anybody: the nearest day that something is of, if any is

    def no_change(self, creator: str) -> bool:
        """Whether a change against the period before would be one of the files, and not of what came."""
        return creator in self.without or creator in self.partly


def gaps(
    people: Sequence[tuple[Person, str]],
    period: Period,
    previous: Period,
    end: date,
    origin: Origin,
    terms: Mapping[str, tuple[date, date]] = MappingProxyType({}),
) -> Gaps:
    """What a period lacks, up to `end`, its last day that has been; days are those of each creator's time zone.

    A creator lacks nothing in a period that lies outside her `terms`, the first and the last day she is with the agency.
    """

    def there(name: str, *, throughout: bool = False) -> bool:
        first, last = terms.get(name, (date.min, date.max))
        return first <= (period.start if throughout else end) and (period.last_day if throughout else period.start) <= last

    def there_in(name: str, month: Period) -> bool:
        first, last = terms.get(name, (date.min, date.max))
        return first <= month.start and month.last_day <= last

    days: dict[str, set[date]] = {}
    known: dict[str, set[date]] = {}  # all of them, of what is carried too
    firsts: dict[str, date] = {}
    every: set[date] = set()  # days of gifts, and the first and the last of each total and of what is carried
    begun: set[str] = set()
    for person, timezone in people:
        mine = days.setdefault(person.creator, set())
        own = person.days(timezone)
        mine |= {day for day in own if previous.start <= day <= end}
        if person.carried is not None or (own and own[0] <= end):
            begun.add(person.creator)
        older = person.carried.credits if person.carried is not None else ()
        ends = [periods.local_day(quarter, timezone) for credit in older for quarter in (credit.first, credit.last)]
        firsts[person.creator] = min([firsts.get(person.creator, date.max), *ends, *own[:1]])
        known.setdefault(person.creator, set()).update(own, ends)
        every |= {*own, *ends}
    covered: dict[str, list[tuple[date, date]]] = {}
    for total in origin.totals:
        every |= {total.first_day, total.last_day}
        if total.first_day <= end:
            begun.add(total.creator)
            firsts[total.creator] = min(firsts.get(total.creator, date.max), total.first_day)
            covered.setdefault(total.creator, []).append((total.first_day, total.last_day))
            known.setdefault(total.creator, set())
    without = [
        name
        for name in filter(there, sorted(begun))
        if not any(period.start <= day for day in days.get(name, ()))
        and not any(last >= period.start for _, last in covered.get(name, ()))
    ]
    months = {
        name: empty
        for name in sorted(begun - {*without})
        if (empty := [
            month
            for month in _months(max(period.start, firsts[name]), min(end, period.last_day))
            if there_in(name, month)
            and not any(month.start <= day < month.end for day in known[name])
            and not any(first < month.end and month.start <= last for first, last in covered.get(name, ()))
        ])
    }  # fmt: skip
    off = off_texts(origin.checks, period, end)
    missing = [_without_text(without, period)] if without or (days and not begun) else []
    missing += [*([_months_text(months)] if months else ()), *off]
    pauses = {
        name: pause
        for name in sorted(begun - {*without, *covered, *months})
        if there(name, throughout=True) and end >= period.last_day and (pause := _pause(sorted(days[name]), period))
    }
    texts = {
        name: f"from {first} to {last}, who streams every {counted(usual, 'day') if usual > 1 else 'day'}"
        for name, (first, last, usual) in pauses.items()
    }
    remark = _remark(texts, [*filter(there, origin.undocumented)])
    partly = {
        name: day for name, day in sorted(firsts.items()) if name in begun - {*without} and _much(previous.start, day, previous)
    }
    earlier = {
        name: (first, last)
        for name in sorted(begun - {*without, *covered, *partly})
        if (found := _pause(sorted(days[name]), previous)) and _much(first := found[0], (last := found[1]) + _ONE_DAY, previous)
    }
    nearest = None
    if not any(period.start <= day <= end for day in every) and {*begun} <= {*without}:
        past, coming = [day for day in every if day < period.start], [day for day in every if day > end]
        nearest = max(past) if past else min(coming, default=None)
    return Gaps(
        tuple(missing), remark, tuple(without), texts, tuple(off), partly, _before_text(partly, earlier, previous), nearest
    )  # fmt: skip


def _much(first: date, after: date, period: Period) -> bool:
    """Whether the days `[first, after)` are more than a fifth of a period, and end in it."""
    return after < period.end and (after - first).days * 5 > (period.end - period.start).days


def _before_text(partly: Mapping[str, date], pauses: Mapping[str, tuple[date, date]], previous: Period) -> str:
    """Why changes against the period before are not told, or may be none."""
    texts = []
    if partly:
        since = few([f"{name} is recorded from {day} on" for name, day in partly.items()])
        texts.append(f"No change against {previous.title} is told: {since} only.")
    if pauses:
        gone = few([f"of {name} from {first} to {last}" for name, (first, last) in pauses.items()])
        texts.append(f"A change against {previous.title} may be of a missing file: no gift {gone}.")
    return stated(PERIOD, " ".join(texts)) if texts else ""


def _months(first: date, last: date) -> list[Period]:
    """The calendar months that lie wholly within some days, where those are more than one month."""
    month = periods.month_of(first)
    months = []
    while month.last_day <= last:
        months.append(month)
        month = periods.month_of(month.end)
    return months if months and months[0].start >= first else months[1:]


def _months_text(months: Mapping[str, Sequence[Period]]) -> str:
    """Whole months of a longer period of which nothing is known: alone each of them would be incomplete."""
    whose = few([f"{name} in {few([month.label for month in empty], 6)}" for name, empty in months.items()])
    return stated(
        MISSING,
        f"Incomplete: no gift and no total of {whose}. A gift export, a LIVE log, or totals of LIVE Center or Backstage would "
        "cover what is missing:",
        "diamondctl import FILE",
    )


def _without_text(names: Sequence[str], period: Period) -> str:
    whose = f" of {few(names)}" if names else ""
    return stated(
        MISSING,
        f"Incomplete: no gift and no total{whose} in {period.label}. A gift export, a LIVE log, or totals of LIVE Center or "
        f"Backstage would cover {period.start} to {period.last_day}:",
        "diamondctl import FILE",
    )


def off_texts(checks: Iterable[Difference], period: Period, end: date) -> list[str]:
    """Sources that are off by more than 1 % of what counts on days of a period, one sentence each."""
    off: dict[tuple[str, str, str], list[Difference]] = {}
    for run in runs(check for check in checks if period.start <= check.first_day and check.last_day <= end):
        if run.off:
            off.setdefault((run.creator, run.source, run.beside), []).append(run)
    texts: list[str] = []
    for (creator, source, beside), found in sorted(off.items()):
        says, counts = sum(run.says for run in found), sum(run.counts for run in found)
        by = f" by {abs(says - counts) * 100 // says:,}%" if says and abs(says - counts) * 100 >= says else ""
        first, last = min(run.first_day for run in found), max(run.last_day for run in found)
        when = f"on {first}" if first == last else f"from {first} to {last}"
        text = (
            f"Cross-check off{by}: {source} {'say' if source.endswith('s') else 'says'} {says:,} diamonds of {creator} {when}, "
            f"the {beside} have {counts:,} coins there. Is a file missing, or one too many?"
        )
        texts.append(stated(MISSING, text))
    return texts


def runs(checks: Iterable[Difference]) -> list[Difference]:
    """Days that follow each other as one: a LIVE over midnight is of one day here and of the other there."""
    joined: list[Difference] = []
    for check in sorted(check for check in checks if check.says != check.counts):
        last = joined[-1] if joined else None
        if last and last[:3] == check[:3] and last.last_day + _ONE_DAY == check.first_day:
            joined[-1] = last._replace(last_day=check.last_day, says=last.says + check.says, counts=last.counts + check.counts)
        else:
            joined.append(check)
    return joined


def _pause(days: Sequence[date], period: Period) -> tuple[date, date, int] | None:
    """The longest run of days of a period without a gift, where it is none of the creator's usual ones, and the usual one."""
    if len(days) < DAYS:
        return None
    usual = median_low([(later - earlier).days for earlier, later in pairwise(days)])
    inside = (day for day in days[1:] if period.start <= day < period.end)
    edges = [max(days[0], period.start - _ONE_DAY), *inside, period.end]
    if days[0] >= period.start:
        edges.insert(0, period.start - _ONE_DAY)
    begin, after = max(pairwise(edges), key=lambda pair: pair[1] - pair[0])
    empty = (after - begin).days - 1
    if usual > RHYTHM or empty < max(PAUSE - 1, 2 * usual):
        return None
    return begin + _ONE_DAY, after - _ONE_DAY, usual


def _remark(pauses: Mapping[str, str], undocumented: Sequence[str]) -> str:
    """All of it in one line."""
    parts = [f"no gift of {name} {when}" for name, when in pauses.items()]
    if undocumented:
        parts.append(f"no document of {few(sorted(undocumented))}, whom the settings name")
    return stated(PERIOD, f"Perhaps missing: {'; '.join(parts)}.") if parts else ""
