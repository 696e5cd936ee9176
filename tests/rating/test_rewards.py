"""Whole rating results against an oracle in `fractions.Fraction`, written from the rules:

A credit is what the platform books at once: a stream where the source names it, else a day in the rate zone's time.
The rule in force at its first gift decides how it settles; parts under different rate entries are summed exactly and
rounded once; it belongs to the period of its last gift. A creator's own share replaces the file's from its day on, which
begins at 00:00 in the rate zone's time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.ratebook.entries import RateEntry, Reward, Settlement, Zone
from diamondctl.rating.credits import Credit, OwnShare, reward_of
from diamondctl.rating.rewards import rate
from diamondctl.records import Usage
from tests import build, strategies
from tests.fractions_oracle import rounded

# The oracle

Key = tuple[str, str, str, str, str]  # creator, region, unit, name, currency
Dated = dict[str, list[OwnShare]]


@dataclass
class Booking:
    """One credit of the oracle: exact until `money`."""

    rounding: str
    digits: int
    value: Fraction = Fraction(0)
    low: Fraction = Fraction(0)
    high: Fraction = Fraction(0)
    last: int = 0
    rows: list[Usage] = field(default_factory=list)

    def money(self) -> tuple[Fraction, Fraction, Fraction]:
        value, low, high = (rounded(exact, self.digits, self.rounding) for exact in (self.value, self.low, self.high))
        return value, low, high


def in_force(zone: Zone, name: str, quarter: int) -> RateEntry | None:
    """The greatest (effective, recorded) not after `quarter`; None when there is none or it has no value."""
    begun = [entry for entry in zone.rates.get(name, ()) if entry.effective <= quarter]
    best = max(begun, key=lambda entry: (entry.effective, entry.recorded), default=None)
    return best if best is not None and best.state == "known" else None


def rule_at(zone: Zone, quarter: int) -> Settlement | None:
    entry = in_force(zone, "settlement", quarter)
    return entry.value if entry is not None and isinstance(entry.value, Settlement) else None


def unit_of(row: Usage, usage: list[Usage], zone: Zone) -> tuple[str, str, str] | None:
    """Unit, name and rounding of the credit a row goes into; None when no rule is known.

    A stream that began under another rule than `stream` is no credit of its own: its gifts go by the calendar.
    """
    if row.stream:
        rule = rule_at(zone, min(other.quarter for other in usage if other[:3] == row[:3]))
        if rule is not None and rule.credit == "stream":
            return "stream", row.stream, rule.rounding
    rule = rule_at(zone, row.quarter)
    if rule is None:
        return None
    day = build.moment(row.quarter, zone.timezone).date()
    if rule.credit == "week":
        return "week", str(day - timedelta(days=day.isoweekday() - 1)), rule.rounding
    if rule.credit == "month":
        return "month", f"{day:%Y-%m}-01", rule.rounding
    return "day", str(day), rule.rounding


def own_percent(row: Usage, zone: Zone, own_share: str | None, dated: Dated) -> Decimal | None:
    """The share that replaces the file's: the one for everybody, else the last that begins on or before the row's day."""
    if own_share is not None:
        return Decimal(own_share)
    today = build.moment(row.quarter, zone.timezone).date()
    begun = [share for share in dated.get(row.creator, ()) if share.start is None or share.start <= today]
    last = max(begun, key=lambda share: (share.start is not None, share.start or today), default=None)
    return last.percent if last else None


def oracle(
    usage: list[Usage], zones: Mapping[str, Zone], own_share: str | None, dated: Dated
) -> tuple[dict[Key, Booking], list[Usage]]:
    """Every credit, and the usage that has none."""
    bookings: dict[Key, Booking] = {}
    unrated: list[Usage] = []
    for row in sorted(usage, key=lambda row: row.quarter):
        zone = zones[row.region]
        entry = in_force(zone, "reward", row.quarter)
        unit = unit_of(row, usage, zone)
        if entry is None or unit is None:
            unrated.append(row)
            continue
        assert isinstance(entry.value, Reward)
        share = entry.value.share.percent
        own = own_percent(row, zone, own_share, dated)
        low, high = (share.low, share.high) if own is None else (own, own)
        currency = entry.value.currency
        kind, name, rounding = unit
        # The rows come by time, so the first one makes the booking and brings the rule.
        booking = bookings.setdefault((row.creator, row.region, kind, name, currency), Booking(rounding, MINOR_UNITS[currency]))
        value = row.coins * Fraction(entry.value.diamonds_per_coin) * Fraction(entry.value.cash_per_diamond)
        booking.value += value
        booking.low += value * Fraction(low) / 100
        booking.high += value * Fraction(high) / 100
        booking.last = row.quarter
        booking.rows.append(row)
    return bookings, unrated


def key_of(credit: Credit) -> Key:
    return credit.creator, credit.region, credit.unit, credit.name, credit.currency


def assert_equals_oracle(usage: list[Usage], zones: Mapping[str, Zone], own_share: str | None, dated: Dated) -> None:
    rated = rate(usage, zones, own_share=None if own_share is None else Decimal(own_share), own_shares=dated)
    bookings, unrated = oracle(usage, zones, own_share, dated)
    assert sorted(item.row for item in rated.unrated) == sorted(unrated)
    assert sorted(map(key_of, rated.credits)) == sorted(bookings)
    for credit in rated.credits:
        booking = bookings[key_of(credit)]
        found = tuple(map(Fraction, (credit.gift_value, credit.reward.low, credit.reward.high)))
        assert found == booking.money(), credit
        assert credit.last == booking.last
        assert sorted(credit.rows) == sorted(booking.rows)


# Strategies

known = st.just("known")
from_the_start = st.just(strategies.FIRST)
# Mostly none, so that the dated ones are seen.
own_shares = st.none() | st.none() | strategies.percents


def known_from_the_start(
    entries: st.SearchStrategy[RateEntry], first: st.SearchStrategy[RateEntry]
) -> st.SearchStrategy[list[RateEntry]]:
    """Histories that have a value at every quarter: nothing is unrated by them."""
    return st.builds(
        lambda begin, more: [begin, *(entry for entry in more if entry.effective != begin.effective)],
        first,
        strategies.histories(entries, most=4),
    )


def known_rewards(currencies: tuple[str, ...] = ("USD",)) -> st.SearchStrategy[list[RateEntry]]:
    return known_from_the_start(
        strategies.reward_entries(currencies=currencies, states=known),
        strategies.reward_entries(currencies=currencies, states=known, effective=from_the_start),
    )


def known_settlements() -> st.SearchStrategy[list[RateEntry]]:
    return known_from_the_start(
        strategies.settlement_entries(states=known),
        strategies.settlement_entries(states=known, effective=from_the_start),
    )


# Everything is rated, in one currency; settlements of all kinds.
settling = strategies.zones(
    st.sampled_from(("USD", "JPY", "KWD")).flatmap(lambda currency: known_rewards((currency,))), known_settlements()
)
# One settlement for ever; rewards of all kinds, in three currencies, also withdrawn and unknown ones.
rewarding = strategies.zones(
    strategies.histories(strategies.reward_entries(currencies=("USD", "JPY", "KWD"))),
    st.lists(strategies.settlement_entries(states=known, effective=from_the_start), min_size=1, max_size=1),
)
# Anything at all.
anything = strategies.zones(
    strategies.histories(strategies.reward_entries(currencies=("USD", "JPY", "KWD"))),
    strategies.histories(strategies.settlement_entries()),
)
# Everything is rated, in dollars.
rated_whole = strategies.zones(known_rewards(), known_settlements())


# Laws


@given(strategies.usages(), settling, own_shares, strategies.dated_shares())
def test_credits_equal_the_fraction_oracle_under_changing_settlements(
    usage: list[Usage], zone: Zone, own_share: str | None, dated: Dated
) -> None:
    assert_equals_oracle(usage, {"US": zone}, own_share, dated)


@given(strategies.usages(), rewarding, own_shares, strategies.dated_shares())
def test_credits_equal_the_fraction_oracle_under_changing_rewards(
    usage: list[Usage], zone: Zone, own_share: str | None, dated: Dated
) -> None:
    assert_equals_oracle(usage, {"US": zone}, own_share, dated)


@given(
    strategies.usages(regions=("US", "GB")),
    rewarding,
    strategies.zones(
        known_rewards(),
        st.lists(strategies.settlement_entries(states=known, effective=from_the_start), min_size=1, max_size=1),
    ),
    own_shares,
    strategies.dated_shares(),
)
def test_credits_equal_the_fraction_oracle_in_several_regions(
    usage: list[Usage], us: Zone, gb: Zone, own_share: str | None, dated: Dated
) -> None:
    assert_equals_oracle(usage, {"US": us, "GB": gb}, own_share, dated)


@given(strategies.usages(), rewarding, strategies.dated_shares())
def test_each_part_says_which_share_priced_it(usage: list[Usage], zone: Zone, dated: Dated) -> None:
    for credit in rate(usage, {"US": zone}, own_shares=dated).credits:
        for part in credit.parts:
            assert part.share == (Range.of(part.own.percent) if part.own else reward_of(part.entry).share.percent)
            assert part.own is None or part.own in dated[credit.creator]
            assert Fraction(part.reward.low) == Fraction(part.gift_value) * Fraction(part.share.low) / 100
            assert Fraction(part.reward.high) == Fraction(part.gift_value) * Fraction(part.share.high) / 100
        assert len({(part.entry.where, part.own) for part in credit.parts}) == len(credit.parts)


@given(strategies.usages(), anything, strategies.dated_shares(), strategies.dated_shares())
def test_a_share_of_one_creator_changes_nothing_of_another(usage: list[Usage], zone: Zone, one: Dated, other: Dated) -> None:
    both = [{**dated, "mara": []} for dated in (one, other)]
    kept = [
        [credit for credit in rate(usage, {"US": zone}, own_shares=dated).credits if credit.creator == "mara"] for dated in both
    ]
    assert kept[0] == kept[1]


@given(strategies.usages(), rewarding, strategies.dated_shares())
def test_one_share_for_everybody_replaces_every_dated_one(usage: list[Usage], zone: Zone, dated: Dated) -> None:
    share = Decimal("36.5")
    assert rate(usage, {"US": zone}, own_share=share, own_shares=dated) == rate(usage, {"US": zone}, own_share=share)


@given(strategies.usages(), anything, st.randoms(use_true_random=False))
def test_the_order_of_usage_never_matters(usage: list[Usage], zone: Zone, random: object) -> None:
    shuffled = list(usage)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rate(shuffled, {"US": zone}) == rate(usage, {"US": zone})


@given(strategies.usages(), anything)
def test_every_row_is_rated_once_or_counted_as_unrated_and_never_priced(usage: list[Usage], zone: Zone) -> None:
    rated = rate(usage, {"US": zone})
    credited = [row for credit in rated.credits for row in credit.rows]
    assert sorted([*credited, *(item.row for item in rated.unrated)]) == sorted(usage)
    for credit in rated.credits:
        assert sum(part.coins for part in credit.parts) == sum(row.coins for row in credit.rows)
        assert all(in_force(zone, "reward", row.quarter) is not None for row in credit.rows)


@given(strategies.usages(), anything)
def test_a_credit_is_the_unit_that_its_settlement_says(usage: list[Usage], zone: Zone) -> None:
    for credit in rate(usage, {"US": zone}).credits:
        rule = credit.settlement.value
        assert isinstance(rule, Settlement)
        # Gifts that belong to no stream of their own are credited by day.
        assert credit.unit in ({"stream", "day"} if rule.credit == "stream" else {rule.credit})
        if credit.unit == "stream":
            assert {row.stream for row in credit.rows} == {credit.name}
        if not any(row.stream for row in credit.rows):
            assert credit.unit != "stream"


@given(strategies.usages(), anything)
def test_usage_that_no_stream_settles_is_unrated_while_the_settlement_is_not_known(usage: list[Usage], zone: Zone) -> None:
    rated = rate(usage, {"US": zone})
    unrated = {item.row for item in rated.unrated}
    for row in usage:
        if not row.stream and rule_at(zone, row.quarter) is None:
            assert row in unrated


@given(strategies.usages(), anything)
def test_a_credit_rounds_the_exact_sum_of_its_parts_once(usage: list[Usage], zone: Zone) -> None:
    for credit in rate(usage, {"US": zone}).credits:
        rule = credit.settlement.value
        assert isinstance(rule, Settlement)
        digits = MINOR_UNITS[credit.currency]
        for figure, exact in (
            (credit.gift_value, sum(Fraction(part.gift_value) for part in credit.parts)),
            (credit.reward.low, sum(Fraction(part.reward.low) for part in credit.parts)),
            (credit.reward.high, sum(Fraction(part.reward.high) for part in credit.parts)),
        ):
            assert Fraction(figure) == rounded(Fraction(exact), digits, rule.rounding)
        assert Fraction(credit.diamonds) == sum(Fraction(part.diamonds) for part in credit.parts)


@given(strategies.usages(), rated_whole, st.integers(0, 13), st.integers(0, 10**6))
def test_more_coins_never_earn_less(usage: list[Usage], zone: Zone, index: int, more: int) -> None:
    if not usage:
        return
    raised = list(usage)
    row = raised[index % len(usage)]
    raised[index % len(usage)] = row._replace(coins=row.coins + more)
    before, after = rate(usage, {"US": zone}), rate(raised, {"US": zone})
    assert [key_of(credit) for credit in before.credits] == [key_of(credit) for credit in after.credits]
    for less, greater in zip(before.credits, after.credits, strict=True):
        assert greater.gift_value >= less.gift_value
        assert greater.reward.low >= less.reward.low
        assert greater.reward.high >= less.reward.high


@given(strategies.usages(), rated_whole)
def test_a_reward_lies_between_nothing_and_the_gift_value(usage: list[Usage], zone: Zone) -> None:
    for credit in rate(usage, {"US": zone}).credits:
        assert 0 <= credit.reward.low <= credit.reward.high <= credit.gift_value


@given(strategies.usages(), rated_whole)
def test_an_own_share_of_100_percent_is_the_gift_value(usage: list[Usage], zone: Zone) -> None:
    for credit in rate(usage, {"US": zone}, own_share=Decimal(100)).credits:
        assert credit.reward.low == credit.reward.high == credit.gift_value


@given(strategies.usages(), rated_whole, st.integers(1, 5))
def test_one_row_or_several_rows_of_the_same_quarter_earn_the_same(usage: list[Usage], zone: Zone, pieces: int) -> None:
    cut = [
        row._replace(coins=row.coins // pieces + (row.coins % pieces if piece == 0 else 0))
        for row in usage
        for piece in range(pieces)
    ]
    one, other = rate(usage, {"US": zone}), rate(cut, {"US": zone})
    assert [(key_of(c), c.reward, c.gift_value) for c in one.credits] == [
        (key_of(c), c.reward, c.gift_value) for c in other.credits
    ]


@given(strategies.usages(regions=("US", "GB")), rated_whole, rated_whole)
def test_creators_and_regions_are_rated_independently(usage: list[Usage], us: Zone, gb: Zone) -> None:
    zones = {"US": us, "GB": gb}
    together = rate(usage, zones).credits
    apart = [
        credit
        for creator in ("mara", "noor")
        for region in ("US", "GB")
        for credit in rate([row for row in usage if (row.creator, row.region) == (creator, region)], zones).credits
    ]
    assert sorted(map(key_of, together)) == sorted(map(key_of, apart))
    assert {key_of(c): (c.reward, c.gift_value) for c in together} == {key_of(c): (c.reward, c.gift_value) for c in apart}


# Evidence: amounts that were seen

JANUARY, FEBRUARY, MARCH = (build.quarter(f"2026-{month:02d}-01") for month in (1, 2, 3))


def one_credit(coins: int, share: str, own_share: str | None = None) -> Credit:
    zone = build.zone(build.reward(JANUARY, share=share), build.settlement(JANUARY, "stream", "down"))
    rated = rate(
        [build.usage(MARCH, coins, stream="s")], {"US": zone}, own_share=None if own_share is None else Decimal(own_share)
    )
    assert not rated.unrated
    (credit,) = rated.credits
    return credit


@pytest.mark.parametrize(
    ("diamonds", "shown"), [(458_691, "344.01"), (314_254, "235.69"), (214_578, "160.93"), (172_494, "129.37")]
)
def test_the_four_amounts_of_live_backstage_come_out_to_the_cent(diamonds: int, shown: str) -> None:
    """Diamonds x 0.01 x 7.5 %, truncated."""
    assert str(one_credit(diamonds, share="7.5").reward.low) == shown


@pytest.mark.parametrize(("diamonds", "share", "shown"), [(41_200, "36.5", "150.38"), (40_000, "50", "200.00")])
def test_the_amounts_of_an_agency_and_of_the_press_come_out_to_the_cent(diamonds: int, share: str, shown: str) -> None:
    """By the file's share and by the user's own."""
    assert str(one_credit(diamonds, share=share).reward.low) == shown
    assert str(one_credit(diamonds, share="12", own_share=share).reward.high) == shown


# Cases in words


def test_three_roses_of_half_a_cent_are_one_cent_together_not_nothing_three_times() -> None:
    zone = build.zone(build.reward(JANUARY), build.settlement(JANUARY, "stream", "down"))
    rows = [build.usage(MARCH + step, 1, stream="s") for step in range(3)]
    assert [str(credit.reward.low) for credit in rate(rows, {"US": zone}).credits] == ["0.01"]


def test_three_streams_of_one_rose_are_rounded_three_times() -> None:
    zone = build.zone(build.reward(JANUARY), build.settlement(JANUARY, "stream", "down"))
    rows = [build.usage(MARCH, 1, stream=name) for name in ("a", "b", "c")]
    assert [str(credit.reward.low) for credit in rate(rows, {"US": zone}).credits] == ["0.00", "0.00", "0.00"]


def test_a_stream_over_a_change_of_rates_is_one_credit_of_two_parts() -> None:
    zone = build.zone(
        build.reward(JANUARY, share="50"), build.reward(MARCH, share="53"), build.settlement(JANUARY, "stream", "down")
    )
    rows = [build.usage(MARCH - 1, 1, stream="s"), build.usage(MARCH, 1, stream="s")]
    (credit,) = rate(rows, {"US": zone}).credits
    # 0.005 + 0.0053 = 0.0103; rounded apart they would be nothing.
    assert [str(part.reward.low) for part in credit.parts] == ["0.0050", "0.0053"]
    assert str(credit.reward.low) == "0.01"


def test_a_stream_over_a_change_of_the_own_share_is_one_credit_of_two_parts_rounded_once() -> None:
    zone = build.zone(build.reward(JANUARY, share=("0", "53")), build.settlement(JANUARY, "stream", "down"))
    rows = [build.usage(MARCH - 1, 1, stream="s"), build.usage(MARCH, 1, stream="s")]
    shares = [OwnShare(Decimal(53), date(2026, 3, 1)), OwnShare(Decimal(50), date(2026, 1, 1))]
    (credit,) = rate(rows, {"US": zone}, own_shares={"mara": shares}).credits
    # 0.005 + 0.0053 = 0.0103; rounded apart they would be nothing.
    assert [str(part.reward.low) for part in credit.parts] == ["0.0050", "0.0053"]
    assert [str(end) for end in (credit.reward.low, credit.reward.high)] == ["0.01", "0.01"]


def test_an_own_share_begins_at_midnight_in_the_rate_zones_time_and_before_it_the_files_share_holds() -> None:
    zone = build.zone(
        build.reward(JANUARY, share=("0", "53")), build.settlement(JANUARY, "stream", "down"), timezone="America/Los_Angeles"
    )
    # 07:45 UTC is still the day before in Los Angeles, 08:00 UTC is midnight there.
    rows = [build.usage(build.quarter(f"2026-03-02T{time}"), 100, stream=time) for time in ("07:45", "08:00")]
    shares = {"mara": [OwnShare(Decimal(48), date(2026, 3, 2))]}
    found = [
        (credit.name, str(credit.reward.low), str(credit.reward.high))
        for credit in rate(rows, {"US": zone}, own_shares=shares).credits
    ]
    assert found == [("07:45", "0.00", "0.53"), ("08:00", "0.48", "0.48")]


def test_a_credit_belongs_to_the_quarter_of_its_last_gift() -> None:
    zone = build.zone(build.reward(JANUARY), build.settlement(JANUARY, "stream", "down"))
    rows = [build.usage(MARCH + 3, 100, stream="s"), build.usage(FEBRUARY, 100, stream="s")]
    (credit,) = rate(rows, {"US": zone}).credits
    assert credit.last == MARCH + 3
    assert credit.rows[0].quarter == FEBRUARY


def test_gifts_without_a_stream_name_are_credited_by_the_day_in_the_rate_zones_time() -> None:
    zone = build.zone(build.reward(JANUARY), build.settlement(JANUARY, "stream", "down"), timezone="America/Los_Angeles")
    # 07:45 UTC is still the day before in Los Angeles, 08:00 UTC is midnight there.
    rows = [build.usage(build.quarter("2026-03-02T07:45"), 100), build.usage(build.quarter("2026-03-02T08:00"), 300)]
    found = [(credit.unit, credit.name, str(credit.reward.low)) for credit in rate(rows, {"US": zone}).credits]
    assert found == [("day", "2026-03-01", "0.50"), ("day", "2026-03-02", "1.50")]


def test_a_week_begins_on_monday_and_a_month_on_its_first_in_the_rate_zones_time() -> None:
    rows = [build.usage(build.quarter(day), 100, stream=day) for day in ("2026-03-01", "2026-03-02", "2026-03-08T23:45")]
    names = {}
    for credit in ("week", "month"):
        zone = build.zone(build.reward(JANUARY), build.settlement(JANUARY, credit, "down"))
        names[credit] = [(item.name, str(item.reward.low)) for item in rate(rows, {"US": zone}).credits]
    assert names == {
        "week": [("2026-02-23", "0.50"), ("2026-03-02", "1.00")],
        "month": [("2026-03-01", "1.50")],
    }


def test_usage_before_the_first_rate_is_counted_and_not_priced() -> None:
    zone = build.zone(build.reward(MARCH), build.settlement(JANUARY, "stream", "down"))
    rows = [build.usage(MARCH - 1, 70, gifts=7), build.usage(MARCH, 100)]
    rated = rate(rows, {"US": zone})
    assert [(item.row.coins, item.row.gifts, item.why.reason) for item in rated.unrated] == [(70, 7, "before")]
    assert [str(credit.reward.low) for credit in rated.credits] == ["0.50"]


def test_a_stream_settles_by_the_rule_at_its_first_gift_even_when_that_gift_is_unrated() -> None:
    zone = build.zone(build.reward(MARCH), build.settlement(JANUARY, "stream", "down"), build.settlement(MARCH, "day", "up"))
    rows = [build.usage(MARCH - 1, 1, stream="s"), build.usage(MARCH, 1, stream="s")]
    rated = rate(rows, {"US": zone})
    assert [item.row for item in rated.unrated] == rows[:1]
    assert [(credit.unit, credit.name, str(credit.reward.low)) for credit in rated.credits] == [("stream", "s", "0.00")]


def test_a_stream_that_began_under_a_known_settlement_is_credited_although_the_next_is_unknown() -> None:
    zone = build.zone(
        build.reward(JANUARY, state="none"),
        build.reward(MARCH),
        build.settlement(JANUARY, "stream", "down"),
        build.settlement(MARCH, state="unknown"),
    )
    rows = [build.usage(MARCH - 1, 100, stream="s"), build.usage(MARCH, 100, stream="s")]
    rated = rate(rows, {"US": zone})
    assert [item.row for item in rated.unrated] == rows[:1]
    assert [(credit.unit, str(credit.reward.low)) for credit in rated.credits] == [("stream", "0.50")]


def test_a_stream_whose_currency_changes_settles_both_parts_by_the_rule_at_its_first_gift() -> None:
    zone = build.zone(
        build.reward(JANUARY, currency="USD"),
        build.reward(MARCH, currency="EUR"),
        build.settlement(JANUARY, "stream", "down"),
        build.settlement(MARCH, "stream", "up"),
    )
    rows = [build.usage(MARCH - 1, 1, stream="s"), build.usage(MARCH, 1, stream="s")]
    credits = rate(rows, {"US": zone}).credits
    assert [(credit.currency, str(credit.reward.low)) for credit in credits] == [("USD", "0.00"), ("EUR", "0.00")]
