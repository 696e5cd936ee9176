"""The reference week: whatever differs between two sets of rate files is priced or named, however old it is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from diamondctl.money import Range
from diamondctl.ratebook.entries import RATES, NotKnown, RateEntry, Timing, Value, Zone, look_up
from diamondctl.ratebook.gifts import CatalogueGift, GiftFile, GiftPrice, as_zone
from diamondctl.reports.impact import Effect, Key, Limit, exceeds
from diamondctl.reports.reference import Priced, priced, stretches
from tests import build, strategies

WEEK = [build.usage(build.quarter("2026-03-02T20:00") + 96 * day, 10_000, stream=f"s{day}") for day in range(7)]
DAY = build.RECORDED
JAN, MARCH, NOV = (build.quarter(day) for day in ("2025-01-01", "2025-03-01", "2026-11-01"))


def books(*zones: Zone) -> Mapping[tuple[str, str], Zone]:
    return {(zone.platform, zone.name): zone for zone in zones}


def zone(*entries: RateEntry, **fields: Any) -> Zone:
    return build.zone(build.reward(JAN), build.settlement(JAN), *entries)._replace(**fields)


def told(entry: Priced) -> tuple[str, str, str, str]:
    shown = entry.shown
    before, after = (str(side.low) if side else "-" for side in (shown.before, shown.after)) if shown else ("-", "-")
    return f"{entry.stretch.place} {entry.stretch.region} {entry.name}".strip(), str(entry.day), before, after


def test_an_entry_is_priced_for_as_long_as_it_held() -> None:
    """A tenth of the share, from 2025-03-01 until the next entry twenty months later."""
    later = build.reward(NOV)
    found = priced(books(zone(build.reward(MARCH), later)), books(zone(build.reward(MARCH, share="5"), later)), WEEK)
    assert [told(entry) for entry in found] == [("tiktok/us US reward", "2025-03-01", "350.00", "35.00")]
    assert (found[0].last, found[0].months(date(2030, 1, 1))) == (date(2026, 11, 1), Decimal("20.0"))


def test_what_begins_between_does_not_split_a_change() -> None:
    settled = build.settlement(build.quarter("2025-09-01"))
    base, head = (zone(build.reward(MARCH, share=share), settled) for share in ("50", "40"))
    (entry,) = priced(books(base), books(head), WEEK)
    assert (str(entry.day), entry.last) == ("2025-03-01", None)
    assert {effect.key.month for effect in entry.effects} == {"2025-03-01", "2025-09-01"}


def test_a_stretch_shorter_than_a_week_holds_the_whole_week() -> None:
    back = build.reward(MARCH + 1)
    (entry,) = priced(books(zone(build.reward(MARCH), back)), books(zone(build.reward(MARCH, share="5"), back)), WEEK)
    assert told(entry)[2:] == ("350.00", "35.00")


def test_a_region_that_moved_is_priced_by_both_files() -> None:
    cheap = build.zone(build.reward(JAN, share="25"), build.settlement(JAN), name="ca", regions=("CA", "MX"))
    home = zone(regions=("US", "GB"))
    head = books(home._replace(regions=("US",)), cheap._replace(regions=("CA", "MX", "GB")))
    assert [told(entry) for entry in priced(books(home, cheap), head, WEEK)] == [
        ("tiktok/ca GB reward", "2025-01-01", "350.00", "175.00")
    ]


def test_what_moves_no_money_is_named() -> None:
    value: tuple[Timing, ...] = (Timing("any", "manual", review_days=3),)
    (entry,) = priced(books(zone()), books(zone(build.entry("payout_timing", MARCH, value))), WEEK)
    assert told(entry) == ("tiktok/us US payout timing", "2025-03-01", "-", "-")


def test_a_file_that_is_new_or_gone_is_one_change() -> None:
    whole = zone(build.reward(MARCH, share="48"), build.reward(NOV, share="49"))
    for base, head in ((books(), books(whole)), (books(whole), books())):
        assert [entry.name for entry in priced(base, head, WEEK)] == ["every rate"]


def catalogue(**coins: int) -> Zone:
    gifts = [
        CatalogueGift(
            gift_id[1:],
            "Rose",
            (
                GiftPrice(
                    MARCH * 900_000_000, "2025-03-01", "start", build.RECORDED, price, "measured", ("s",), build.RECORDED, 9
                ),
            ),
        )
        for gift_id, price in coins.items()
    ]
    return as_zone(GiftFile("tiktok", tuple(gifts), {}, "gifts.yaml", "0" * 64))


def test_a_price_of_the_catalogue_is_a_hundred_gifts() -> None:
    base, head = (books(zone(), catalogue(_5655=price, _6369=7)) for price in (1, 10))
    assert [told(entry) for entry in priced(base, head, WEEK)] == [
        ("tiktok/gifts US Rose (5655)", "2025-03-01", "0.50", "5.00")
    ]
    swapped = books(zone(), catalogue(_5655=7, _6369=1))
    assert len(priced(books(zone(), catalogue(_5655=1, _6369=7)), swapped, WEEK)) == 2
    assert [entry.name for entry in priced(base, books(zone()), WEEK)] == ["every gift"]


histories = strategies.histories(strategies.reward_entries(), most=4)


@settings(max_examples=60)
@given(histories, histories)
def test_stretches_are_where_an_answer_differs(one: list[RateEntry], other: list[RateEntry]) -> None:
    """Every quarter at which a look-up of the sides differs lies in a stretch that names the rate, and no other does."""
    base, head = build.zone(*one), build.zone(*other)
    found = list(stretches(books(base), books(head)))

    def answer(side: Zone, rate: str, quarter: int) -> object:
        entry = look_up(side, rate, quarter)
        unsaid = isinstance(entry, NotKnown) and entry.reason in ("missing", "before")
        return "" if unsaid else entry.reason if isinstance(entry, NotKnown) else entry.value

    for quarter in {entry.effective + step for entry in (*one, *other) for step in (0, 1, 700)}:
        differ = {rate for rate in RATES if answer(base, rate, quarter) != answer(head, rate, quarter)}
        named = {
            rate for item in found if item.start <= quarter and (item.end is None or quarter < item.end) for rate in item.rates
        }
        assert differ == named


def effect(before: str, after: str, figure: str = "reward") -> Effect:
    sides = [Range.of(Decimal(text)) if text else None for text in (before, after)]
    return Effect(Key("m", "US", "2026-03", figure, "", "USD"), sides[0], sides[1])


@pytest.mark.parametrize(
    ("limit", "moved", "expected"),
    [
        (Limit("", Decimal(10), ""), effect("100", "111"), True),
        (Limit("", Decimal(10), ""), effect("100", "89"), True),
        (Limit("", Decimal(10), ""), effect("100", "110"), False),
        (Limit("-", Decimal(10), ""), effect("100", "200"), False),
        (Limit("-", Decimal(10), ""), effect("100", "89"), True),
        (Limit("+", Decimal(10), ""), effect("100", "1"), False),
        (Limit("", Decimal(5), "USD"), effect("1000", "1005.01"), True),
        (Limit("", Decimal(5), "USD"), effect("1", "6"), False),
        (Limit("-", Decimal(5), "USD"), effect("1000", "1100"), False),
        (Limit("", Decimal(5), "EUR"), effect("1000", "1"), False),
        (Limit("", Decimal(500), ""), effect("100", ""), True),
        (Limit("+", Decimal(0), ""), effect("100", ""), False),
        (Limit("", Decimal(0), ""), effect("", "100"), False),
        (Limit("", Decimal(0), ""), effect("0", "1"), True),
        (Limit("", Decimal(0), ""), effect("100", "1", "fans_paid"), False),
    ],
)
def test_limits_hold_in_percent_and_money_up_and_down(limit: Limit, moved: Effect, expected: bool) -> None:
    assert exceeds(moved, [limit]) == expected
    assert exceeds(moved, [Limit("", Decimal(10_000), ""), limit]) == (expected or moved.gone)


def test_values_are_of_the_kinds_that_a_zone_has() -> None:
    """A rate that is missing on a side differs from every value, and not from another that is missing."""
    value: Value = (Timing("any", "manual"),)
    assert not list(stretches(books(zone()), books(zone())))
    assert [item.rates for item in stretches(books(zone()), books(zone(build.entry("payout_timing", JAN, value))))] == [
        ("payout_timing",)
    ]
