"""Look-up against brute force, written from the rule in words:

among entries with `effective <= instant` (and, only when `--rates-as-of` is given, `recorded <=` that day) take the
greatest (effective, recorded). Before the first: unrated. After the last: go on. `none` withdraws a rate; `unknown`
fails and says so.
"""

from __future__ import annotations

import re
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone, look_up
from diamondctl.rating.rewards import rate
from diamondctl.records import Usage
from tests import build, strategies

said_by = st.dates(date(2025, 12, 31), date(2026, 1, 6))
as_of_days = st.none() | said_by
REASONS = {"none": "withdrawn", "unknown": "unknown"}


def brute_force(entries: list[RateEntry], quarter: int, as_of: date | None) -> RateEntry | str:
    """The entry in force, or the reason why there is none."""
    said = [entry for entry in entries if as_of is None or entry.recorded <= as_of]
    if not said:
        return "missing"
    best: RateEntry | None = None
    for entry in said:
        if entry.effective > quarter:
            continue
        later = best is not None and entry.effective == best.effective and entry.recorded > best.recorded
        if best is None or entry.effective > best.effective or later:
            best = entry
    if best is None:
        return "before"
    return REASONS.get(best.state, best)


def agrees(found: RateEntry | NotKnown, expected: RateEntry | str) -> bool:
    if isinstance(expected, str):
        return isinstance(found, NotKnown) and found.reason == expected
    return isinstance(found, RateEntry) and found._replace(file="", line=0) == expected


@given(strategies.histories(strategies.reward_entries(), most=8), as_of_days)
def test_look_up_equals_brute_force_on_every_quarter_that_matters(entries: list[RateEntry], as_of: date | None) -> None:
    zone = build.zone(*entries)
    edges = {entry.effective + step for entry in entries for step in (-1, 0, 1)}
    for quarter in sorted(edges | {strategies.FIRST - 10**6, strategies.LAST + 10**6}):
        found = look_up(zone, "reward", quarter, as_of)
        assert agrees(found, brute_force(entries, quarter, as_of)), (quarter, as_of, found)


@given(strategies.histories(strategies.settlement_entries(), most=8), st.permutations(range(8)), strategies.quarters)
def test_the_order_in_the_file_decides_nothing(entries: list[RateEntry], order: list[int], quarter: int) -> None:
    shuffled = [entries[index] for index in order if index < len(entries)]
    one, other = (look_up(build.zone(*items), "settlement", quarter) for items in (entries, shuffled))
    if isinstance(one, RateEntry) and isinstance(other, RateEntry):
        assert one._replace(line=0) == other._replace(line=0)
    else:
        assert isinstance(one, NotKnown) and isinstance(other, NotKnown) and one.reason == other.reason


@given(strategies.histories(strategies.reward_entries()), strategies.quarters)
def test_without_rates_as_of_every_recorded_day_counts(entries: list[RateEntry], quarter: int) -> None:
    zone = build.zone(*entries)
    assert look_up(zone, "reward", quarter) == look_up(zone, "reward", quarter, date.max)


@given(strategies.histories(strategies.reward_entries()), strategies.reward_entries(), strategies.quarters, said_by)
def test_what_is_recorded_later_changes_nothing_that_was_said_before(
    entries: list[RateEntry], later: RateEntry, quarter: int, as_of: date
) -> None:
    later = later._replace(recorded=date(2026, 2, 1))
    before, after = (look_up(build.zone(*items), "reward", quarter, as_of) for items in (entries, [*entries, later]))
    assert before == after


# One history in words: what the file said on each day, and what it says now.

HISTORY = (
    build.reward(build.quarter("2026-01-01"), share="50", recorded=date(2026, 1, 1)),
    build.reward(build.quarter("2026-02-01"), share="40", recorded=date(2026, 2, 1)),
    build.reward(build.quarter("2026-02-01"), share="45", recorded=date(2026, 3, 5)),  # corrects the line above
    build.reward(build.quarter("2026-04-01"), state="unknown", recorded=date(2026, 3, 20)),
    build.reward(build.quarter("2026-05-01"), state="none", recorded=date(2026, 3, 20)),
)


def answer(day: str, as_of: str = "") -> str:
    """The line that decides, after the reason why it has no value."""
    zone = build.zone(*HISTORY)
    found = look_up(zone, "reward", build.quarter(day), date.fromisoformat(as_of) if as_of else None)
    if isinstance(found, RateEntry):
        return found.where
    named = re.search(r"tiktok/us.yaml(:[0-9]+)?", found.detail)
    assert named, "every answer names its place"
    return f"{found.reason}, {named[0]}"


def test_the_first_entry_begins_on_its_first_quarter_and_not_before() -> None:
    assert answer("2025-12-31T23:45") == "before, tiktok/us.yaml:1"
    assert answer("2026-01-01") == "tiktok/us.yaml:1"


def test_an_entry_ends_where_the_next_begins() -> None:
    assert answer("2026-01-31T23:45") == "tiktok/us.yaml:1"
    assert answer("2026-02-01") == "tiktok/us.yaml:3"


def test_a_correction_counts_from_the_day_it_was_recorded() -> None:
    assert answer("2026-02-10", as_of="2026-03-04") == "tiktok/us.yaml:2"
    assert answer("2026-02-10", as_of="2026-03-05") == "tiktok/us.yaml:3"


def test_an_unknown_change_is_never_guessed() -> None:
    assert answer("2026-03-31T23:45") == "tiktok/us.yaml:3"
    assert answer("2026-04-01") == "unknown, tiktok/us.yaml:4"
    assert answer("2026-04-30T23:45") == "unknown, tiktok/us.yaml:4"
    assert answer("2026-04-01", as_of="2026-03-19") == "tiktok/us.yaml:3"


def test_a_withdrawn_rate_stays_withdrawn() -> None:
    assert answer("2026-05-01") == "withdrawn, tiktok/us.yaml:5"
    assert answer("2036-05-01") == "withdrawn, tiktok/us.yaml:5"


def test_a_rate_that_the_file_does_not_have_is_missing() -> None:
    found = look_up(build.zone(*HISTORY), "withholding", build.quarter("2026-02-01"))
    assert isinstance(found, NotKnown)
    assert found.reason == "missing"
    assert answer("2026-02-10", as_of="2025-12-31") == "missing, tiktok/us.yaml"


# Splitting a segment: from some quarter on, say again what is said already.


def split(entries: list[RateEntry], at: int) -> list[RateEntry]:
    """`entries` with the ones in force at `at` (a correction and what it corrects) stated again from there."""
    begun = [entry.effective for entry in entries if entry.effective <= at]
    if not begun or max(begun) == at:
        return entries
    return entries + [entry._replace(effective=at) for entry in entries if entry.effective == max(begun)]


def money(usage: list[Usage], zone: Zone, as_of: date | None) -> list[tuple[object, ...]]:
    rated = rate(usage, {"US": zone}, as_of=as_of)
    credits = [(c.creator, c.unit, c.name, c.currency, c.gift_value, c.reward, c.diamonds, c.rows) for c in rated.credits]
    return [*credits, *((unrated.row, unrated.why.reason) for unrated in rated.unrated)]


@given(
    strategies.usages(),
    strategies.histories(strategies.reward_entries()),
    strategies.histories(strategies.settlement_entries(states=st.just("known")), most=3),
    strategies.quarters,
    strategies.quarters,
    as_of_days,
)
def test_splitting_an_entry_into_two_equal_halves_changes_no_price(
    usage: list[Usage],
    rewards: list[RateEntry],
    settlements: list[RateEntry],
    one: int,
    other: int,
    as_of: date | None,
) -> None:
    whole = build.zone(*rewards, *settlements, timezone="America/New_York")
    halves = build.zone(*split(rewards, one), *split(settlements, other), timezone="America/New_York")
    assert money(usage, halves, as_of) == money(usage, whole, as_of)
