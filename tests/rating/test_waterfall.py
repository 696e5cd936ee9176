"""The waterfall, held against one that takes every fee of every payout by itself, in fractions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from diamondctl.money import MINOR_UNITS, Range, exact
from diamondctl.ratebook.entries import Fee, Maximum, RateEntry, Timing, Value, Withholding
from diamondctl.rating.fees import AgencyBase, Agreement, PaidOut, Rules, Waterfall, waterfall
from tests import build, payout_oracle
from tests.payout_oracle import Taken

DAY = date(2026, 10, 31)
CURRENCIES = ("USD", "JPY", "KWD")


def entry(rate: str, value: Value) -> RateEntry:
    return build.entry(rate, 0, value)


def fee(taken: Taken, currency: str) -> Fee:
    low, high, least, most = (None if end is None else decimal(end) for end in taken[1:5])
    assert low is not None and high is not None
    return Fee("any", "fee", taken.kind, Range(low, high), currency, least, most, taken.rounding, "creator")


def decimal(number: Fraction) -> Decimal:
    """Of a fraction in thousandths."""
    return Decimal(int(number * 1_000)).scaleb(-3)


def thousandths(most: int) -> st.SearchStrategy[Fraction]:
    return st.integers(0, most).map(lambda units: Fraction(units, 1_000))


def pairs(most: int) -> st.SearchStrategy[tuple[Fraction, Fraction]]:
    return st.tuples(thousandths(most), thousandths(most)).map(lambda two: (min(two), max(two)))


def takens() -> st.SearchStrategy[Taken]:
    bounds = st.tuples(st.booleans(), st.booleans(), pairs(30_000)).map(
        lambda drawn: (drawn[2][0] if drawn[0] else None, drawn[2][1] if drawn[1] else None)
    )
    roundings = st.sampled_from(("down", "half_even", "half_up", "up"))

    def made(kind: str, ends: tuple[Fraction, Fraction], limits: tuple[Fraction | None, Fraction | None], how: str) -> Taken:
        return Taken(kind, ends[0], ends[1], limits[0], limits[1], how)

    flat = st.builds(made, st.just("flat"), pairs(20_000), bounds, roundings)
    return flat | st.builds(made, st.just("percent"), pairs(12_000), bounds, roundings)


class Case(NamedTuple):
    """A payout: rewards and limit in minor units, percentages, and the fees."""

    currency: str
    reward: tuple[int, int]
    limit: int | None
    fees: list[Taken]
    agency: Fraction | None = None
    base: AgencyBase = "reward"
    withheld: tuple[Fraction, Fraction] | None = None


bases: st.SearchStrategy[AgencyBase] = st.sampled_from(("reward", "gifts"))
cases = st.builds(
    Case,
    st.sampled_from(CURRENCIES),
    st.tuples(st.integers(0, 400_000), st.integers(0, 400_000)).map(lambda two: (min(two), max(two))),
    st.none() | st.integers(20_000, 300_000),
    st.lists(takens(), max_size=3),
    st.none() | thousandths(30_000),
    bases,
    st.none() | pairs(30_000),
)


def priced(case: Case, gifts: int = 700_000) -> tuple[Waterfall, list[Fraction]]:
    """What the product makes of a case, and what the oracle makes of its two stories."""
    places = MINOR_UNITS[case.currency]
    amounts = [Decimal(units).scaleb(-places) for units in case.reward]
    most = None if case.limit is None else Decimal(case.limit).scaleb(-places)
    withheld = None if case.withheld is None else Range(decimal(case.withheld[0]), decimal(case.withheld[1]))
    rules = Rules(
        agency=None if case.agency is None else Agreement(decimal(case.agency), case.base),
        withholding=None if withheld is None else entry("withholding", (Withholding("no_form", withheld),)),
        fees=entry("payout_fees", tuple(fee(taken, case.currency) for taken in case.fees)),
        maximum=None if most is None else entry("maximum_payout", (Maximum("any", "day", most, case.currency),)),
        timing=entry("payout_timing", (Timing("any", "automatic", "wednesday"),)),
    )
    value = Decimal(gifts).scaleb(-places)
    found = waterfall([PaidOut(Range.of(value), Range(amounts[0], amounts[1]), rules, day=DAY)], case.currency, method="any")
    told = []
    for least, amount in ((True, amounts[0]), (False, amounts[1])):
        out = payout_oracle.payouts(Fraction(amount), DAY, {} if most is None else {"week": Fraction(most)}, weekday=2)
        parts = []
        if case.agency is not None:
            parts.append((Fraction(amount if case.base == "reward" else value), case.agency))
        if case.withheld is not None and least:
            parts.append((Fraction(amount), case.withheld[1]))
        told.append(payout_oracle.net([paid for _, paid in out], places, least=least, parts=parts, fees=case.fees))
    return found, told


@settings(max_examples=150)
@given(cases)
def test_both_stories_are_those_of_an_oracle_that_takes_every_payout_by_itself(case: Case) -> None:
    found, told = priced(case)
    assert [Fraction(found.net.low), Fraction(found.net.high)] == told
    with exact():
        for end in ("low", "high"):
            amounts = {step.key: Decimal(0) for step in found.steps}
            for step in found.steps:
                amounts[step.key] += getattr(step.amount, end)
            taken = sum((amount for key, amount in amounts.items() if key in ("agency", "withholding", "fee")), Decimal(0))
            assert amounts["reward"] + taken == amounts["net"]
            assert amounts["gift_value"] + amounts["platform"] == amounts["reward"]


@settings(max_examples=100)
@given(cases)
def test_no_world_between_brings_less_than_the_least_or_more_than_the_most(case: Case) -> None:
    """Every end of every fee with every end of the reward: each is one consistent world, and both stories are among them."""
    case = case._replace(agency=None, withheld=None)
    found, _ = priced(case)
    worlds = []
    for amount in case.reward:
        for ends in product(*((taken.low, taken.high) for taken in case.fees)):
            fees = [taken._replace(low=end, high=end) for taken, end in zip(case.fees, ends, strict=True)]
            worlds.append(priced(case._replace(reward=(amount, amount), fees=fees))[0].net)
    assert all(net.is_exact for net in worlds)
    assert found.net.low == min(net.low for net in worlds)
    assert found.net.high == max(net.high for net in worlds)


def test_a_thousand_million_payouts_cost_no_more_than_one() -> None:
    rules = Rules(
        agency=Agreement(Decimal(7), "reward"),
        fees=entry("payout_fees", (fee(Taken("flat", Fraction(1, 4), Fraction(1, 2)), "USD"),)),
        maximum=entry("maximum_payout", (Maximum("any", "day", Decimal(10), "USD"),)),
    )
    paid = PaidOut(Range.of(Decimal("20000000000.00")), Range.of(Decimal("10000000000.00")), rules, day=DAY)
    found = waterfall([paid], "USD", method="any")
    assert found.net == Range(Decimal("8800000000.00"), Decimal("9050000000.00"))
    assert found.payouts == (1_000_000_000, 1_000_000_000)
