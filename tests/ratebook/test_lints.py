"""Lints: what looks wrong is named, and what shops and pages really say is not."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import Range, quantise
from diamondctl.ratebook.entries import CoinPrice, Example, Fee, Minimum, RateEntry, Reward, Share, Source, Withholding, Zone
from diamondctl.ratebook.lints import Wanted, lint
from diamondctl.ratebook.slips import countries, slips
from tests import build

ON = date(2026, 11, 24)
START = build.quarter("2026-01-01")
EXAMPLE = Example("one", date(2026, 6, 1), 100, None, {}, "tiktok/us.yaml", 9, 5)
DATED = {"s": Source("a source of 2026", None, build.RECORDED, "", 6)}


def codes(*zones: Zone, max_age: int | None = None, require: str = "") -> list[str]:
    return [problem.code for problem in lint(zones, Wanted(ON, max_age, require))]


def clean_zone(*entries: RateEntry, platform: str = "tiktok") -> Zone:
    """A zone that no lint speaks of, but for these entries."""
    zone = build.zone(build.reward(START), build.settlement(START), *entries, examples=(EXAMPLE,))
    return zone._replace(sources=DATED, platform=platform)


def with_source(source: Source) -> Zone:
    return clean_zone()._replace(sources={"s": source})


def test_a_clean_zone_is_clean() -> None:
    assert codes(clean_zone()) == []


@pytest.mark.parametrize(
    ("title", "published", "expected"),
    [
        ("A page", None, ["R101"]),
        ("A page", date(2026, 1, 1), []),
        ("A page, 2026-01", None, []),
        ("Press, 2021-22", None, []),
        ("An Undated page", None, []),
        ("Room 20266", None, ["R101"]),
    ],
)
def test_a_source_names_a_day_a_year_or_that_it_has_none(title: str, published: date | None, expected: list[str]) -> None:
    assert codes(with_source(Source(title, published, build.RECORDED, "", 6))) == expected


def test_no_day_of_writing_or_seeing_lies_in_the_future() -> None:
    later = date(2026, 11, 25)
    assert codes(with_source(DATED["s"]._replace(retrieved=later, published=later))) == ["R103", "R103"]
    entry = build.minimum(START, "100")._replace(recorded=later, verified=later)
    assert codes(clean_zone(entry)) == ["R103", "R103"]
    assert lint([clean_zone(entry)], Wanted(ON, latest=later)) == []


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (("2",), ["R105"]),
        (("1", "2", "5", "20"), ["R105"]),
        (("1", "20"), ["R105"]),
        (("1",), []),  # reported for LIVE in 2026
        (("100",), []),
    ],
)
def test_minimums_of_other_programmes(amounts: tuple[str, ...], expected: list[str]) -> None:
    value = tuple(Minimum("any", Decimal(amount), "USD") for amount in amounts)
    assert codes(clean_zone(build.entry("minimum_payout", START, value))) == expected
    assert codes(clean_zone(build.entry("minimum_payout", START, value), platform="twitch")) == []


def fee(kind: str, amount: str, high: str = "") -> Fee:
    return Fee("bank", "a fee", kind, Range(Decimal(amount), Decimal(high or amount)), "USD", None, None, "half_up", "creator")


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (fee("flat", "0.05"), ["R105"]),
        (fee("percent", "0.9"), ["R105"]),
        (fee("percent", "0.03"), ["R104"]),
        (fee("percent", "0.03", "0.04"), ["R104", "R104"]),
        (fee("percent", "3", "4"), []),
        (fee("flat", "0.25"), []),
        (fee("percent", "0"), []),
    ],
)
def test_fees_of_other_programmes_and_fractions(item: Fee, expected: list[str]) -> None:
    assert codes(clean_zone(build.entry("payout_fees", START, (item,)))) == expected


def test_a_fraction_of_tax() -> None:
    value = (Withholding("no_tax_form", Range.of(Decimal("0.3"))),)
    assert codes(clean_zone(build.entry("withholding", START, value))) == ["R104"]


def prices(currency: str, **packs: str) -> RateEntry:
    pairs = tuple((int(coins[1:]), Decimal(price)) for coins, price in packs.items())
    return build.entry("coin_price", START, (CoinPrice("web", currency, pairs),))


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (prices("USD", _65="0.99", _330="4.99", _660="9.99", _1321="19.99"), []),
        (prices("USD", _70="0.99", _700="9.91"), []),  # a minor unit of slack
        (prices("USD", _70="0.99", _700="9.92"), ["R109"]),
        (prices("USD", _70="0.99", _700="0.98"), []),
        (prices("JPY", _65="160", _11230="26800"), []),
        (prices("JPY", _65="160.5", _11230="26800"), ["R107"]),
        (prices("USD", _65="0.990"), []),
    ],
)
def test_packs(entry: RateEntry, expected: list[str]) -> None:
    assert codes(clean_zone(entry)) == expected


PACKS = (70, 350, 1_400)
RATES = {"USD": "1", "CAD": "1.37", "AUD": "1.52", "JPY": "151", "BRL": "5.63", "KWD": "0.307"}


def table(currency: str, rate: str, packs: tuple[int, ...] = PACKS, title: str = "a source of 2026") -> Zone:
    """A zone whose coin prices are 0.0150 USD times a rate."""
    made = tuple((coins, quantise(Decimal("0.0150") * coins * Decimal(rate), currency, "half_up")) for coins in packs)
    zone = clean_zone(build.entry("coin_price", START, (CoinPrice("web", currency, made),)))
    return zone._replace(name=currency.lower(), sources={"s": Source(title, None, build.RECORDED, "", 6)})


@given(st.lists(st.sampled_from(sorted(RATES)), unique=True, max_size=6), st.decimals("0.5", "200", places=4))
def test_one_price_times_exchange_rates_is_named_from_three_currencies_on(currencies: list[str], factor: Decimal) -> None:
    zones = [table(currency, str(Decimal(RATES[currency]) * factor)) for currency in currencies]
    assert codes(*zones).count("R106") == (len(zones) if len(zones) >= 3 else 0)


def test_a_pack_that_a_shop_lacks_hides_no_table() -> None:
    """Three packs in common are enough, where the shops do not offer the same."""
    packs = (PACKS, (*PACKS, 7_000), (35, *PACKS), PACKS)
    zones = [table(currency, RATES[currency], own) for currency, own in zip(("USD", "CAD", "AUD", "JPY"), packs, strict=True)]
    assert codes(*zones).count("R106") == 4


def test_one_pack_is_a_multiple_of_any_other_so_it_takes_one_source_for_all() -> None:
    same = [table(currency, rate, (100,)) for currency, rate in RATES.items()]
    assert codes(*same).count("R106") == len(RATES)
    apart = [table(currency, rate, (100,), f"shop {currency} 2026") for currency, rate in RATES.items()]
    assert codes(*apart) == []


def test_prices_set_per_market_are_not_multiples() -> None:
    """The packs that shops showed, and the same figures in three currencies."""
    seen = [
        prices("USD", _70="0.74", _350="3.69", _700="7.39"),
        prices("EUR", _70="0.85", _350="4.15", _700="8.29"),
        prices("GBP", _70="0.79", _350="3.89", _700="7.49"),
    ]
    assert codes(*(clean_zone(entry) for entry in seen)) == []
    tiers = [prices(currency, _65="0.99", _660="9.99") for currency in ("USD", "GBP", "EUR")]
    assert codes(*(clean_zone(entry) for entry in tiers)) == []


@pytest.mark.parametrize(
    ("per_coin", "cash", "share", "currency", "expected"),
    [
        ("1", "0.01", "50", "USD", []),
        ("1", "0.01", "53", "USD", []),
        ("1", "0.01", "36.5", "USD", []),
        ("1", "0.005", "100", "USD", []),  # the half is in the value of the diamond, and not in the share
        ("1", "0.005", "50", "USD", ["R121"]),
        ("1", "0.01", "25", "USD", ["R121"]),
        ("1", "0.001", "50", "USD", ["R121"]),
        ("0.5", "0.005", "100", "USD", ["R122", "R121"]),
        ("0.5", "0.01", "50", "USD", ["R122", "R121"]),
        ("0.5", "0.01", "100", "USD", ["R122"]),
        ("2", "0.01", "50", "USD", ["R122"]),
        ("1", "0.05", "50", "USD", ["R123"]),
        ("1", "0.1", "50", "USD", ["R123"]),
        ("1", "1.5", "50", "JPY", []),  # no other currency has a number to compare with
    ],
)
def test_the_half_is_taken_once(per_coin: str, cash: str, share: str, currency: str, expected: list[str]) -> None:
    value = Reward(Decimal(per_coin), Decimal(cash), currency, Share("flat", Range.of(Decimal(share))))
    zone = clean_zone()._replace(rates={"reward": (build.entry("reward", START, value),)})
    assert [problem.code for problem in slips(zone)] == expected
    assert not list(slips(zone._replace(platform="twitch"))), "only of TikTok is anything known"


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (prices("USD", _70="0.99", _350="4.95", _700="990.00"), True),
        (prices("USD", _70="0.99", _350="0.50", _700="9.90"), True),
        (prices("USD", _70="0.99", _350="4.95", _700="9.90"), False),
        (prices("USD", _65="0.99", _6607="9999"), True),
        (prices("USD", _65="99.00", _6607="99.99"), True),
        (prices("VND", _5="2000", _16500="6999000"), False),
    ],
)
def test_a_pack_is_not_many_times_as_dear_as_its_neighbours(entry: RateEntry, expected: bool) -> None:
    assert ("R126" in codes(clean_zone(entry))) == expected


@pytest.mark.parametrize(("region", "expected"), [("US", 0), ("XK", 0), ("AQ", 0), ("UK", 1), ("EU", 1), ("ZZ", 1)])
def test_a_region_is_a_country(region: str, expected: int) -> None:
    assert len(list(countries(clean_zone()._replace(regions=("GB", region))))) == expected


@pytest.mark.parametrize(
    ("method", "expected"), [("any", []), ("paypal", []), ("payoneer", []), ("paypall", ["R127"]), ("x", ["R127"])]
)
def test_a_method_is_one_that_somebody_knows(method: str, expected: list[str]) -> None:
    value = (Minimum(method, Decimal(100), "USD"),)
    assert codes(clean_zone(build.entry("minimum_payout", START, value))) == expected


def test_every_standing_reward_and_settlement_wants_an_example() -> None:
    """A corrected entry cannot have one, a withdrawn or unknown one needs none."""
    july = build.quarter("2026-07-01")
    assert codes(clean_zone(build.reward(july))) == ["R108"]
    assert codes(clean_zone(build.settlement(july))) == ["R108"]
    assert codes(clean_zone(build.reward(july, state="unknown"), build.settlement(july, state="none"))) == []
    corrected = build.reward(START, share="48", recorded=date(2026, 11, 23))
    assert codes(clean_zone(corrected)) == []


def test_max_age_speaks_of_what_is_in_force() -> None:
    old = build.minimum(START, "100")._replace(verified=date(2026, 1, 1))
    newer = build.minimum(build.quarter("2026-06-01"), "50")
    assert codes(clean_zone(old), max_age=327) == []
    assert codes(clean_zone(old), max_age=326) == ["R102"]
    assert codes(clean_zone(old, newer), max_age=326) == []


def test_require_speaks_of_what_is_in_force_or_to_come() -> None:
    past, future = build.quarter("2025-01-01"), build.quarter("2027-01-01")
    entries = [
        build.entry("minimum_payout", at, (Minimum("any", Decimal(100), "USD"),), confidence=word)
        for at, word in ((past, "assumed"), (START, "official"), (future, "assumed"))
    ]
    assert codes(clean_zone(*entries[:2]), require="reported") == []
    assert codes(clean_zone(*entries), require="reported") == ["R110"]
    assert codes(clean_zone(), require="measured") == ["R110", "R110"]
