"""Differences of rate files as laws: nothing is overlooked, and what passes as append-only leaves every past answer alone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.ratebook.compare import Comparison, Zones, compare
from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone, look_up
from tests import build, strategies

ON = date(2026, 3, 15)


def book(*zones: Zone) -> Zones:
    return {(zone.platform, zone.name): zone for zone in zones}


def between(base: Zone, head: Zone, on: date = ON) -> Comparison:
    return compare(book(base), book(head), on)


def codes(found: Comparison) -> list[str]:
    return [problem.code for problem in found.problems]


def kinds(found: Comparison) -> list[tuple[str, str]]:
    return [(change.kind, change.when) for change in found.changes]


histories = strategies.histories(strategies.reward_entries(), most=6)


@given(
    strategies.zones(histories, strategies.histories(strategies.settlement_entries())),
    st.dates(date(2000, 1, 1), date(2099, 12, 30)),
)
def test_equal_files_do_not_differ(zone: Zone, on: date) -> None:
    found = between(zone, zone._replace(file="other.yaml", sha256="1" * 64), on)
    assert (found.changes, found.problems) == ((), ())


@given(histories, histories, st.permutations(range(6)))
def test_the_order_of_entries_is_no_difference(entries: list[RateEntry], more: list[RateEntry], order: list[int]) -> None:
    shuffled = [entries[index] for index in order if index < len(entries)]
    assert not between(build.zone(*entries), build.zone(*shuffled)).changes


@given(histories, histories)
def test_there_and_back_are_the_same_changes(one: list[RateEntry], other: list[RateEntry]) -> None:
    there, back = between(build.zone(*one), build.zone(*other)), between(build.zone(*other), build.zone(*one))
    new = there.number(kind="added") + there.number(kind="corrected")
    assert new == back.number(kind="removed")
    assert there.number(kind="removed") == back.number(kind="added") + back.number(kind="corrected")
    assert there.number(kind="changed") == back.number(kind="changed")
    assert codes(there).count("R202") == there.number(kind="removed")
    assert codes(there).count("R201") == there.number(kind="changed")


@given(histories, histories)
def test_two_files_differ_exactly_where_an_answer_can_differ(one: list[RateEntry], other: list[RateEntry]) -> None:
    """No change but of `verified` means the same look-up on every quarter and for every recorded day."""
    base, head = build.zone(*one), build.zone(*other)
    found = between(base, head)
    same = all(
        answer(base, quarter, said) == answer(head, quarter, said)
        for quarter in {entry.effective + step for entry in (*one, *other) for step in (-1, 0)}
        for said in {entry.recorded for entry in (*one, *other)} | {None}
    )
    if not [change for change in found.changes if change.kind != "verified"]:
        assert same
    if not same:
        assert found.changes


def answer(zone: Zone, quarter: int, said: date | None) -> object:
    """What a look-up says, without the place and the day it was last verified."""
    found = look_up(zone, "reward", quarter, said)
    if isinstance(found, NotKnown):
        return found.reason
    return found._replace(file="", line=0, verified=date.min)


@given(histories, histories)
def test_what_passes_as_append_only_leaves_every_past_answer_alone(entries: list[RateEntry], more: list[RateEntry]) -> None:
    """For every day before the newest recorded one, on every quarter; without R205 it would not hold."""
    known = {(entry.effective, entry.recorded) for entry in entries}
    added = [entry for entry in more if (entry.effective, entry.recorded) not in known]
    newest = max(entry.recorded for entry in entries)
    late = [entry for entry in added if entry.recorded >= newest]
    base = build.zone(*entries)
    assert codes(between(base, build.zone(*entries, *added))) == ["R205"] * (len(added) - len(late))
    head = build.zone(*entries, *late)
    assert codes(between(base, head)) == []
    for said in sorted({entry.recorded for entry in entries} - {newest}):
        for quarter in {entry.effective + step for entry in (*entries, *late) for step in (-1, 0)}:
            assert answer(base, quarter, said) == answer(head, quarter, said)


MARCH, APRIL = build.quarter("2026-03-01"), build.quarter("2026-04-01")
LATER = build.RECORDED + timedelta(days=1)
OLD = build.zone(build.reward(MARCH), build.settlement(MARCH))


def edited(**fields: Any) -> Zone:
    """The old zone with its reward entry edited."""
    return build.zone(build.reward(MARCH)._replace(**fields), build.settlement(MARCH))


@pytest.mark.parametrize(
    ("head", "expected", "problems"),
    [
        (build.zone(build.reward(MARCH), build.reward(APRIL), build.settlement(MARCH)), [("added", "future")], []),
        (build.zone(build.reward(MARCH), build.reward(MARCH - 9), build.settlement(MARCH)), [("added", "past")], []),
        (
            build.zone(build.reward(MARCH), build.reward(MARCH, share="48", recorded=LATER), build.settlement(MARCH)),
            [("corrected", "past")],
            [],
        ),
        (
            build.zone(build.reward(MARCH), build.reward(APRIL, recorded=date(2026, 1, 1)), build.settlement(MARCH)),
            [("added", "future")],
            ["R205"],
        ),
        (edited(verified=LATER), [("verified", "")], []),
        (edited(value=build.reward(MARCH, share="48").value), [("changed", "past")], ["R201"]),
        (edited(confidence="official"), [("changed", "past")], ["R201"]),
        (edited(since="first_seen"), [("changed", "past")], ["R201"]),
        (edited(sources=("s", "t")), [("changed", "past")], ["R201"]),
        (edited(effective_text="2026-03-01"), [("changed", "past")], ["R201"]),
        (edited(recorded=LATER), [("removed", "past"), ("corrected", "past")], ["R202"]),
        (build.zone(build.reward(MARCH)), [("removed", "past")], ["R202"]),
        (OLD._replace(regions=("US", "CA")), [("regions", "past")], []),
        (OLD._replace(regions=("CA",)), [("regions", "past")], ["R204"]),
        (OLD._replace(timezone="Asia/Tokyo"), [("timezone", "past")], []),
        (OLD._replace(sources={}), [("source", "")], ["R203"]),
        # What was blank may be filled in, and looked at again; what was said may not be said otherwise.
        (OLD._replace(sources={"s": OLD.sources["s"]._replace(url="https://x", says="a half")}), [("source", "")], []),
        (OLD._replace(sources={"s": OLD.sources["s"]._replace(title="another")}), [("source", "")], ["R203"]),
        (OLD._replace(sources={**OLD.sources, "t": OLD.sources["s"]}), [("source", "")], []),
        (OLD._replace(sources={"s": OLD.sources["s"]._replace(line=99)}), [], []),
    ],
)
def test_each_edit_is_named(head: Zone, expected: list[tuple[str, str]], problems: list[str]) -> None:
    found = between(OLD, head)
    assert sorted(kinds(found)) == sorted(expected)
    assert codes(found) == problems


def test_a_correction_shows_what_it_corrects() -> None:
    new = build.reward(MARCH, share="48", recorded=LATER)
    found = between(OLD, build.zone(build.reward(MARCH), new, build.settlement(MARCH)))
    (change,) = found.changes
    assert change.before == OLD.rates["reward"][0]
    assert change.after is not None and change.after.value == new.value


def test_the_future_begins_at_the_end_of_the_day_in_the_time_zone_of_the_file() -> None:
    tokyo = build.zone(build.reward(MARCH), build.settlement(MARCH), timezone="Asia/Tokyo")
    for at, expected in (("2026-03-15T23:45", "past"), ("2026-03-16", "future")):
        quarter = build.quarter(at, "Asia/Tokyo")
        head = build.zone(build.reward(MARCH), build.reward(quarter), build.settlement(MARCH), timezone="Asia/Tokyo")
        assert kinds(between(tokyo, head)) == [("added", expected)]


def test_a_file_that_is_gone_is_one_problem_and_a_region_may_move() -> None:
    gone = compare(book(OLD, OLD._replace(name="two")), book(OLD), ON)
    assert codes(gone) == ["R202"]
    assert kinds(gone) == [("removed", "past"), ("removed", "past")]
    both = OLD._replace(regions=("US", "CA"))
    moved = compare(book(both), book(OLD, OLD._replace(name="ca", regions=("CA",))), ON)
    assert codes(moved) == []
    assert kinds(moved) == [("added", "past"), ("added", "past"), ("regions", "past")]
