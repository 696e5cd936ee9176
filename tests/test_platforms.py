"""Units, fixed values and monthly payouts of other platforms than TikTok, with figures worked out here once more."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl.problems import ProblemLog
from diamondctl.ratebook import store
from diamondctl.ratebook.entries import COINS, CoinPrice, Reward, Units, Zone
from diamondctl.rating.calendar import Terms, calendar
from diamondctl.render import units
from tests.support import ROOT, run

GIFTS = str(ROOT / "examples" / "2026-10.csv")
OTHERS = ("facebook", "instagram", "twitch", "youtube")


def zone_of(platform: str) -> Zone:
    return store.zones_for(platform, ["US"], None)["US"]


def screen(*arguments: str, platform: str = "twitch") -> str:
    made = run(*arguments, GIFTS, "--platform", platform, "--region", "US", COLUMNS="200", DIAMONDCTL_AS_OF="2026-11-29")
    assert made.code in (0, 3), made.err
    return made.out


@pytest.mark.parametrize("platform", OTHERS)
def test_every_shipped_unit_is_a_cent_and_said_to_be_fixed(platform: str) -> None:
    zone = zone_of(platform)
    rewards = [entry.value for entry in zone.rates["reward"] if isinstance(entry.value, Reward)]
    assert rewards and len(rewards) == len(zone.rates["reward"])
    assert {(value.cash_per_diamond, value.currency, value.share.kind) for value in rewards} == {
        (Decimal("0.01"), "USD", "fixed")
    }
    assert zone.unit != COINS and {value.unit for value in rewards} == {zone.unit}


@pytest.mark.parametrize(
    "arguments",
    [("summary", "-v"), ("fees", "-v"), ("balance", "-v"), ("payout", "check", "-v"), ("explain", "reward"), ("project", "-v")],
)
@pytest.mark.parametrize(("platform", "name"), [("twitch", "bits"), ("youtube", "rubies")])
def test_no_screen_of_another_platform_speaks_of_coins_or_diamonds(
    arguments: tuple[str, ...], platform: str, name: str
) -> None:
    text = screen(*arguments, platform=platform)
    assert not re.search(r"(?i)\b(coins?|diamonds?)\b", text), text
    if arguments[0] in ("summary", "fees", "explain", "project"):
        assert re.search(rf"(?i)\b{name}\b", text)


def test_json_says_the_units_and_keeps_its_keys() -> None:
    text = screen("summary", "--json")
    assert '"unit": {' in text and '"fan": "bit"' in text and '"coins": {' in text


def test_words_of_others_are_no_units() -> None:
    bits = Units("bit", "bit")
    assert units.said("20,265 coins, 1 coin, 3 diamonds", bits) == "20,265 bits, 1 bit, 3 bits"
    for kept in ("my-coins.csv:3", "diamondctl explain", "'Coin'", "--earning-unit=diamonds", "coins/2026.csv", "coin_price"):
        assert units.said(kept, bits) == kept
    assert units.cell("Coins", bits) == "Coins"  # the name of a gift or a person
    assert units.cell("7,000 coins", bits) == "7,000 bits"
    assert units.cell("Coins", bits, label=True) == "Bits"
    assert units.said("2 coins", Units("jewel", "ruby")) == "2 jewels"
    assert units.said("Diamonds", Units("jewel", "ruby")) == "Rubies"


def test_what_is_kept_of_a_fixed_value_is_price_less_value_by_channel() -> None:
    entry = zone_of("twitch").rates["coin_price"][0]
    assert isinstance(entry.value, tuple) and isinstance(entry.value[0], CoinPrice)
    each = [Fraction(price) / pack for pack, price in entry.value[0].packs]
    coins = 20_265
    low, high = ((coins * rate - Fraction(coins, 100)) * 100 for rate in (min(each), max(each)))
    text = screen("fees")
    assert f"keep {low // 1 / 100:.2f} to {-(-high // 1) / 100:.2f} USD" in text
    assert "Kept by the platform" not in text and "TikTok" not in text
    assert "Kept by the platform" in screen("fees", "-v", "--share", "80")


@settings(max_examples=150, deadline=None)
@given(
    st.dates(date(2019, 1, 1), date(2030, 12, 31)),
    st.integers(0, 60),
    st.integers(1, 500_000),
    st.one_of(st.none(), st.integers(1, 100_000)),
    st.one_of(st.none(), st.integers(1_000, 200_000)),
)
def test_what_is_paid_once_a_month_leaves_so_many_days_after_its_end(
    after: date, net: int, cents: int, least: int | None, most: int | None
) -> None:
    def money(number: int | None) -> Decimal | None:
        return None if number is None else Decimal(number).scaleb(-2)

    amount = Decimal(cents).scaleb(-2)
    found = calendar(amount, after, Terms(per_day=money(most), least=money(least), net=net))
    # Asked month by month.
    expected: list[Any] = []
    rest, (year, month) = amount, (after.year, after.month)
    floor = money(least) or Decimal(0)
    while rest > 0 and rest >= floor and len(expected) < 700:
        day = date(year, month, monthrange(year, month)[1]) + timedelta(days=net)
        paid = rest if most is None else min(rest, Decimal(most).scaleb(-2))
        if paid < floor:
            break
        expected.append((day, paid))
        rest -= paid
        year, month = (year + month // 12, month % 12 + 1)
    assert list(found.dated()) == expected
    assert found.left == rest


def test_net_days_are_refused_where_they_mean_nothing() -> None:
    text = (store.shipped_folder() / "youtube" / "us.yaml").read_text("utf-8")
    for edit, code in (("low: 21, high: 26", ("low: 26, high: 21", "R019")), ("request: monthly", ("request: manual", "R006"))):
        log = ProblemLog()
        new = text.replace(edit, code[0])
        assert new != text and store.load_data(new.encode(), name="us", file="us.yaml", origin="user", log=log) is None
        assert {problem.code for problem in log.problems} == {code[1]}
