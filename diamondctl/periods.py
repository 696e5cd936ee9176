"""Calendar periods, time zones and instants. Reads no clock.

Conventions, stated once: an instant is an int, microseconds since 1970-01-01 UTC; a *quarter* is an int, quarters of an
hour since then (every time zone's offset is a multiple of 15 minutes); periods are half-open `[start, end)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from diamondctl.problems import Problem, Refusal

MICROSECONDS: Final = 1_000_000
QUARTER: Final = 900 * MICROSECONDS
DAY: Final = 96 * QUARTER
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_NAIVE: Final = datetime(1970, 1, 1)
_FORMS: Final = (
    "2026, 2026-Q3, 2026-10, 2026-W44, 2026-10-05, 2026-10-03..2026-10-09, october, oct 2026, today, this-month or last-month"
)
_MONTHS: Final = tuple("January February March April May June July August September October November December".split())  # noqa: SIM905


def instant_of(moment: datetime) -> int:
    """Microseconds since the epoch of an aware datetime, or of a naive one taken as UTC."""
    delta = moment - (_EPOCH if moment.tzinfo else _EPOCH_NAIVE)
    return (delta.days * 86_400 + delta.seconds) * MICROSECONDS + delta.microseconds


@lru_cache(maxsize=512)
def zone(name: str) -> ZoneInfo:
    """The IANA time zone; refuses unknown names (A003)."""
    try:
        # `localtime`, `right/UTC` and the like depend on the machine or count leap seconds.
        if not re.fullmatch("[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*", name):
            raise ValueError
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        hint = "use a name such as America/Los_Angeles, Europe/London or UTC"
        raise Refusal(Problem("A003", f"'{name}' is not a known time zone", hint)) from None


@lru_cache(maxsize=65_536)
def local_day(quarter: int, timezone: str) -> date:
    """The calendar day in `timezone` that holds the quarter hour."""
    return (_EPOCH + timedelta(minutes=15 * quarter)).astimezone(zone(timezone)).date()


def days_of(quarters: Iterable[int], timezone: str) -> list[date]:
    """The days in `timezone` that hold some quarters, given in order: each once, in order. Looked up only where one begins."""
    days: list[date] = []
    over = 0
    for quarter in quarters:
        if quarter >= over:
            days.append(local_day(quarter, timezone))
            over = day_start(days[-1] + timedelta(days=1), timezone)
    return days


@lru_cache(maxsize=8_192)
def day_start(day: date, timezone: str) -> int:
    """The first quarter of `day` in `timezone` (the first that exists, where a clock change skips midnight)."""
    local = datetime(day.year, day.month, day.day, tzinfo=zone(timezone))
    # A skipped midnight is mapped to the moment of the change by going through UTC.
    return -(-instant_of(local.astimezone(UTC)) // QUARTER)


def second_of(day: date, hour: int, minute: int, timezone: str) -> int:
    """The second since 1970 UTC at which a minute of a day begins; of a minute that comes twice, the first."""
    return (
        instant_of(datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone(timezone)).astimezone(UTC)) // MICROSECONDS
    )


def utc_day(quarter: int) -> date:
    """The UTC day that holds a quarter."""
    return (_EPOCH + timedelta(minutes=15 * quarter)).date()


def day_text(day: int) -> str:
    """A UTC day, counted from 1970, as 2026-10-31."""
    return (_EPOCH + timedelta(days=day)).date().isoformat()


def parse_day(text: str, what: str) -> date:
    """A date written YYYY-MM-DD; refuses everything else (A002). `what` names the option."""
    if re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise Refusal(Problem("A002", f"{what}: '{text}' is not a date", "write it as 2026-10-31; years 2000 to 2099"))


class Period(NamedTuple):
    """Whole calendar days `[start, end)`, without a time zone until quarters are asked for."""

    start: date
    end: date
    label: str

    @property
    def last_day(self) -> date:
        """The last day inside."""
        return self.end - timedelta(days=1)

    @property
    def title(self) -> str:
        """What a header prints: `October 2026`, `2026-W44 (2026-10-26 to 2026-11-01)`."""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", self.label):
            return f"{_MONTHS[self.start.month - 1]} {self.start.year}"
        if re.fullmatch(r"[0-9]{4}", self.label):
            return self.label
        if ".." in self.label:
            return f"{self.start}" if self.start == self.last_day else f"{self.start} to {self.last_day}"
        return f"{self.label} ({self.start} to {self.last_day})"

    def short(self, other: Period) -> str:
        """The same beside another period, in few words: `October`, `Oct 2026` beside one of another year, `1 - 29 Nov`."""
        month, year = _MONTHS[self.start.month - 1], self.start.year
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", self.label) and self.end == month_of(self.start).end:
            return month if other.start.year == year else f"{month[:3]} {year}"
        if re.fullmatch(r"[0-9]{4}(-[QW][0-9]+)?", self.label) and self[:2] == parse_period(self.label, self.last_day)[:2]:
            return self.label
        if self.start == self.last_day:
            return day_words(self.start)
        first, last = (f"{day.day} {_MONTHS[day.month - 1][:3]}" for day in (self.start, self.last_day))
        of_year = "" if other.start.year == year else f" {year}"
        return f"{first.split()[0] if first.split()[1] == last.split()[1] else first} - {last}{of_year}"

    @property
    def words(self) -> str:
        """In a sentence: `October 2026`, `Sat 3 to Fri 9 Oct 2026`."""
        if ".." not in self.label:
            return self.title.split(" (")[0]
        last = f"{day_words(self.last_day)} {self.last_day.year}"
        if self.start == self.last_day:
            return last
        first = day_words(self.start, self.last_day)
        same = (self.start.year, self.start.month) == (self.last_day.year, self.last_day.month)
        return f"{first.rsplit(' ', 1)[0] if same else first} to {last}"

    def quarters(self, timezone: str) -> tuple[int, int]:
        """First quarter inside and first quarter after, for days in `timezone`."""
        return day_start(self.start, timezone), day_start(self.end, timezone)

    def before(self) -> Period:
        """The period of the same kind just before this one; the same number of days where it has no kind."""
        if re.fullmatch(r"[0-9]{4}", self.label):
            return year(self.start.year - 1)
        if re.fullmatch(r"[0-9]{4}-Q[1-4]", self.label):
            return _months(_months_earlier(self.start, 3), 3)
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", self.label):
            return month_of(self.start - timedelta(days=1))
        if "W" in self.label:
            return week_of(self.start - timedelta(days=7))
        return days(self.start - (self.end - self.start), self.start)


def day_words(day: date, near: date | None = None) -> str:
    """`Mon 2 Nov`; with its year where that is not the one of a day that the reader has in mind."""
    year = "" if near is None or near.year == day.year else f" {day.year}"
    return f"{WEEKDAYS[day.weekday()][:3].capitalize()} {day.day} {_MONTHS[day.month - 1][:3]}{year}"


def span_words(first: date, last: date) -> str:
    """In few words: `3 Oct 2026`, `3 - 9 Oct 2026`, `26 Dec - 31 Jul 2027`; a year or more apart `Dec 2026 - Jul 2028`."""
    days = [(str(day.day), _MONTHS[day.month - 1][:3], str(day.year)) for day in (first, last)]
    if first == last:
        return " ".join(days[0])
    if (last - first).days >= 365:
        return " - ".join(" ".join(day[1:]) for day in days)
    same = (first.year, first.month) == (last.year, last.month)
    return " - ".join((" ".join(days[0][: 1 if same else 2]), " ".join(days[1])))


def _months_earlier(day: date, count: int) -> date:
    index = day.year * 12 + day.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


def _months(start: date, count: int) -> Period:
    end = _months_earlier(start, -count)
    if count == 3:
        return Period(start, end, f"{start.year}-Q{start.month // 3 + 1}")
    return Period(start, end, f"{start.year:04d}-{start.month:02d}")


def month_of(day: date) -> Period:
    """The calendar month that holds `day`."""
    return _months(day.replace(day=1), 1)


def year(number: int) -> Period:
    """The calendar year."""
    return Period(date(number, 1, 1), date(number + 1, 1, 1), f"{number:04d}")


def week_of(day: date) -> Period:
    """The ISO week (Monday to Sunday) that holds `day`."""
    start = day - timedelta(days=day.weekday())
    iso = start.isocalendar()
    return Period(start, start + timedelta(days=7), f"{iso.year:04d}-W{iso.week:02d}")


def days(start: date, end: date) -> Period:
    """Any run of whole days `[start, end)`."""
    return Period(start, end, f"{start}..{end - timedelta(days=1)}")


def parse_period(text: str, today: date) -> Period:
    """A period in one of the written forms; `today` decides those without a year: `last-month`, `october`.

    Refuses everything else (A001).
    """
    try:
        if named := _NAMED.get("-".join(text.lower().split())):
            return named(today)
        if (month := _month_named(text, today)) is not None:
            return month
        if match := re.fullmatch(r"(20[0-9]{2})", text):
            return year(int(match[1]))
        if match := re.fullmatch(r"(20[0-9]{2})-Q([1-4])", text):
            return _months(date(int(match[1]), 3 * int(match[2]) - 2, 1), 3)
        if match := re.fullmatch(r"(20[0-9]{2})-([0-9]{2})", text):
            return month_of(date(int(match[1]), int(match[2]), 1))
        if match := re.fullmatch(r"(20[0-9]{2})-W([0-9]{2})", text):
            return week_of(date.fromisocalendar(int(match[1]), int(match[2]), 1))
        if re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
            day = date.fromisoformat(text)
            return days(day, day + timedelta(days=1))
        if match := re.fullmatch(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2})\.\.(20[0-9]{2}-[0-9]{2}-[0-9]{2})", text):
            first, last = date.fromisoformat(match[1]), date.fromisoformat(match[2])
            if first <= last:
                return days(first, last + timedelta(days=1))
    except (ValueError, OverflowError):
        pass
    raise Refusal(Problem("A001", f"'{text}' is not a period", f"write {_FORMS}"))


_NAMED: Final[dict[str, Callable[[date], Period]]] = {
    "today": lambda today: days(today, today + timedelta(days=1)),
    "yesterday": lambda today: days(today - timedelta(days=1), today),
    "this-week": week_of,
    "last-week": lambda today: week_of(today - timedelta(days=7)),
    "this-month": month_of,
    "last-month": lambda today: month_of(today.replace(day=1) - timedelta(days=1)),
    "this-year": lambda today: year(today.year),
    "last-year": lambda today: year(today.year - 1),
}


def _month_named(text: str, today: date) -> Period | None:
    """`october` (the last one that has begun), `oct 2026`, `2026 october`, `10/2026`; None for anything else."""
    words = re.sub("[-/ ]+", " ", text.strip().lower()).split(" ")
    numbers = [word for word in words if re.fullmatch("20[0-9]{2}", word)]
    others = [word for word in words if word not in numbers]
    if len(others) != 1 or len(words) > 2:
        return None
    names = [number for number, name in enumerate(_MONTHS, 1) if len(others[0]) > 2 and name.lower().startswith(others[0])]
    if not names and numbers and re.fullmatch(r"\s*(0?[1-9]|1[0-2])/20[0-9]{2}\s*", text):
        names = [int(others[0])]
    if not names or (others[0].isdecimal() and not numbers):
        return None
    if numbers:
        return month_of(date(int(numbers[0]), names[0], 1))
    return month_of(date(today.year - (names[0] > today.month), names[0], 1))


def span_of(kind: str, name: str, day: date) -> tuple[date, date]:
    """First and last day of what a recorded credit is for: of a LIVE, the day on which it was booked."""
    if kind == "live":
        return day, day
    period = parse_period(name, day)
    return period.start, period.last_day
