"""From gift value to the bank: every step between, in the order in which it is taken. Pure.

Convention: a `Range` here is a pair of stories, not just two ends. `low` is the story in which the creator gets least (low
share, high fees), `high` the one in which she gets most; every step is computed whole in both, so each column foots by
itself. Amounts taken are negative.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from math import ceil, floor
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from diamondctl.confidence import weakest
from diamondctl.money import MINOR_UNITS, ZERO, Range, allocate, exact, percent_of, quantise
from diamondctl.ratebook.entries import CoinPrice, Fee, Maximum, RateEntry, Withholding

AgencyBase = Literal["reward", "gifts"]


class Step(NamedTuple):
    """One line of the waterfall, in two stories: `amount.low` is what it is where you get least, `high` where you get most.

    What is taken is negative.
    """

    key: str  # gift_value | platform | weekly | reward | agency | withholding | fee | net
    label: str
    rule: str  # the rate it follows, or "config"
    rate: str  # in words: `51.36%`, `2 - 4%`, `0.25 flat`
    amount: Range
    percent: Range | None  # of the gift value, one decimal; in each story the parts add up to 100.0
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


class Rules(NamedTuple):
    """What is taken from a payout, in force on its day; None: not known, or nothing."""

    agency: Agreement | None = None
    withholding: RateEntry | None = None
    fees: RateEntry | None = None
    maximum: RateEntry | None = None


class PaidOut(NamedTuple):
    """Money that is paid out at one time: the sums of its credits.

    `reward.low` is the reward where you get least. `elsewhere` is what the reward has of gifts that are not in `gift_value`:
    by the day of the booking, the weekly part of a share may come in another period than its gifts.
    """

    gift_value: Decimal
    reward: Range
    rules: Rules
    elsewhere: Range = ZERO
    worth: str = ""  # what the gift value rests on


class _Taker(NamedTuple):
    """Something that takes its part of a payout: the line it makes, and what it takes in a story."""

    step: Step
    take: Callable[[_Story], Decimal]


class _Story:
    """One of the two: what is left of money on its way, and the payouts that it goes out in."""

    def __init__(self, paid: PaidOut, *, least: bool, method: str, currency: str) -> None:
        self.least, self.gift_value, self.currency = least, paid.gift_value, currency
        self.reward = paid.reward.low if least else paid.reward.high
        self.rest = self.reward
        self._limit = limit_of(paid.rules.maximum, method, currency)
        self._payouts: list[Decimal] | None = None

    @property
    def payouts(self) -> list[Decimal]:
        """The amounts in which the rest goes out: as many as the smallest maximum makes necessary."""
        if self._payouts is None:
            self._payouts = split(self.rest, self._limit)
        return self._payouts

    def end(self, amount: Range) -> Decimal:
        """The end of a rule that belongs to this story: the larger one where you get least."""
        return amount.high if self.least else amount.low

    def part(self, base: Decimal, percent: Decimal) -> Decimal:
        """A percentage, rounded, and never more than there is."""
        return max(min(quantise(percent_of(base, percent), self.currency, "half_up"), self.rest), self.reward * 0)

    def fee(self, fee: Fee) -> Decimal:
        """A fee on every payout, within its own limits, summed; each is taken off its payout."""
        taken = [_fee(fee, self.end(fee.amount), amount, self.currency) for amount in self.payouts]
        self._payouts = [amount - part for amount, part in zip(self.payouts, taken, strict=True)]
        return sum(taken, self.reward * 0)


def waterfall(
    paid: Sequence[PaidOut],
    currency: str,
    *,
    method: str | None,
    share_text: str = "",
    reward_entry: RateEntry | None = None,
    own_share: bool = False,
    conditions: Mapping[str, bool] = MappingProxyType({}),
) -> Waterfall:
    """All steps for one method, summed over several payouts; `method` None stops at the reward.

    Each of the two stories is priced whole: the least reward with the most that rules may take, the most with the least.
    `conditions` says which conditions of withholding hold; one that is not named may or may not, and holds where you get
    least. Fees follow the entry's order, each on what the ones before left.
    """
    with exact():
        falls = [_one(item, currency, method, share_text, reward_entry, own_share, conditions) for item in paid]
        steps = _added_up([_resting(steps, item) for (steps, _), item in zip(falls, paid, strict=True)])
        shown = steps if any(item.elsewhere != ZERO for item in paid) else _with_percents(steps)
    unknown = dict.fromkeys(text for _, texts in falls for text in texts)
    return Waterfall(method, currency, tuple(shown), tuple(unknown))


def _one(
    paid: PaidOut,
    currency: str,
    method: str | None,
    share_text: str,
    reward_entry: RateEntry | None,
    own_share: bool,
    conditions: Mapping[str, bool],
) -> tuple[list[Step], list[str]]:
    provenance = "config" if own_share else "rated"
    value, reward, elsewhere = paid.gift_value, paid.reward, paid.elsewhere
    kept = Range(reward.low - elsewhere.low - value, reward.high - elsewhere.high - value)
    steps = [
        Step("gift_value", "Gift value", "reward", "", Range.of(value), None, reward_entry, "rated"),
        Step("platform", "Kept by the platform", "share", share_text, kept, None, reward_entry, provenance),
    ]
    if elsewhere != ZERO:
        label = "Weekly part of gifts of another period"
        steps.append(Step("weekly", label, "share", "", elsewhere, None, reward_entry, provenance))
    steps.append(Step("reward", "Your reward", "", "", reward, None, None, provenance))
    unknown: list[str] = []
    if method is None:
        return steps, unknown
    least, most = (_Story(paid, least=is_least, method=method, currency=currency) for is_least in (True, False))
    for taker in _takers(paid.rules, conditions, method, currency, unknown):
        taken = []
        for story in (least, most):
            amount = taker.take(story)
            story.rest -= amount
            taken.append(-amount if amount else amount)
        steps.append(taker.step._replace(amount=Range(taken[0], taken[1])))
    steps.append(Step("net", "Reaches your bank", "", "", Range(least.rest, most.rest), None, None, "rated"))
    return steps, unknown


def _resting(steps: Sequence[Step], paid: PaidOut) -> list[Step]:
    """The same steps, each amount with what it rests on: the gifts, the reward, and the rules that took by then."""
    worth, kept, taken = paid.worth, weakest((paid.worth, paid.reward.confidence)), paid.reward.confidence
    told = []
    for step in steps:
        if step.key in ("withholding", "fee") and step.entry is not None:
            taken = weakest((taken, step.entry.confidence))
        elif step.key == "agency" and paid.rules.agency is not None and paid.rules.agency.base == "gifts":
            taken = weakest((taken, kept))
        told.append(step._replace(amount=step.amount.on({"gift_value": worth, "platform": kept}.get(step.key, taken))))
    return told


def _takers(rules: Rules, conditions: Mapping[str, bool], method: str, currency: str, unknown: list[str]) -> Iterator[_Taker]:
    """Agency, tax office and payout fees, in this order."""
    if rules.agency is not None:
        yield _of_agency(rules.agency)
    for item in _values(rules.withholding, Withholding):
        if conditions.get(item.condition) is not False:
            yield _of_withholding(item, rules.withholding, certain=conditions.get(item.condition) is True)
    if rules.fees is None or not isinstance(rules.fees.value, tuple):
        unknown.append("no payout fee is known")
    for fee in _values(rules.fees, Fee):
        if fee.method not in ("any", method):
            continue
        rate = _percent(fee.amount) if fee.kind == "percent" else f"{_ends(fee.amount)} {fee.currency} a payout"
        step = Step("fee", f"{fee.name[:1].upper()}{fee.name[1:]}", "payout_fees", rate, ZERO, None, rules.fees, "rated")
        if fee.paid_by == "platform":
            nothing = quantise(Decimal(0), currency, "down")
            yield _Taker(step._replace(note="paid by the platform"), lambda story, nothing=nothing: nothing)  # type: ignore[misc]
        elif fee.currency and fee.currency != currency:
            unknown.append(f"{fee.name} is in {fee.currency}; no exchange rate is known")
        else:
            yield _Taker(step, lambda story, fee=fee: story.fee(fee))  # type: ignore[misc]


def _of_agency(agency: Agreement) -> _Taker:
    of_gifts = agency.base == "gifts"
    text = f"{_percent(Range.of(agency.percent))} of the {'gift value' if of_gifts else 'reward'}"
    note = f"from {agency.start}" if agency.start else ""
    step = Step("agency", "Agency", "config", text, ZERO, None, None, "config", note)
    return _Taker(step, lambda story: story.part(story.gift_value if of_gifts else story.reward, agency.percent))


def _of_withholding(item: Withholding, entry: RateEntry | None, *, certain: bool) -> _Taker:
    words = item.condition.replace("_", " ")
    note = "" if certain else f"only with {words}: --condition {item.condition}=yes or =no"
    label = f"Tax withheld ({words})"
    step = Step("withholding", label, "withholding", _percent(item.percent), ZERO, None, entry, "rated", note)

    def take(story: _Story) -> Decimal:
        return story.part(story.reward, story.end(item.percent)) if story.least or certain else story.reward * 0

    return _Taker(step, take)


_Value = TypeVar("_Value", Withholding, Fee, Maximum)


def _values(entry: RateEntry | None, kind: type[_Value]) -> list[_Value]:
    """The items of an entry, of one kind."""
    return [item for item in entry.value if isinstance(item, kind)] if entry and isinstance(entry.value, tuple) else []


def _added_up(falls: Sequence[Sequence[Step]]) -> list[Step]:
    """Steps of several payouts as one: those of one rule together, in the order of the first."""
    sums: dict[tuple[object, ...], Step] = {}
    for step in chain.from_iterable(falls):
        key = (step.key, step.label, step.rate, step.entry.where if step.entry is not None else "")
        sums[key] = step._replace(amount=sums[key].amount + step.amount) if key in sums else step
    order = ("gift_value", "platform", "weekly", "reward", "agency", "withholding", "fee", "net")
    return sorted(sums.values(), key=lambda step: order.index(step.key))


def limit_of(maximum: RateEntry | None, method: str, currency: str) -> Decimal | None:
    """The most that one payout by a method can hold; None where no limit is known."""
    limits = [
        item.amount
        for item in _values(maximum, Maximum)
        if item.method in ("any", method) and item.currency == currency and item.amount > 0
    ]
    return min(limits, default=None)


def payouts(amount: Decimal, maximum: RateEntry | None, method: str, currency: str) -> int:
    """How many payouts an amount needs under the smallest maximum of its method; 1 when none is known."""
    limit = limit_of(maximum, method, currency)
    # Ratios, not Decimal's floor division, which cuts towards zero.
    return 1 if limit is None or amount <= 0 else ceil(Fraction(amount) / Fraction(limit))


def split(amount: Decimal, limit: Decimal | None) -> list[Decimal]:
    """An amount as payouts of at most `limit`, the last one with the rest; none where there is nothing to pay out."""
    if amount <= 0:
        return []
    if limit is None:
        return [amount]
    count = ceil(Fraction(amount) / Fraction(limit))
    return [*[limit] * (count - 1), amount - limit * (count - 1)]


def _fee(fee: Fee, level: Decimal, amount: Decimal, currency: str) -> Decimal:
    """One fee on one payout: never more than the payout, within the fee's own limits."""
    taken = percent_of(amount, level) if fee.kind == "percent" else level
    if fee.minimum is not None:
        taken = max(taken, fee.minimum)
    if fee.maximum is not None:
        taken = min(taken, fee.maximum)
    return min(quantise(taken, currency, fee.rounding), amount)


def _with_percents(steps: Sequence[Step]) -> list[Step]:
    """Percent of the gift value, one decimal; what is taken and what is left add up to 100.0 in both stories.

    Nothing is a percentage where a story brings less than nothing, as a period can that only completes what had begun.
    """
    by_key = {step.key: step.amount for step in steps}
    value, reward = by_key["gift_value"], by_key["reward"]
    if value.low <= 0 or min(reward.low, reward.high) < 0 or max(reward.low, reward.high) > value.low:
        return list(steps)
    last = len(steps) - 1
    parts = [index for index, step in enumerate(steps) if not step.is_total or index == last]
    columns: list[dict[int, Decimal]] = []
    for end in ("low", "high"):
        weights = [abs(getattr(steps[index].amount, end)) for index in parts]
        shares = allocate(Decimal(100), weights, Decimal("0.1"))
        column = dict(zip(parts, shares, strict=True))
        column[0] = Decimal("100.0")
        of_reward = next(index for index, step in enumerate(steps) if step.key == "reward")
        column.setdefault(of_reward, Decimal("100.0") - column[1])
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
