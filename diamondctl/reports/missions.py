"""What missions that were not reached cost, and what the next one is worth: rated again with the one fact changed. Pure.

Nothing is estimated: each amount is the reward under the changed fact less the reward as it is, story by story, by the rate
file. What is not known of a LIVE is told as not known, and costs nothing here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from diamondctl import periods
from diamondctl.money import ZERO, Range, exact, total
from diamondctl.ratebook.entries import Bands, Missions, RateEntry, Zone
from diamondctl.rating.credits import WEEKLY, Credit, Part, reward_of
from diamondctl.rating.missions import FLAT, DayFact, Facts, Interval, StreamFact, Term
from diamondctl.rating.rewards import Person
from diamondctl.reports import scope as frame
from diamondctl.reports.method import Method
from diamondctl.reports.scope import Scope
from diamondctl.reports.streams import beside
from diamondctl.reports.values import Account, RateUse, activity_of
from diamondctl.words import counted

_MINUTE: Final = 60 * periods.MICROSECONDS
_NEXT: Final = "the next LIVE"
_KINDS: Final = {"minutes live": 60, "new followers": 1}  # a mission of a LIVE, and the unit of its fact


@dataclass(frozen=True, slots=True)
class Cost:
    """A mission of single LIVEs: how many reached it, and what it cost that others did not."""

    account: Account
    mission: str  # minutes live | new followers
    needed: int
    lives: int
    reached: int
    short: int
    unknown: int
    less: Range  # money
    undecided: bool  # whether missions pay this creator at all is not said


@dataclass(frozen=True, slots=True)
class NextDay:
    """One more valid day in the week that runs: the weekly part of the share without and with it, and what it is worth."""

    account: Account
    sunday: date
    minutes: int
    valid: Interval  # days of the week, if no more comes
    without: Range  # percent
    share: Range  # percent
    worth: Range  # money, on the gifts of the week so far


@dataclass(frozen=True, slots=True)
class MissionsReport:
    """The report. `why`: of accounts that missions do not pay, in words."""

    scope: Scope
    costs: tuple[Cost, ...]
    days: tuple[NextDay, ...]
    why: tuple[str, ...]
    method: Method
    rates: tuple[RateUse, ...]
    warnings: tuple[str, ...]


def missions(scope: Scope) -> MissionsReport:
    """Every account of the period whose share is built from missions."""
    costs: list[Cost] = []
    days: list[NextDay] = []
    why: list[str] = []
    used: list[tuple[Zone, RateEntry]] = []
    for account in scope.accounts:
        used += [(account.zone, entry) for entry in frame.entries_of(account.now)]
        names = account.began(account.span)
        lives = [credit for credit in account.now if credit.unit == "stream" and credit.name in names and _built(credit)]
        if not lives:
            why.append(_why(account))
            continue
        costs += [_cost(account, scope.asked.facts, lives, kind) for kind in _KINDS]
        if (day := _next_day(account, scope)) is not None:
            days.append(day)
    uses = scope.uses(used)
    number = sum(cost.lives for cost in costs if cost.mission == "minutes live")
    method = Method(
        "What did missions that were not reached cost, and what is the next one worth?",
        "The reward rated again with the one fact changed, less the reward as it is, by the rate file; least and most are the "
        "two stories of what is not known.",
        counted(number, "LIVE"),
        (
            "A LIVE that would have lasted longer would have had other gifts too: that is not in it.",
            "A LIVE of which no source says how long it was may have reached it: it is counted as not known.",
            "The amounts of several missions need not add up: a cap may stand between them.",
        ),
    )
    return MissionsReport(scope, tuple(costs), tuple(days), tuple(why), method, uses, beside(scope, uses))


def _built(credit: Credit) -> Part | None:
    """The last part of a credit that missions pay."""
    return next((part for part in reversed(credit.parts) if part.built is not None and len(part.built.terms) > 1), None)


def _terms(credit: Credit) -> tuple[Term, ...]:
    part = _built(credit)
    return part.built.terms if part is not None and part.built is not None else ()


def _rules(part: Part) -> Missions:
    rules = reward_of(part.entry).share.missions
    assert rules is not None
    return rules


def _why(account: Account) -> str:
    """Why missions are no matter of an account."""
    parts = [part for credit in account.now for part in credit.parts]
    of = f"{account.creator}, {account.region}"
    if any(part.own is not None for part in parts):
        return f"{of}: your share is your own word, so missions change nothing here."
    if any(part.built is not None and part.built.terms[0].fact == FLAT for part in parts):
        return f"{of}: you said that missions do not pay you (scheme flat)."
    if any(part.built is not None for part in parts):
        return f"{of}: no gift names its LIVE, so no mission of a LIVE can be told."
    if not parts:
        return f"{of}: no gift of the period has a rate."
    return f"{of}: the rate file knows no missions for these days."


def _target(bands: Bands) -> int | None:
    """From where on the most points that are known are paid."""
    told = [band for band in bands.bands if band.percent is not None]
    most = max((band.percent for band in told if band.percent is not None), default=None)
    return next((band.at_least for band in told if band.percent == most and band.at_least), None)


def _cost(account: Account, facts: Facts, lives: list[Credit], kind: str) -> Cost:
    """What it cost that LIVEs did not reach a mission: those of which that is known, rated again as if they had."""
    unit = _KINDS[kind]
    reached = short = 0
    changed: dict[tuple[str, str], StreamFact] = {}
    needed = 0
    for credit in lives:
        part = _built(credit)
        assert part is not None and part.built is not None
        bands = _rules(part).duration if kind == "minutes live" else _rules(part).new_followers
        target = _target(bands)
        fact = next((term.fact for term in part.built.terms if term.name == kind), None)
        if target is None or not isinstance(fact, Interval):
            continue
        needed = target
        if fact.low >= target * unit:
            reached += 1
        elif fact.high is not None and fact.high < target * unit:
            short += 1
            key = (account.creator, credit.name)
            changed[key] = _reaching(account, facts.streams.get(key), credit.name, kind, target)
    less = ZERO
    if changed:
        other = facts._replace(streams={**facts.streams, **changed})
        less = _more(account, account.person.believing(other, account.span[1]))
    return Cost(
        account=account,
        mission=kind,
        needed=needed,
        lives=len(lives),
        reached=reached,
        short=short,
        unknown=len(lives) - reached - short,
        less=less,
        undecided=any(term.name == "scheme" and term.fact is None for credit in lives for term in _terms(credit)),
    )


def _reaching(account: Account, stated: StreamFact | None, name: str, kind: str, target: int) -> StreamFact:
    """The fact of a LIVE as if it had reached a mission; one of minutes goes on from where it began."""
    fact = stated or StreamFact(-1, -1, "")
    if kind == "new followers":
        return fact._replace(new_followers=target)
    start = fact.start or account.person.spans.at(name, account.span[1]).ends[0] * periods.MICROSECONDS
    return fact._replace(seconds=target * 60, start=start, end=max(start + target * _MINUTE, fact.end))


def _more(account: Account, person: Person) -> Range:
    """What another state of the same gifts brings more in the period, story by story."""
    now, then = (
        total(credit.reward for credit in activity_of(who, account.currency, account.span, "earned"))
        for who in (account.person.believing(account.person.facts, account.span[1]), person)
    )
    with exact():
        return Range(then.low - now.low, then.high - now.high, then.confidence)


def _next_day(account: Account, scope: Scope) -> NextDay | None:
    """One more valid day before the week of `as_of` is over; None: nothing can be told of it."""
    zone = account.zone.timezone
    today = periods.local_day(account.as_of_quarter, zone)
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    key = (account.currency, WEEKLY, str(monday))
    facts, creator = scope.asked.facts, account.creator
    credit = account.person.at(account.as_of_quarter + 1).get(key)
    part = None if credit is None else _built(credit)
    if part is None or {fact.timezone for (who, _), fact in facts.days.items() if who == creator} - {zone}:
        return None  # days in another zone, or of none that is named, do not fit to ours
    later = {(creator, today + timedelta(days=number)): DayFact(0, 0, 0, "", zone) for number in range(1, 7 - today.weekday())}
    if (creator, sunday) in facts.days:
        return None
    rules = _rules(part)
    minutes = rules.valid_minutes
    start = periods.day_start(sunday, zone) * periods.QUARTER
    one = {
        (creator, _NEXT): StreamFact(minutes * 60, -1, "", start, start + minutes * _MINUTE),
    }
    # What is said of LIVEs and days that have not begun is not known yet.
    begun = (account.as_of_quarter + 1) * periods.QUARTER
    facts = facts._replace(streams={name: fact for name, fact in facts.streams.items() if fact.start < begun})
    known_days = {place: fact for place, fact in facts.days.items() if place[1] <= today}
    without = facts._replace(days={**known_days, **later})
    with_it = facts._replace(
        streams={**facts.streams, **one},
        days=without.days if sunday == today else {**without.days, (creator, sunday): DayFact(minutes * 60, 1, 0, "", zone)},
    )
    credits = [_weekly(account, some, sunday, key) for some in (without, with_it)]
    shares = [_share(item) for item in credits]
    valid = next((term.fact for term in shares[0].built.terms if term.name == "valid days"), None) if shares[0].built else None
    if not isinstance(valid, Interval) or valid.low >= 7:
        return None
    with exact():
        low, high = (getattr(credits[1].reward, end) - getattr(credits[0].reward, end) for end in ("low", "high"))
    worth = Range(low, high, credits[1].reward.confidence)
    return NextDay(account, sunday, minutes, valid, shares[0].share, shares[1].share, worth)


def _weekly(account: Account, facts: Facts, sunday: date, key: tuple[str, str, str]) -> Credit:
    """The weekly part of the gifts so far as it stands when the week is over."""
    person = account.person.believing(facts, account.as_of_quarter + 1)
    return person.at(periods.day_start(sunday + timedelta(days=1), account.zone.timezone))[key]


def _share(credit: Credit) -> Part:
    part = _built(credit)
    assert part is not None
    return part
