"""The waterfall: stories that add up, weekly parts over the end of a period, and fees of every payout."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, reject
from hypothesis import strategies as st

from diamondctl.exchange import Exchange
from diamondctl.money import Range, exact, total
from diamondctl.periods import days, parse_period
from diamondctl.problems import Refusal
from diamondctl.ratebook.entries import Fee, Maximum, RateEntry, Timing, Withholding
from diamondctl.rating.fees import AgencyBase, Agreement, PaidOut, Rules, Step, waterfall
from diamondctl.rating.missions import EVERYBODY, OPTION, Facts, Personal
from diamondctl.rating.rewards import Rating
from diamondctl.records import Usage
from diamondctl.reports.fees import Wanted, fees
from diamondctl.reports.scope import make_scope
from diamondctl.reports.values import Asked, Basis
from tests import build, strategies

DONE = Facts(people={EVERYBODY: [Personal(None, 120, "held", Decimal(0), OPTION)]})
MONDAY = build.quarter("2026-03-02")


def steps(usage: list[Usage], first: date, last: date, credit: str = "stream", basis: Basis = "earned") -> dict[str, Step]:
    """The steps up to the reward of the days from `first` to `last`."""
    zones = {"US": build.zone(build.reward(0, share=build.MISSIONS), build.settlement(0, credit))}
    asked = Asked(period=days(first, last + timedelta(days=1)), facts=DONE, basis=basis)
    scope = make_scope(Rating(usage, zones, facts=DONE), (), asked)
    (account,) = fees(scope, Wanted(False, "", None, {})).accounts
    (waterfall,) = account.waterfalls
    return {step.key: step for step in waterfall.steps}


def live(name: str, day: int, coins: int) -> list[Usage]:
    start = MONDAY + day * 96 + 80
    return [build.usage(start, coins, stream=name), build.usage(start + 6, coins, stream=name)]


# 20.00 on Wednesday, 40.00 on Saturday: 38 - 40 % each, and 10.5 % for the week, each gift in the period in which it came.
TWO = [*live("a", 2, 1_000), *live("b", 5, 2_000)]


def test_a_week_within_the_period_is_part_of_its_share() -> None:
    found = steps(TWO, date(2026, 3, 1), date(2026, 3, 31))
    assert list(found) == ["gift_value", "platform", "reward"]
    assert found["reward"].amount == Range(Decimal("29.10"), Decimal("30.30"))
    assert (found["platform"].rate, found["platform"].note) == ("49.5 - 51.5%", "")
    assert found["platform"].percent == Range(Decimal("-51.5"), Decimal("-49.5"))


def test_the_weekly_part_of_a_week_that_is_cut_belongs_to_the_gifts_of_each_side() -> None:
    """What is not known of the days to come may still be; what Saturday proves completes the week that began before."""
    early, late = (steps(TWO, *ends) for ends in ((date(2026, 3, 2), date(2026, 3, 5)), (date(2026, 3, 6), date(2026, 3, 8))))
    assert (early["gift_value"].amount, late["gift_value"].amount) == (Range.of(Decimal(20)), Range.of(Decimal(40)))
    assert early["reward"].amount == Range(Decimal("9.30"), Decimal("10.10")), "one valid day by Thursday, or two and more"
    with exact():
        assert early["reward"].amount + late["reward"].amount == Range(Decimal("29.10"), Decimal("30.30"))


def test_by_the_day_of_the_booking_the_weekly_part_is_a_step_of_its_own() -> None:
    found = steps(TWO, date(2026, 3, 9), date(2026, 3, 15), basis="credited")
    assert list(found) == ["gift_value", "platform", "weekly", "reward"]
    assert found["weekly"].amount == found["reward"].amount == Range.of(Decimal("6.30"))
    assert all(step.percent is None for step in found.values())


@given(strategies.usages(most=14), st.integers(0, 40), st.integers(1, 20), st.sampled_from(("stream", "month")))
def test_the_steps_add_up_in_both_stories(usage: list[Usage], first: int, length: int, credit: str) -> None:
    mine = [row._replace(creator="mara") for row in usage]
    start = date.fromordinal(date(2026, 2, 25).toordinal() + first)
    try:
        found = steps(mine, start, date.fromordinal(start.toordinal() + length - 1), credit)
    except (Refusal, ValueError):
        reject()  # nothing in the period
    with exact():
        for end in ("low", "high"):
            value, kept, reward = (getattr(found[key].amount, end) for key in ("gift_value", "platform", "reward"))
            assert value + kept == reward


# Payouts one by one


def fee(**fields: object) -> Fee:
    given = {
        "name": "fee", "method": "any", "kind": "percent", "amount": Range.of(Decimal(2)), "currency": "USD", "minimum": None,
        "maximum": None, "paid_by": "creator", "rounding": "half_up",
    }  # fmt: skip
    return Fee(**(given | fields))  # type: ignore[arg-type]


def entry(rate: str, *values: Any) -> RateEntry:
    return build.settlement(0)._replace(rate=rate, value=values)


def net_of(reward: Range, fees: tuple[Fee, ...], limit: str = "") -> Range:
    maximum = entry("maximum_payout", Maximum("any", "day", Decimal(limit), "USD")) if limit else None
    paid = PaidOut(Range.of(Decimal(10_000)), reward, Rules(fees=entry("payout_fees", *fees), maximum=maximum))
    return waterfall([paid], "USD", method="any").net


def test_a_limited_fee_is_taken_of_every_payout() -> None:
    """1,700 at 500 a day and 2 %, at most 20 a payout: 10 + 10 + 10 + 4, and not 20."""
    least = fee(maximum=Decimal(20))
    assert net_of(Range.of(Decimal("1700.00")), (least,), "500") == Range.of(Decimal("1666.00"))
    assert net_of(Range.of(Decimal("1700.00")), (fee(minimum=Decimal(15)),), "500") == Range.of(Decimal("1640.00"))


def test_each_story_pays_the_flat_fees_of_its_own_payouts() -> None:
    """1,200 goes out in three payouts and 1,700 in four: 1,160 and 1,660 are possible, and nothing else is printed."""
    flat = fee(kind="flat", amount=Range.of(Decimal(10)))
    stories = net_of(Range(Decimal("1190.00"), Decimal("1700.00")), (flat,), "500")
    assert stories == Range(Decimal("1160.00"), Decimal("1660.00"))


def test_the_net_of_a_year_is_the_sum_of_its_months() -> None:
    flat = entry("payout_fees", fee(kind="flat", amount=Range.of(Decimal(1))))
    zones = {"US": build.zone(build.reward(0, share=("50", "50")), build.settlement(0), flat)}
    usage = [build.usage(build.quarter(f"2026-{month:02}-28T23:00"), 10_000 * month, stream=f"s{month}") for month in (1, 2, 5)]
    usage.append(build.usage(build.quarter("2026-02-01T01:00"), 700, stream="s1"))

    def net(period: str) -> Decimal:
        scope = make_scope(Rating(usage, zones), (), Asked(period=parse_period(period, date(2027, 1, 1))))
        ((waterfall,),) = (account.waterfalls for account in fees(scope, Wanted(True, "", None, {})).accounts)
        return waterfall.net.low

    months = [net(f"2026-{month:02}") for month in range(1, 13)]
    assert months[:3] == [Decimal("49.00"), Decimal("102.50"), Decimal("0")]
    assert net("2026") == sum(months)


TAKEN = (
    build.entry(
        "payout_fees",
        0,
        (
            fee(kind="flat", amount=Range(Decimal("0.25"), Decimal(3))),
            fee(amount=Range(Decimal(1), Decimal(4)), minimum=Decimal("0.10"), maximum=Decimal(20)),
            fee(kind="flat", amount=Range.of(Decimal("0.30")), currency="EUR", rounding="up"),
        ),
    ),
    build.entry("maximum_payout", 0, (Maximum("any", "week", Decimal(15), "EUR"),)),
    build.entry("payout_timing", 0, (Timing("any", "automatic", "friday"),)),
    build.entry("withholding", 0, (Withholding("no_tax_form", Range(Decimal(24), Decimal(30))),)),
)
EUROS = Exchange("fx.csv", "", {"USD": {date(2026, month, 28): Decimal(100 + month).scaleb(-2) for month in range(1, 13)}})


@given(strategies.usages(most=14), st.sampled_from(("stream", "month")), st.sampled_from(("reward", "gifts")))
def test_each_story_of_a_year_is_the_sum_of_its_months(usage: list[Usage], credit: str, base: AgencyBase) -> None:
    """Limits that make several payouts, fees that are ranges and in euros by the rate of each month, agency and tax."""
    mine = [row._replace(creator="mara") for row in usage]
    zones = {"US": build.zone(build.reward(0, share=build.MISSIONS), build.settlement(0, credit), *TAKEN)}
    wanted = Wanted(True, "", Agreement(Decimal(15), base), {}, exchange=EUROS)

    def net(period: str) -> Range:
        scope = make_scope(
            Rating(mine, zones, facts=DONE), (), Asked(period=parse_period(period, date(2027, 1, 1)), facts=DONE)
        )
        nets = [fall.net for account in fees(scope, wanted).accounts for fall in account.waterfalls]
        return total(nets)

    with exact():
        assert net("2026") == total(net(f"2026-{month:02}") for month in range(1, 13))
