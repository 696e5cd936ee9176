"""From gift value to the bank: every step between, in the order in which it is taken. Pure.

Convention: a `Range` here is a pair of stories, not just two ends. `low` is the story in which the creator gets least (low
share, high fees), `high` the one in which she gets most; every step is computed whole in both, so each column foots by
itself. Amounts taken are negative.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Literal, NamedTuple

from diamondctl.money import MINOR_UNITS, ZERO, Range, allocate, exact, percent_of, quantise
from diamondctl.ratebook.entries import CoinPrice, Fee, Maximum, RateEntry, Withholding

AgencyBase = Literal["reward", "gifts"]


class Step(NamedTuple):
    """One line of the waterfall. `amount` is signed; totals (gift value, reward, net) are not negative."""

    key: str  # gift_value | platform | weekly | reward | agency | withholding | fee | net
    label: str
    rule: str  # the rate it follows, or "config"
    rate: str  # in words: `51.36%`, `2 - 4%`, `0.25 flat`
    amount: Range
    percent: Range | None  # of the gift value, one decimal; each column of parts adds up to 100.0
    entry: RateEntry | None
    provenance: str  # rated | config
    note: str = ""

    @property
    def is_total(self) -> bool:
        """Gift value, reward and net are sums of what stands around them."""
        return self.key in ("gift_value", "reward", "net")


class Agreement(NamedTuple):
    """What an agency takes: `percent` of the reward or of the gift value, from the beginning of a day on."""

    percent: Decimal
    base: AgencyBase
    start: date | None = None  # None: always


class Waterfall(NamedTuple):
    """Steps for one payout method; None as a method stops at the reward."""

    method: str | None
    currency: str
    steps: tuple[Step, ...]
    unknown: tuple[str, ...]  # fees that could not be computed, and why

    @property
    def net(self) -> Range:
        """What is left at the end."""
        return self.steps[-1].amount


def methods_of(entry: RateEntry | None) -> list[str]:
    """Payout methods that a fee entry names, in its order; `any` when it names no other."""
    if entry is None or not isinstance(entry.value, tuple):
        return ["any"]
    named = [item.method for item in entry.value if isinstance(item, Fee) and item.method != "any"]
    return list(dict.fromkeys(named)) or ["any"]


def waterfall(
    gift_value: Decimal,
    reward: Range,
    currency: str,
    *,
    share_text: str,
    reward_entry: RateEntry | None,
    own_share: bool,
    agency: Agreement | None,
    withholding: RateEntry | None,
    conditions: Mapping[str, bool],
    fees: RateEntry | None,
    maximum: RateEntry | None,
    method: str | None,
    elsewhere: Range = ZERO,
    kept_note: str = "",
) -> Waterfall:
    """All steps for one method; `method` None stops at the reward. `gift_value` and `reward` are sums of credits.

    `conditions` says which conditions of withholding hold; one that is not named may or may not, which widens the result.
    Fees follow the entry's order, each on what the ones before left; a flat fee is taken once per payout, and there are as
    many payouts as the maximum makes necessary.

    `elsewhere` is what the reward has of gifts that are not in `gift_value`: the weekly part of a share may come in another
    period than its gifts. Nothing is a percentage of the gift value then.
    """
    provenance = "config" if own_share else "rated"
    with exact():
        kept = Range(reward.low - elsewhere.low - gift_value, reward.high - elsewhere.high - gift_value)
    steps = [
        Step("gift_value", "Gift value", "reward", "", Range.of(gift_value), None, reward_entry, "rated"),
        Step("platform", "Kept by the platform", "share", share_text, kept, None, reward_entry, provenance, kept_note),
    ]
    if elsewhere != ZERO:
        label = "Weekly part of gifts of another period"
        steps.append(Step("weekly", label, "share", "", elsewhere, None, reward_entry, provenance))
    steps.append(Step("reward", "Your reward", "", "", reward, None, None, provenance))
    unknown: list[str] = []
    if method is not None:
        rest = reward
        if agency is not None:
            rest = _agency(steps, rest, gift_value, reward, agency, currency)
        rest = _withheld(steps, rest, reward, withholding, conditions, currency)
        rest = _fees(steps, rest, fees, maximum, method, currency, unknown)
        steps.append(Step("net", "Reaches your bank", "", "", rest, None, None, "rated"))
    shown = steps if elsewhere != ZERO else _with_percents(steps, gift_value)
    return Waterfall(method, currency, tuple(shown), tuple(unknown))


def _agency(steps: list[Step], rest: Range, gift_value: Decimal, reward: Range, agency: Agreement, currency: str) -> Range:
    bases = (gift_value, gift_value) if agency.base == "gifts" else (reward.low, reward.high)
    with exact():
        taken = [
            min(quantise(percent_of(base, agency.percent), currency, "half_up"), end)
            for base, end in zip(bases, (rest.low, rest.high), strict=True)
        ]
    text = f"{_percent(Range.of(agency.percent))} of the {'gift value' if agency.base == 'gifts' else 'reward'}"
    with exact():
        capped = any(percent_of(base, agency.percent) > end for base, end in zip(bases, (rest.low, rest.high), strict=True))
    notes = [f"from {agency.start}"] if agency.start else []
    notes += ["more than the reward: taken whole"] if capped else []
    note = ", ".join(notes)
    return _take(steps, Step("agency", "Agency", "config", text, Range(taken[0], taken[1]), None, None, "config", note), rest)


def _withheld(
    steps: list[Step],
    rest: Range,
    reward: Range,
    entry: RateEntry | None,
    conditions: Mapping[str, bool],
    currency: str,
) -> Range:
    if entry is None or not isinstance(entry.value, tuple):
        return rest
    for item in entry.value:
        if not isinstance(item, Withholding) or conditions.get(item.condition) is False:
            continue
        certain = conditions.get(item.condition) is True
        with exact():
            most = min(quantise(percent_of(reward.low, item.percent.high), currency, "half_up"), rest.low)
            least = min(quantise(percent_of(reward.high, item.percent.low), currency, "half_up"), rest.high)
        words = item.condition.replace("_", " ")
        taken = Range(most, least if certain else Decimal(0).quantize(most))
        note = "" if certain else f"only with {words}: --condition {item.condition}=yes or =no"
        rate = _percent(item.percent)
        step = Step("withholding", f"Tax withheld ({words})", "withholding", rate, taken, None, entry, "rated", note)
        rest = _take(steps, step, rest)
    return rest


def _fees(
    steps: list[Step],
    rest: Range,
    entry: RateEntry | None,
    maximum: RateEntry | None,
    method: str,
    currency: str,
    unknown: list[str],
) -> Range:
    if entry is None or not isinstance(entry.value, tuple):
        unknown.append("no payout fee is known")
        return rest
    for fee in entry.value:
        if not isinstance(fee, Fee) or fee.method not in ("any", method):
            continue
        rate = _percent(fee.amount) if fee.kind == "percent" else f"{_ends(fee.amount)} {fee.currency} a payout"
        label = f"{fee.name[:1].upper()}{fee.name[1:]}"
        if fee.paid_by == "platform":
            zero = Range.of(quantise(Decimal(0), currency, "down"))
            steps.append(Step("fee", label, "payout_fees", rate, zero, None, entry, "rated", "paid by the platform"))
            continue
        if fee.currency and fee.currency != currency:
            unknown.append(f"{fee.name} is in {fee.currency}; no exchange rate is known")
            continue
        # The low story pays the high end of the fee on the small amount, the high story the low end on the large one. A
        # flat fee is taken as often in the low story as the large amount would need, so that no truth lies outside.
        most = payouts(rest.high, maximum, method, currency)
        taken = Range(
            _fee(fee, fee.amount.high, rest.low, most, currency),
            _fee(fee, fee.amount.low, rest.high, payouts(rest.low, maximum, method, currency), currency),
        )
        if fee.kind == "flat" and most > 1:
            rate += f", up to {most:,} payouts"
        rest = _take(steps, Step("fee", label, "payout_fees", rate, taken, None, entry, "rated"), rest)
    return rest


def payouts(amount: Decimal, maximum: RateEntry | None, method: str, currency: str) -> int:
    """How many payouts an amount needs under the smallest maximum of its method; 1 when none is known."""
    if maximum is None or not isinstance(maximum.value, tuple) or amount <= 0:
        return 1
    limits = [
        item.amount
        for item in maximum.value
        if isinstance(item, Maximum) and item.method in ("any", method) and item.currency == currency and item.amount > 0
    ]
    # Ratios, not Decimal's floor division, which cuts towards zero.
    return max((ceil(Fraction(amount) / Fraction(limit)) for limit in limits), default=1)


def _fee(fee: Fee, level: Decimal, amount: Decimal, count: int, currency: str) -> Decimal:
    """One fee on one amount: never more than the amount, within the fee's own limits."""
    with exact():
        taken = percent_of(amount, level) if fee.kind == "percent" else level * count
        if fee.minimum is not None and amount > 0:
            taken = max(taken, fee.minimum)
        if fee.maximum is not None:
            taken = min(taken, fee.maximum)
    return min(quantise(taken, currency, fee.rounding), amount) if amount > 0 else quantise(Decimal(0), currency, "down")


def _take(steps: list[Step], step: Step, rest: Range) -> Range:
    """Append a step that takes something, and return what is left."""
    with exact():
        low, high = step.amount.low, step.amount.high
        steps.append(step._replace(amount=Range(-low if low else low, -high if high else high)))
        return Range(rest.low - step.amount.low, rest.high - step.amount.high)


def _with_percents(steps: Sequence[Step], gift_value: Decimal) -> list[Step]:
    """Percent of the gift value, one decimal; what is taken and what is left add up to 100.0 in both stories."""
    if gift_value <= 0:
        return list(steps)
    last = len(steps) - 1
    parts = [index for index, step in enumerate(steps) if not step.is_total or index == last]
    columns: list[dict[int, Decimal]] = []
    for end in ("low", "high"):
        weights = [abs(getattr(steps[index].amount, end)) for index in parts]
        shares = allocate(Decimal(100), weights, Decimal("0.1"))
        column = dict(zip(parts, shares, strict=True))
        column[0] = Decimal("100.0")
        reward = next(index for index, step in enumerate(steps) if step.key == "reward")
        column.setdefault(reward, Decimal("100.0") - column[1])
        columns.append(column)
    result = []
    for index, step in enumerate(steps):
        sign = -1 if index in parts and index != last else 1
        low, high = columns[0][index], columns[1][index]
        # Never -0.0: nothing taken is nothing.
        result.append(step._replace(percent=Range(sign * low if low else low, sign * high if high else high)))
    return result


def fan_prices(entry: RateEntry) -> list[tuple[CoinPrice, Range]]:
    """What fans pay for one coin by channel, from the cheapest pack to the dearest, as (price of pack, coins) quotients.

    For display only: rounded outwards to six decimals, for decimals cannot hold a quotient. Nothing is computed from it.
    """
    if not isinstance(entry.value, tuple):
        raise TypeError(f"{entry.where} is not a coin_price entry")
    return [(item, Range(*_outward(item, 1, 6))) for item in entry.value if isinstance(item, CoinPrice)]


def fans_paid(price: CoinPrice, coins: int) -> Range:
    """What fans paid for `coins` bought in the cheapest pack, and in the dearest: coins x price / coins of the pack.

    Exact, then rounded once to the minor unit of the currency, outwards: the low end down, the high end up.
    """
    return Range(*_outward(price, coins, MINOR_UNITS[price.currency]))


def _outward(price: CoinPrice, coins: int, places: int) -> tuple[Decimal, Decimal]:
    exactly = [coins * Fraction(cost) / pack * 10**places for pack, cost in price.packs]
    return Decimal(floor(min(exactly))).scaleb(-places), Decimal(ceil(max(exactly))).scaleb(-places)


def _ends(amount: Range) -> str:
    low, high = (f"{end:f}" for end in (amount.low, amount.high))
    return low if amount.is_exact else f"{low} - {high}"


def _percent(percent: Range) -> str:
    return f"{_ends(Range(percent.low.normalize(), percent.high.normalize()))}%"
