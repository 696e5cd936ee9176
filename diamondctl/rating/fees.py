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
from diamondctl.exchange import NO_EXCHANGE, Exchange, NoRate
from diamondctl.money import MINOR_UNITS, ZERO, Range, allocate, exact, percent_of, quantise
from diamondctl.ratebook.entries import CoinPrice, Fee, RateEntry, Withholding
from diamondctl.rating.calendar import Gone, calendar, terms_of
from diamondctl.rating.foreign import fee_in

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
    is_exchanged: bool = False  # at a rate that the note says

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
    payouts: tuple[int, int] = (0, 0)  # in which it goes out, where you get least and where you get most

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
    """What is taken from a payout and how it goes out, in force on its day; None: not known, or nothing."""

    agency: Agreement | None = None
    withholding: RateEntry | None = None
    fees: RateEntry | None = None
    maximum: RateEntry | None = None
    timing: RateEntry | None = None
    exchange: Exchange = NO_EXCHANGE  # for fees in another currency


class PaidOut(NamedTuple):
    """Money that is paid out from the end of a `day` on, in the payouts of its calendar: the sums of its credits.

    Both amounts are stories: `low` is what it is where you get least. `elsewhere` is what the reward has of gifts that are not
    in `gift_value`: by the day of the booking, the weekly part of a share may come in another period than its gifts.
    """

    gift_value: Range
    reward: Range
    rules: Rules
    elsewhere: Range = ZERO
    day: date = date.min
    gone: Sequence[Gone] = ()  # payouts that have left before


class _Taker(NamedTuple):
    """Something that takes its part of a payout: the line it makes, and what it takes in a story."""

    step: Step
    take: Callable[[_Story], Decimal]


class _Story:
    """One of the two: the payouts in which money goes out, what is left of each of them, and of all."""

    def __init__(self, paid: PaidOut, *, least: bool, method: str, currency: str) -> None:
        self.least, self.currency = least, currency
        self.gift_value, self.reward = (end.low if least else end.high for end in (paid.gift_value, paid.reward))
        self.rest = self.reward
        terms = terms_of(method, currency, maximum=paid.rules.maximum, timing=paid.rules.timing)
        dated = calendar(self.reward, paid.day, terms, paid.gone)
        self.stays, self.payouts = dated.left, dated.count
        # What is left of a payout, and of how many of them.
        self._payouts = [(run.amount, run.count) for run in dated.runs]

    def end(self, amount: Range) -> Decimal:
        """The end of a rule that belongs to this story: the larger one where you get least."""
        return amount.high if self.least else amount.low

    def part(self, base: Decimal, percent: Decimal) -> Decimal:
        """A percentage of the whole, rounded once, and never more than there is; taken off every payout by its size."""
        taken = max(min(quantise(percent_of(base, percent), self.currency, "half_up"), self.rest), self.reward * 0)
        self._payouts = _less(self._payouts, taken, self.currency)
        return taken

    def fee(self, fee: Fee) -> Decimal:
        """A fee on every payout, within its own limits, summed; each is taken off its payout."""
        taken = [_fee(fee, self.end(fee.amount), amount, self.currency) for amount, _ in self._payouts]
        each = list(zip(self._payouts, taken, strict=True))
        self._payouts = [(amount - part, count) for (amount, count), part in each]
        return sum((part * count for (_, count), part in each), self.reward * 0)


def _less(payouts: Sequence[tuple[Decimal, int]], taken: Decimal, currency: str) -> list[tuple[Decimal, int]]:
    """Payouts without a part of their sum that is taken of each in proportion, by largest remainder; ties: the earlier."""
    places = MINOR_UNITS[currency]
    sizes = [(int(amount.scaleb(places)), count) for amount, count in payouts]
    whole, units = sum(size * count for size, count in sizes), int(taken.scaleb(places))
    if not units or not whole:
        return list(payouts)
    over = units - sum(units * size // whole * count for size, count in sizes)
    more = [0] * len(sizes)
    for index in sorted(range(len(sizes)), key=lambda index: -(units * sizes[index][0] % whole)):
        more[index] = min(over, sizes[index][1])
        over -= more[index]
    left = []
    for (size, count), extra in zip(sizes, more, strict=True):
        rest = size - units * size // whole
        left += [(rest - 1, extra), (rest, count - extra)]
    return [(Decimal(size).scaleb(-places), count) for size, count in left if count]


def waterfall(
    paid: Sequence[PaidOut],
    currency: str,
    *,
    method: str | None,
    share_text: str = "",
    reward_entry: RateEntry | None = None,
    own_share: bool = False,
    conditions: Mapping[str, bool] = MappingProxyType({}),
    fixed: bool = False,
) -> Waterfall:
    """All steps for one method, summed over several payouts; `method` None stops at the reward.

    Each of the two stories is priced whole: the least reward with the most that rules may take, the most with the least.
    `conditions` says which conditions of withholding hold; one that is not named may or may not, and holds where you get
    least. Fees follow the entry's order, each on what the ones before left. Where the value of gifts is `fixed`, the platform
    keeps nothing of it: what it keeps is part of the price, and the step is left out.
    """
    with exact():
        falls = [_one(item, currency, method, share_text, reward_entry, own_share, conditions) for item in paid]
        steps = _added_up([_resting(steps, item) for (steps, _, _), item in zip(falls, paid, strict=True)])
        shown = steps if any(item.elsewhere != ZERO for item in paid) else _with_percents(steps)
        shown = [step for step in shown if not (fixed and step.key == "platform")]
    unknown = dict.fromkeys(text for _, texts, _ in falls for text in texts)
    low, high = (sum(payouts[end] for _, _, payouts in falls) for end in (0, 1))
    return Waterfall(method, currency, tuple(shown), tuple(unknown), (low, high))


def _one(
    paid: PaidOut,
    currency: str,
    method: str | None,
    share_text: str,
    reward_entry: RateEntry | None,
    own_share: bool,
    conditions: Mapping[str, bool],
) -> tuple[list[Step], list[str], tuple[int, int]]:
    provenance = "config" if own_share else "rated"
    value, reward, elsewhere = paid.gift_value, paid.reward, paid.elsewhere
    kept = Range(reward.low - elsewhere.low - value.low, reward.high - elsewhere.high - value.high)
    steps = [
        Step("gift_value", "Gift value", "reward", "", value, None, reward_entry, "rated"),
        Step("platform", "Kept by the platform", "share", share_text, kept, None, reward_entry, provenance),
    ]
    if elsewhere != ZERO:
        label = "Weekly part of gifts of another period"
        steps.append(Step("weekly", label, "share", "", elsewhere, None, reward_entry, provenance))
    steps.append(Step("reward", "Your reward", "", "", reward, None, None, provenance))
    unknown: list[str] = []
    if method is None:
        return steps, unknown, (0, 0)
    least, most = (_Story(paid, least=is_least, method=method, currency=currency) for is_least in (True, False))
    for taker in _takers(paid, conditions, method, currency, unknown):
        taken = []
        for story in (least, most):
            amount = taker.take(story)
            story.rest -= amount
            taken.append(-amount if amount else amount)
        steps.append(taker.step._replace(amount=Range(taken[0], taken[1])))
    if (least.reward > 0 and least.stays) or (most.reward > 0 and most.stays):
        unknown.append("not all of it can go out within a hundred years under the limit of a payout")
    steps.append(Step("net", "Reaches your bank", "", "", Range(least.rest, most.rest), None, None, "rated"))
    return steps, unknown, (least.payouts, most.payouts)


def _resting(steps: Sequence[Step], paid: PaidOut) -> list[Step]:
    """The same steps, each amount with what it rests on: the gifts, the reward, and the rules that took by then."""
    worth, taken = paid.gift_value.confidence, paid.reward.confidence
    kept = weakest((worth, taken))
    told = []
    for step in steps:
        if step.key in ("withholding", "fee") and step.entry is not None:
            taken = weakest((taken, step.entry.confidence))
        elif step.key == "agency" and paid.rules.agency is not None and paid.rules.agency.base == "gifts":
            taken = weakest((taken, kept))
        told.append(step._replace(amount=step.amount.on({"gift_value": worth, "platform": kept}.get(step.key, taken))))
    return told


def _takers(paid: PaidOut, conditions: Mapping[str, bool], method: str, currency: str, unknown: list[str]) -> Iterator[_Taker]:
    """Agency, tax office and payout fees, in this order."""
    rules = paid.rules
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
        elif isinstance(found := fee_in(fee, currency, paid.day, rules.exchange), NoRate):
            unknown.append(f"{fee.name} is in {fee.currency}; {found.why}")
        else:
            mine, by = found
            note = f"{_ends(mine.amount)} {currency}: " if by is not None and fee.kind == "flat" else ""
            step = step._replace(note=f"{note}{by.text}" if by is not None else "", is_exchanged=by is not None)
            yield _Taker(step, lambda story, fee=mine: story.fee(fee))  # type: ignore[misc]


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


_Value = TypeVar("_Value", Withholding, Fee)


def _values(entry: RateEntry | None, kind: type[_Value]) -> list[_Value]:
    """The items of an entry, of one kind."""
    return [item for item in entry.value if isinstance(item, kind)] if entry and isinstance(entry.value, tuple) else []


def _added_up(falls: Sequence[Sequence[Step]]) -> list[Step]:
    """Steps of several payouts as one: those of one rule together, in the order of the first."""
    sums: dict[tuple[object, ...], Step] = {}
    for step in chain.from_iterable(falls):
        key = (step.key, step.label, step.rate, step.entry.where if step.entry is not None else "")
        sums[key] = _plus(sums[key], step) if key in sums else step
    order = ("gift_value", "platform", "weekly", "reward", "agency", "withholding", "fee", "net")
    return sorted(sums.values(), key=lambda step: order.index(step.key))


def _plus(step: Step, other: Step) -> Step:
    """Both as one, with everything that is noted of them."""
    notes = dict.fromkeys(note for note in (*step.note.split("; "), other.note) if note)
    return other._replace(amount=step.amount + other.amount, note="; ".join(notes))


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
    if any(gifts <= 0 or not 0 <= part <= gifts for gifts, part in ((value.low, reward.low), (value.high, reward.high))):
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
