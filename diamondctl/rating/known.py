"""What facts, and the gifts themselves, say of a stream, a day and a week, at a cut. Pure.

Gifts prove that a LIVE went on from the first to the last of them, to the second. Facts that somebody or a dashboard states
count once the LIVE or day they speak of has begun. A dashboard's day lends its minutes to a LIVE only if no other LIVE can
touch that day; where the dashboard does not say in whose time its days are, that holds in every zone that the gifts leave
open.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from operator import attrgetter
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range
from diamondctl.ratebook.entries import Missions
from diamondctl.rating.missions import (
    ANY,
    Built,
    DayFact,
    Facts,
    Interval,
    OfStream,
    OfWeek,
    StreamFact,
    minutes_live,
    of_stream,
)
from diamondctl.records import INFERRED, Usage
from diamondctl.words import counted

QUARTER: Final = 900  # seconds
WEEK: Final = 7
LONGEST: Final = 192 * QUARTER  # a name whose gifts span more than two days is no LIVE
_DAY: Final = timedelta(days=1)
_QUARTER = attrgetter("quarter")

# One zone for each way in which clocks go: the days of a dashboard that does not name its zone may be those of any.
ZONES: Final = (
    "UTC", "Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Marquesas", "America/Anchorage", "America/Los_Angeles",
    "America/Phoenix", "America/Denver", "America/Mexico_City", "America/Chicago", "America/Bogota", "America/New_York",
    "America/Santiago", "America/Caracas", "America/Halifax", "America/St_Johns", "America/Sao_Paulo", "Atlantic/South_Georgia",
    "Atlantic/Azores", "Europe/London", "Africa/Lagos", "Europe/Berlin", "Africa/Johannesburg", "Africa/Cairo",
    "Asia/Jerusalem", "Europe/Athens", "Asia/Riyadh", "Asia/Tehran", "Asia/Dubai", "Asia/Kabul", "Asia/Karachi", "Asia/Kolkata",
    "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon", "Asia/Bangkok", "Asia/Shanghai", "Australia/Eucla", "Asia/Tokyo",
    "Australia/Darwin", "Australia/Adelaide", "Australia/Brisbane", "Australia/Sydney", "Australia/Lord_Howe",
    "Pacific/Noumea", "Pacific/Auckland", "Pacific/Chatham", "Pacific/Tongatapu", "Pacific/Kiritimati",
)  # fmt: skip


class Span(NamedTuple):
    """The gifts of one LIVE."""

    stream: str
    first: int  # seconds since 1970 UTC
    last: int

    @property
    def proves(self) -> bool:
        """Whether it shows how long a LIVE went on; what was inferred from pauses may have been several."""
        return not self.stream.startswith(INFERRED) and self.first < self.last <= self.first + LONGEST

    @property
    def ends(self) -> tuple[int, int]:
        """Its first and last second, as far as they are known: of a lone quarter without seconds, those of the quarter."""
        return (self.first, self.last) if self.first <= self.last else (self.last, self.first - 1)


class Spans:
    """The streams of a person that have a name, each with its gifts by time."""

    def __init__(self, rows: Iterable[Usage]) -> None:
        self.rows: dict[str, list[Usage]] = {}
        for row in rows:
            if row.stream:
                self.rows.setdefault(row.stream, []).append(row)
        self._weeks: dict[str, dict[date, list[str]]] = {}  # by zone and Monday

    def at(self, stream: str, cut: int) -> Span:
        """From the first gift of a stream to the last before the quarter `cut`."""
        mine = self.rows[stream]
        first, last = mine[0], mine[-1] if mine[-1].quarter < cut else mine[bisect_left(mine, cut, key=_QUARTER) - 1]
        # Where a source of usage knows no seconds, a quarter of an hour by itself proves nothing.
        return Span(stream, first.first or (first.quarter + 1) * QUARTER, last.last or last.quarter * QUARTER)

    def last_quarter(self, stream: str, cut: int) -> int:
        """The quarter of the last gift of a stream before `cut`."""
        mine = self.rows[stream]
        return mine[-1].until if mine[-1].quarter < cut else mine[bisect_left(mine, cut, key=_QUARTER) - 1].until

    def all(self, cut: int) -> list[Span]:
        """Every stream that has begun before `cut`."""
        return [self.at(name, cut) for name, mine in self.rows.items() if mine[0].quarter < cut]

    def of_week(self, monday: date, timezone: str, cut: int) -> tuple[Span, ...]:
        """The streams with gifts in a week."""
        weeks = self._weeks.get(timezone)
        if weeks is None:
            weeks = self._weeks[timezone] = {}
            for name, mine in self.rows.items():
                days = [periods.local_day(row.quarter, timezone) for row in (mine[0], mine[-1])]
                if days[0] != days[1]:
                    days = periods.days_of((row.quarter for row in mine), timezone)
                for start in {day - timedelta(days=day.weekday()) for day in days}:
                    weeks.setdefault(start, []).append(name)
        return tuple(self.at(name, cut) for name in weeks.get(monday, ()) if self.rows[name][0].quarter < cut)


class Known:
    """What is known of one person's streams and weeks."""

    def __init__(self, facts: Facts, creator: str, timezone: str, spans: Spans) -> None:
        self._facts, self._creator, self._timezone, self._spans = facts, creator, timezone, spans
        self.of_days = any(who == creator for who, _ in facts.days)
        self.of_weeks = self.of_days or any(who == creator for who, _ in facts.streams)
        self._built: dict[object, Built] = {}  # by rules, which live as long as their zone: most are alike but for the seconds
        self._facing: dict[int, Facing] = {}

    def at(self, cut: int) -> Facing:
        """The same at a cut: facts of LIVEs and days that have begun before that quarter."""
        if cut not in self._facing:
            facts = self._facts
            days = {
                day: fact
                for (who, day), fact in facts.days.items()
                if who == self._creator and periods.day_start(day, fact.timezone or self._timezone) < cut
            }
            self._facing[cut] = Facing(facts, self._creator, self._timezone, self._spans, cut, days, self._built)
        return self._facing[cut]


class Facing:
    """What is known at one cut."""

    def __init__(
        self,
        facts: Facts,
        creator: str,
        timezone: str,
        spans: Spans,
        cut: int,
        days: dict[date, DayFact],
        built: dict[object, Built],
    ) -> None:
        self._facts, self._creator, self._timezone, self._spans, self._cut = facts, creator, timezone, spans, cut
        self._days, self._built = days, built
        # What the creator says of herself, where it is the same on all days: nothing.
        self._personal = facts.of(creator, date.max) if not facts.of_people(creator) else None

    def built(self, rules: Missions, stream: str, first: int) -> Built:
        """The points of a stream (blank: of all nameless ones of a unit) whose first gift is in a quarter."""
        facts = self.of_stream(rules, stream, first)
        minutes = minutes_live(rules, facts.seconds)
        key = (id(rules), minutes.points, facts[1:])
        built = self._built.get(key)
        if built is None:
            built = self._built[key] = of_stream(rules, facts)
        return built.with_term(minutes)

    def of_stream(self, rules: Missions, stream: str, first: int) -> OfStream:
        """What is known of it."""
        seconds, followers = ANY, ANY
        stated = None
        if stream:
            span = self._spans.at(stream, self._cut)
            if span.proves:
                seconds = Interval(span.last - span.first, None, f"its gifts span {_clock(span.last - span.first)}")
            stated = self._facts.streams.get((self._creator, stream))
        if stated is not None:
            if stated.seconds >= 0:
                seconds = Interval(stated.seconds, stated.seconds, stated.source)
            if stated.new_followers >= 0:
                followers = Interval(stated.new_followers, stated.new_followers, stated.source)
        if stream and self._days and not (seconds.is_exact and followers.is_exact):
            of_days, of_followers = self._lent(span)
            seconds = seconds if seconds.is_exact else seconds.within(of_days)
            followers = followers if followers.is_exact else followers.within(of_followers)
        person = self._personal or self._facts.of(self._creator, periods.local_day(first, self._timezone))
        penalty = Range(Decimal(0), rules.penalty) if person.penalty is None else Range.of(person.penalty)
        said = person.sources
        return OfStream(
            seconds, followers, penalty, said.get("penalty", ""), person.scheme, said.get("scheme", "")
        )  # fmt: skip

    def _lent(self, span: Span) -> tuple[Interval, Interval]:
        """What days say of the seconds and new followers of a LIVE: what holds in every zone that is left open."""
        if span.last - span.first > LONGEST:
            return ANY, ANY
        near = [item for item in self._live if item.first < span.last + LONGEST and item.last > span.first - LONGEST]
        ends: list[tuple[Interval, Interval]] = [self._lent_in(zone, span, near) for zone in self._zones]
        return _hull([seconds for seconds, _ in ends]), _hull([followers for _, followers in ends])

    def _lent_in(self, zone: str, span: Span, near: Sequence[Span]) -> tuple[Interval, Interval]:
        """The same if the days are those of one zone.

        At most a LIVE has what its days and the ones around have together, for it may have begun or ended without a gift; at
        least what a day has on which no other LIVE can have been.
        """
        begin, end = span.ends
        day, last_day = periods.local_day(begin // QUARTER, zone), periods.local_day(end // QUARTER, zone)
        around = [self._days.get(day + offset * _DAY) for offset in range(-1, (last_day - day).days + 2)]
        own = [fact for fact in around[1:-1] if fact is not None]
        alone = len(own) == 1 and day == last_day and self._alone(zone, day, span, near)
        lent = []
        for name in ("seconds", "new_followers"):
            numbers = [-1 if fact is None else getattr(fact, name) for fact in around]
            high = None if -1 in numbers or not self._stays(zone, day, last_day) else sum(numbers)
            low = numbers[1] if alone and numbers[1] > 0 else 0
            lent.append(Interval(low, high, own[0].source if own and (low or high is not None) else ""))
        return lent[0], lent[1]

    def _stays(self, zone: str, day: date, last_day: date) -> bool:
        """Whether a LIVE cannot have gone beyond the days around its own: then one of these was live all day."""
        for edge in (day - _DAY, last_day + _DAY):
            fact = self._days.get(edge)
            start, after = (periods.day_start(edge + offset * _DAY, zone) * QUARTER for offset in (0, 1))
            if fact is None or fact.seconds < 0 or fact.seconds >= after - start:
                return False
        return True

    def _alone(self, zone: str, day: date, span: Span, near: Sequence[Span]) -> bool:
        """Whether no other LIVE can touch a day: it counts one, and none of the days beside it can reach over midnight."""
        fact = self._days.get(day)
        if fact is None or fact.streams != 1:
            return False
        start, after = (periods.day_start(day + offset * _DAY, zone) * QUARTER for offset in (0, 1))
        if any(item.stream != span.stream and item.first < after and item.last >= start for item in near):
            return False
        before, following = self._days.get(day - _DAY), self._days.get(day + _DAY)
        for beside, edge, is_before in ((before, start, True), (following, after, False)):
            if beside is None or beside.seconds < 0 or beside.streams < 0:
                return False
            if not beside.seconds:
                continue
            low, high = (edge - LONGEST // 2, edge) if is_before else (edge, edge + LONGEST // 2)
            others = [item for item in near if item.stream != span.stream and item.last >= low and item.first < high]
            # One that no gift shows may lie anywhere, also at midnight.
            if len(others) < beside.streams:
                return False
            gaps = [edge - item.first if is_before else item.last - edge for item in others]
            if min(gaps, default=0) <= beside.seconds:
                return False
        return True

    @cached_property
    def _live(self) -> list[Span]:
        return sorted(self._spans.all(self._cut), key=lambda span: span.first)

    @cached_property
    def _zones(self) -> tuple[str, ...]:
        """The zones in which the days of the dashboard may be: that which it names, else all that gifts do not rule out."""
        if not self._days:
            return ()
        named = {fact.timezone for fact in self._days.values()}
        if named != {""}:
            return tuple(sorted(named - {""}))
        open_ = [zone for zone in dict.fromkeys((self._timezone, *ZONES)) if not self._contradicted(zone)]
        return tuple(open_)

    def _contradicted(self, zone: str) -> bool:
        """Whether gifts prove more on a day of this zone than the dashboard has for it."""
        proved: dict[date, int] = {}
        for span in self._live:
            for begin, end in _stretch(span, None):
                for day, seconds in _by_day(begin, end, zone):
                    proved[day] = max(seconds, proved.get(day, 0))
            for end in span.ends:
                proved.setdefault(periods.local_day(end // QUARTER, zone), 0)
        return any(
            (fact := self._days.get(day)) is not None
            and (0 <= fact.seconds < seconds or fact.seconds == 0 or fact.streams == 0)
            for day, seconds in proved.items()
        )

    def of_week(self, monday: date, spans: Iterable[Span], rules: Missions) -> OfWeek:
        """What is known of a week: its valid days by the streams in it, the rest by what the creator says of its end."""
        person = self._personal or self._facts.of(self._creator, monday + timedelta(days=WEEK - 1))
        fans = ANY
        if person.active_fans is not None:
            fans = Interval(person.active_fans, person.active_fans, person.sources["active_fans"])
        days, said = self._valid_days(monday, spans, rules), person.sources
        return OfWeek(days, fans, person.league, said.get("league", ""), person.scheme, said.get("scheme", ""))

    def _valid_days(self, monday: date, spans: Iterable[Span], rules: Missions) -> Interval:
        proved = self._proved(monday, spans, in_total=rules.valid_in_total)
        needed = rules.valid_minutes * 60
        if not self._zones:
            low = sum(proved.get(monday + timedelta(days=offset), 0) >= needed for offset in range(WEEK))
            return Interval(low, WEEK, "its streams" if low else "")
        of_zones = [self._valid_in(zone, monday, proved, needed, rules.valid_in_total) for zone in self._zones]
        low, high, from_days = min(item[0] for item in of_zones), max(item[1] for item in of_zones), of_zones[0][2]
        parts = [f"{counted(from_days, 'day')} by totals"] if from_days else []
        parts += ["its streams"] if low and from_days < WEEK else []
        return Interval(low, high, " and ".join(parts))

    def _valid_in(
        self, zone: str, monday: date, proved: Mapping[date, int], needed: int, in_total: bool
    ) -> tuple[int, int, int]:
        """Valid days, at least and at most, and of how many the dashboard tells, if its days are those of one zone."""
        days = [monday + timedelta(days=offset) for offset in range(WEEK)]
        told = {day: self._told(zone, day, needed, in_total) for day in (days[0] - _DAY, *days, days[-1] + _DAY)}
        # Where the dashboard says less than is proved, it begins its days at another hour, and those around as well.
        doubted = {
            day + timedelta(days=offset)
            for day, seconds in proved.items()
            if (of_day := told.get(day)) is not None and sum(of_day[0].values()) < seconds
            for offset in (-1, 0, 1)
        }
        low = high = from_days = 0
        spent: dict[date, int] = {}  # of the dashboard's days: no second is live on two of ours
        for day in days:
            of_day, enough = told[day], proved.get(day, 0) >= needed
            most, sure = of_day or ({}, False)
            free = {theirs: min(seconds, self._days[theirs].seconds - spent.get(theirs, 0)) for theirs, seconds in most.items()}
            if not enough and (of_day is None or day in doubted):
                high += 1
            elif enough or sum(free.values()) >= needed:
                low, high = low + (enough or sure), high + 1
                wanted = max(proved.get(day, 0), needed)
                for theirs, seconds in free.items():  # the earlier one first: the days after this have no part of it
                    spent[theirs] = spent.get(theirs, 0) + min(seconds, wanted)
                    wanted -= min(seconds, wanted)
            from_days += not enough and of_day is not None and day not in doubted
        return low, high, from_days

    def _told(self, zone: str, day: date, needed: int, in_total: bool) -> tuple[dict[date, int], bool] | None:
        """What the dashboard's days say of one of ours; None: nothing.

        Of each that it has a part of the seconds that can have been live in that part, and whether it was long enough, even if
        all that has room outside of our day was there. Unless minutes count in total, one LIVE has to be: of so much time that
        one of them was, one is certain.
        """
        most, sure, least = {}, False, 0
        for theirs, shared, whole in _shared(zone, self._timezone, day):
            fact = self._days.get(theirs)
            if fact is None or fact.seconds < 0:
                return None
            most[theirs] = min(fact.seconds, shared)
            least += max(fact.seconds - (whole - shared), 0)
            sure |= fact.streams > 0 and fact.seconds - (whole - shared) >= needed * fact.streams
        return most, sure or (in_total and least >= needed)

    def _proved(self, monday: date, spans: Iterable[Span], *, in_total: bool) -> dict[date, int]:
        """Seconds live on a day, at least: of its longest LIVE, or of all of them, where two at once count once."""
        stretches = sorted(self._stretches(monday, spans))
        if in_total:
            stretches = _joined(stretches)
        proved: dict[date, int] = {}
        for begin, end in stretches:
            for day, seconds in _by_day(begin, end, self._timezone):
                proved[day] = proved.get(day, 0) + seconds if in_total else max(seconds, proved.get(day, 0))
        return proved

    def _stretches(self, monday: date, spans: Iterable[Span]) -> Iterator[tuple[int, int]]:
        """First and last second of LIVEs: by gifts, and of those of which a source knows start and end."""
        for span in spans:
            yield from _stretch(span, self._facts.streams.get((self._creator, span.stream)))
        start, end = (periods.day_start(monday + timedelta(days=days), self._timezone) for days in (-1, WEEK + 1))
        for (who, name), fact in self._facts.streams.items():
            begins_by = min(end, self._cut) * periods.QUARTER
            if who == self._creator and fact.start and start * periods.QUARTER < fact.end and fact.start < begins_by:
                yield from _stretch(Span(name, 0, 0), fact)


def _joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches by time, those that overlap as one."""
    joined: list[tuple[int, int]] = []
    for begin, end in stretches:
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined


@cache
def _shared(zone: str, timezone: str, day: date) -> tuple[tuple[date, int, int], ...]:
    """The days of a zone that a day in a time zone has a part of: each with the seconds of that part, and of the whole day."""
    start, after = (periods.day_start(day + offset * _DAY, timezone) * QUARTER for offset in (0, 1))
    found = []
    for theirs in (day + offset * _DAY for offset in (-1, 0, 1)):
        begin, end = (periods.day_start(theirs + offset * _DAY, zone) * QUARTER for offset in (0, 1))
        if (shared := min(end, after) - max(begin, start)) > 0:
            found.append((theirs, shared, end - begin))
    return tuple(found)


def _hull(intervals: Sequence[Interval]) -> Interval:
    """What contains all of some intervals; nothing is known where there are none."""
    if not intervals:
        return ANY
    highs = [item.high for item in intervals if item.high is not None]
    high = max(highs) if len(highs) == len(intervals) else None
    low = min(item.low for item in intervals)
    source = next((item.source for item in intervals if item.source), "")
    return Interval(low, high, source if low or high is not None else "")


def _clock(seconds: int) -> str:
    """`44:59`, `1:02:03`."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _stretch(span: Span, stated: StreamFact | None) -> Iterator[tuple[int, int]]:
    """First and last second of a stream: exactly where its start and end are known, else what its gifts prove, if anything."""
    if stated is not None and 0 < stated.start <= stated.end:
        yield stated.start // periods.MICROSECONDS, stated.end // periods.MICROSECONDS
    elif span.proves:
        yield span.first, span.last


def _by_day(begin: int, end: int, timezone: str) -> Iterator[tuple[date, int]]:
    """Days between two seconds, and how many lie on each."""
    day = periods.local_day(begin // QUARTER, timezone)
    while (start := periods.day_start(day, timezone) * QUARTER) < end:
        after = periods.day_start(day + _DAY, timezone) * QUARTER
        yield day, max(min(end, after) - max(begin, start), 0)
        day += _DAY
