"""Laws of states: months add up to years, carried and activity are the closing, and later gifts change nothing told before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import reduce
from itertools import pairwise
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from diamondctl import periods
from diamondctl.money import Range, exact
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.credits import Credit, summed
from diamondctl.rating.missions import EVERYBODY, NO_FACTS, OPTION, Facts, Personal
from diamondctl.rating.rewards import ALWAYS, Carried, Credits, Person, Rating
from diamondctl.rating.states import activity, booked, carried_of, completes
from diamondctl.records import Usage
from tests import build, strategies

Sums = tuple[int, int, Decimal, Decimal, Decimal, Decimal]
DONE = Facts(people={EVERYBODY: [Personal(None, 120, "held", Decimal(0), OPTION)]})
# Missions from the fifth of March on, an own share for one of the two, a change of the credit in the middle of the month.
begins = [build.reward(0), build.reward(build.quarter("2026-03-05"), share=build.MISSIONS)]
zones = st.sampled_from([
    build.zone(*begins, build.settlement(0, credit), *more, timezone=timezone)
    for credit in ("stream", "day", "week", "month")
    for more in ((), (build.settlement(build.quarter("2026-03-18T10:15"), "stream", "half_up"),))
    for timezone in ("UTC", "America/Los_Angeles", "Asia/Kolkata")
])  # fmt: skip
cuts = st.lists(st.integers(build.quarter("2026-02-10"), build.quarter("2026-04-20")), min_size=2, max_size=5).map(sorted)


@st.composite
def usages(draw: st.DrawFn) -> list[Usage]:
    """Gifts of two creators, to the second."""
    rows = []
    for row in draw(strategies.usages(most=14)):
        ends = sorted(draw(st.tuples(st.integers(0, 899), st.integers(0, 899))))
        rows.append(row._replace(first=row.quarter * 900 + ends[0], last=row.quarter * 900 + ends[1]))
    return rows


def sums(credits: Iterable[Credit]) -> Sums:
    """Coins, gifts, diamonds, gift value, and both stories."""
    found: list[Any] = [0, 0, Decimal(0), Decimal(0), Decimal(0), Decimal(0)]
    with exact():
        for credit in credits:
            rows = (sum(part.coins for part in credit.parts), sum(row.gifts for row in credit.rows))
            for index, part in enumerate((*rows, credit.diamonds, credit.gift_value, credit.reward.low, credit.reward.high)):
                found[index] += part
    return tuple(found)


def plus(parts: Iterable[Sums]) -> Sums:
    with exact():
        return tuple(sum(column) for column in zip(*parts, strict=True))


def people(rows: Sequence[Usage], zone: Zone, facts: Facts = NO_FACTS) -> list[Person]:
    return list(Rating(rows, {"US": zone}, facts=facts).people.values())


@given(usages(), zones, cuts, st.randoms(use_true_random=False), st.booleans())
def test_a_state_is_the_same_whichever_were_asked_for_before(
    rows: list[Usage], zone: Zone, edges: list[int], random: Random, done: bool
) -> None:
    facts = DONE if done else NO_FACTS
    asked = random.sample([*edges, ALWAYS], len(edges) + 1)
    alone = [[person.at(cut) for person in people(rows, zone, facts)] for cut in asked]
    together = people(rows, zone, facts)
    assert [[person.at(cut) for person in together] for cut in asked] == alone


@given(usages(), zones)
def test_credits_summed_at_once_are_those_added_one_by_one(rows: list[Usage], zone: Zone) -> None:
    with exact():
        for person in people(rows, zone):
            credits = list(person.at(ALWAYS).values())
            if credits:
                one_by_one = reduce(Credit.plus, credits)
                assert repr(summed(credits)) == repr(one_by_one)


@given(usages(), zones, cuts)
def test_activities_of_any_partition_add_up_and_opening_and_activity_are_the_closing(
    rows: list[Usage], zone: Zone, edges: list[int]
) -> None:
    for person in people(rows, zone):
        for view in (lambda credits, cut: credits, booked):
            states: list[Credits] = [view(person.at(cut), cut) for cut in edges]
            parts = [sums(activity(after, before)) for before, after in pairwise(states)]
            whole = sums(activity(states[-1], states[0]))
            assert plus(parts) == whole
            assert plus([sums(states[0].values()), *parts]) == sums(states[-1].values())


@given(usages(), usages(), zones, st.integers(build.quarter("2026-02-10"), build.quarter("2026-04-20")), st.booleans())
def test_later_gifts_change_no_state(rows: list[Usage], others: list[Usage], zone: Zone, cut: int, done: bool) -> None:
    early = [row for row in rows if row.quarter < cut]
    later = [row for row in others if row.quarter >= cut]
    facts = DONE if done else NO_FACTS
    before = {(person.creator, key): credit for person in people(early, zone, facts) for key, credit in person.at(cut).items()}
    after = {
        (person.creator, key): credit
        for person in people([*early, *later], zone, facts)
        for key, credit in person.at(cut).items()
    }
    assert before == after


@given(usages(), zones, st.dates(date(2026, 2, 20), date(2026, 4, 10)), st.lists(st.integers(0, 3_000), max_size=3))
def test_what_is_kept_of_a_state_stands_for_the_gifts_that_are_not_read_again(
    rows: list[Usage], zone: Zone, day: date, ahead: list[int]
) -> None:
    monday = day - timedelta(days=day.weekday())
    since, cut = (periods.day_start(monday - timedelta(days=days), zone.timezone) for days in (7, 0))
    carried: dict[tuple[str, str], Carried] = {}
    for person in people(rows, zone):
        one = carried_of(person, since, cut)
        if one is not None:  # a month that is credited whole goes on over the cut
            carried[person.creator, "US"] = one
    goes_on = {(row.creator, row.stream) for row in rows if row.quarter >= since and row.stream}
    near = [row for row in rows if row.quarter >= since or (row.creator, row.stream) in goes_on]
    carried = {who: item for who, item in carried.items() if item.fits(row for row in near if row.creator == who[0])}
    read = [row for row in rows if row in near or (row.creator, "US") not in carried]
    few = Rating(read, {"US": zone}, carried=carried).people
    for who, whole in Rating(rows, {"US": zone}).people.items():
        for later in (cut, *(cut + more for more in sorted(ahead))):
            now, then = sums(few[who].at(later).values()), sums(whole.at(later).values())
            assert (now[0], *now[2:]) == (then[0], *then[2:])


def test_a_rose_after_midnight_leaves_march_as_it_was() -> None:
    """The fault that made states: April's Rose moved a reported March from 154.99 to 5.00."""
    zone = build.zone(build.reward(0, share=("50", "50")), build.settlement(0))
    march = [
        build.usage(build.quarter("2026-03-10T20:00"), 1_000, stream="a"),
        build.usage(build.quarter("2026-03-31T22:00"), 29_998, stream="b"),
    ]
    april = [build.usage(build.quarter("2026-04-01T00:00"), 1, stream="b")]
    edges = [build.quarter(day) for day in ("2026-03-01", "2026-04-01", "2026-05-01")]
    for rows, rest in ((march, "0"), ([*march, *april], "0.00")):
        (person,) = people(rows, zone)
        first, second = (activity(person.at(end), person.at(start)) for start, end in pairwise(edges))
        assert sums(first)[4] == Decimal("154.99")
        assert sums(second)[4] == Decimal(rest)
    assert [credit.begun is not None for credit in second] == [True]
    assert completes(second) == Range.of(Decimal("0.00"))
