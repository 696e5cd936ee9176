"""Streams priced many at a time are priced to the minor unit as they are one by one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import exact
from diamondctl.ratebook.entries import Zone
from diamondctl.rating.credits import OwnShare
from diamondctl.rating.past import gather
from diamondctl.rating.rewards import rate
from diamondctl.records import Stream, Usage
from tests import build, strategies

many_zones = strategies.zones(
    strategies.histories(strategies.reward_entries(currencies=("USD", "JPY", "KWD"))),
    strategies.histories(strategies.settlement_entries()),
)
own_shares = st.none() | st.sampled_from(("0", "36.5", "48", "100")).map(Decimal)
dated = st.dictionaries(
    st.sampled_from(("mara", "noor")),
    st.lists(
        st.builds(OwnShare, st.sampled_from(("12.5", "47")).map(Decimal), st.sampled_from((None, date(2026, 3, 9)))),
        min_size=1,
        max_size=2,
        unique_by=lambda share: share.start,
    ),
)


def streams_of(usage: list[Usage]) -> list[Stream]:
    """Usage as one row per stream."""
    found: dict[tuple[str, str, str], list[Usage]] = defaultdict(list)
    for row in usage:
        found[row[:3]].append(row)
    return [
        Stream(
            *key,
            min(row.quarter for row in rows),
            max(row.quarter for row in rows),
            sum(row.coins for row in rows),
            sum(row.gifts for row in rows),
        )
        for key, rows in found.items()
    ]


@given(many_zones, strategies.usages(most=20), strategies.quarters, own_shares, dated)
def test_many_streams_at_a_time_are_worth_what_they_are_one_by_one(
    zone: Zone, usage: list[Usage], before: int, own: Decimal | None, shares: dict[str, list[OwnShare]]
) -> None:
    zones = {"US": zone}
    gathered, keys = gather(streams_of(usage), zones, before, own_share=own, own_shares=shares)
    singly = rate([row for row in usage if row[:3] in keys], zones, own_share=own, own_shares=shares)
    assert not singly.unrated
    sums: dict[tuple[str, str, str], list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 4)
    for credits, sign in ((gathered, 1), (singly.credits, -1)):
        for credit in credits:
            parts = (credit.reward.low, credit.reward.high, credit.gift_value, credit.diamonds)
            with exact():
                sums[credit[0], credit[1], credit.currency] = [
                    total + sign * part for total, part in zip(sums[credit[0], credit[1], credit.currency], parts, strict=True)
                ]
    assert all(not any(difference) for difference in sums.values())
    assert {part.entry.where for credit in gathered for part in credit.parts} == {
        part.entry.where for credit in singly.credits for part in credit.parts
    }


@given(many_zones, strategies.usages(), strategies.quarters)
def test_only_streams_that_are_over_are_gathered(zone: Zone, usage: list[Usage], before: int) -> None:
    _, keys = gather(streams_of(usage), {"US": zone}, before)
    assert all(row.quarter < before and row.stream for row in usage if row[:3] in keys)


def test_a_stream_over_a_change_of_rates_is_left_to_be_rated_row_by_row() -> None:
    zone = build.zone(build.reward(0), build.reward(1_000, share="10"), build.settlement(0))
    whole, over = (Stream("mara", "US", name, first, first + 4, 7, 1) for name, first in (("s1", 900), ("s2", 998)))
    _, keys = gather([whole, over], {"US": zone}, 5_000)
    assert keys == {("mara", "US", "s1")}


def test_half_a_minor_unit_goes_where_the_rule_says() -> None:
    expected = {"down": "0.00", "half_even": "0.00", "half_up": "0.01", "up": "0.01"}
    for rounding, money in expected.items():
        zone = build.zone(build.reward(0), build.settlement(0, rounding=rounding))
        (credit,), _ = gather([Stream("mara", "US", "s", 5, 5, 1, 1)], {"US": zone}, 10)
        assert str(credit.reward.low) == money
