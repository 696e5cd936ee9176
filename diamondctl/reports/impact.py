"""What a change of rate files does to money: the same usage priced by both sides, per creator and month. Pure.

The figures of a month are those of the credits whose last gift lies in it. Payout rules are those in force at its end, as
if the month were paid out then; thresholds are compared with what was earned up to then. Both sides use the same months,
those of the later side's time zone, so that nothing but the rates differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.money import Range, exact, total
from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone, look_up
from diamondctl.rating.credits import Credit, Unrated
from diamondctl.rating.fees import PaidOut, Rules, fan_prices, fans_paid, methods_of, waterfall
from diamondctl.rating.missions import NO_FACTS, Facts
from diamondctl.rating.rewards import Rating
from diamondctl.rating.thresholds import check_minimums
from diamondctl.records import Usage
from diamondctl.reports.values import activity_of

WEEK: Final = 7 * 96  # quarters
FIGURES: Final = ("gift_value", "reward", "net", "fans_paid")


class Key(NamedTuple):
    """Which figure of whom and when. `way` is the payout method of a net amount, the channel of what fans paid."""

    creator: str
    region: str
    month: str
    figure: str
    way: str
    currency: str


class Effect(NamedTuple):
    """A figure on both sides; None where that side cannot say it."""

    key: Key
    before: Range | None
    after: Range | None

    @property
    def changed(self) -> bool:
        """Whether the sides differ."""
        return self.before != self.after

    @property
    def difference(self) -> Range | None:
        """After less before, end by end, the smaller first; None where a side cannot say it."""
        if self.before is None or self.after is None:
            return None
        with exact():
            ends = self.after.low - self.before.low, self.after.high - self.before.high
        return Range(*ends).ordered.on(self.before.confidence, self.after.confidence)

    def beyond(self, percent: Decimal, direction: str = "") -> bool:
        """Whether an end of the creator's money moves by more than `percent` of what it was, up (+), down (-) or either way."""
        moves = self.moves(direction)
        return self.gone or any(abs(after - before) * 100 > Fraction(percent) * abs(before) for before, after in moves)

    def further(self, amount: Decimal, direction: str = "") -> bool:
        """Whether it moves by more than an amount of its currency."""
        return any(abs(after - before) > amount for before, after in self.moves(direction))

    def moves(self, direction: str = "") -> Iterator[tuple[Fraction, Fraction]]:
        """Both ends before and after, as far as they move in a direction.

        What nobody could say before cannot move, and what fans pay is not the creator's money.
        """
        if self.before is not None and self.after is not None and self.key.figure != "fans_paid":
            for old, new in ((self.before.low, self.after.low), (self.before.high, self.after.high)):
                if new != old and direction != ("-" if new > old else "+"):
                    yield Fraction(old), Fraction(new)

    @property
    def gone(self) -> bool:
        """Whether the creator's money can no longer be said."""
        return self.before is not None and self.after is None and self.key.figure != "fans_paid"


class Limit(NamedTuple):
    """How far the creator's money may move: in percent of what it was, or in money, in one direction or both."""

    direction: str  # + | - | blank: both
    number: Decimal
    currency: str  # blank: percent

    @property
    def text(self) -> str:
        """As it is given: `10%`, `-5%`, `+20 USD`."""
        return f"{self.direction}{self.number.normalize():f}" + (f" {self.currency}" if self.currency else "%")

    def broken_by(self, effect: Effect) -> bool:
        """Whether a figure moves further. What can no longer be said has gone further than any limit."""
        if effect.gone:
            return self.direction != "+"
        if not self.currency:
            return effect.beyond(self.number, self.direction)
        return self.currency == effect.key.currency and effect.further(self.number, self.direction)


def exceeds(effect: Effect, limits: Sequence[Limit]) -> bool:
    """Whether a figure moves by more than one of the limits allows."""
    return any(limit.broken_by(effect) for limit in limits)


class Crossing(NamedTuple):
    """A threshold that one side reaches and the other does not: a minimum, or how many payouts a maximum makes of a month."""

    creator: str
    region: str
    month: str
    currency: str
    rule: str  # minimum_payout | maximum_payout
    method: str
    before: str  # blank: no such threshold, or nothing that was rated
    after: str


class LeftOut(NamedTuple):
    """Gifts that a side cannot rate, by reason."""

    side: str  # before | after
    reason: str
    gifts: int
    coins: int


class Impact(NamedTuple):
    """The whole report."""

    effects: tuple[Effect, ...]  # all, changed or not
    crossings: tuple[Crossing, ...]
    left_out: tuple[LeftOut, ...]
    totals: tuple[tuple[str, Range, Range], ...]  # currency, reward before and after
    creators: int
    months: tuple[str, ...]

    @property
    def changed(self) -> tuple[Effect, ...]:
        """What comes out differently."""
        return tuple(effect for effect in self.effects if effect.changed)

    @property
    def complete(self) -> bool:
        """False when a side could not rate some gifts."""
        return not self.left_out


class Side(NamedTuple):
    """What one side comes to."""

    figures: dict[Key, Range]
    thresholds: dict[tuple[str, ...], list[tuple[str, str]]]  # the first fields of `Crossing` -> answers, with their words
    left_out: tuple[LeftOut, ...]


def impact(
    usage: Iterable[Usage],
    before: Mapping[str, Zone],
    after: Mapping[str, Zone],
    *,
    timezone: str = "",
    own_share: Decimal | None = None,
    facts: Facts = NO_FACTS,
) -> Impact:
    """Price `usage` by the zones of both sides (region -> zone) and put the figures side by side; `facts` are of both."""
    rows = list(usage)
    timezones = {region: timezone or zone.timezone for region, zone in {**before, **after}.items()}
    old, new = (_side(name, rows, zones, timezones, own_share, facts) for name, zones in (("before", before), ("after", after)))
    effects, crossings = between(old, new)
    currencies = sorted({effect.key.currency for effect in effects if effect.key.figure == "reward"})
    return Impact(
        effects,
        crossings,
        (*old.left_out, *new.left_out),
        tuple(_total(effects, currency) for currency in currencies),
        len({row.creator for row in rows}),
        tuple(sorted({effect.key.month for effect in effects})),
    )


def between(old: Side, new: Side) -> tuple[tuple[Effect, ...], tuple[Crossing, ...]]:
    """Every figure of two sides, and the thresholds that only one of them reaches."""
    keys = sorted({*old.figures, *new.figures}, key=lambda key: (*key[:3], FIGURES.index(key.figure), *key[4:]))
    effects = tuple(Effect(key, old.figures.get(key), new.figures.get(key)) for key in keys)
    crossings = []
    for place in sorted({*old.thresholds, *new.thresholds}):
        was, now = old.thresholds.get(place, []), new.thresholds.get(place, [])
        if [answer for answer, _ in was] != [answer for answer, _ in now]:
            crossings.append(Crossing(*place, *("; ".join(words for _, words in answers) for answers in (was, now))))
    return effects, tuple(crossings)


def _total(effects: Sequence[Effect], currency: str) -> tuple[str, Range, Range]:
    """All rewards of a currency on both sides; what a side cannot rate is not in its sum."""
    mine = [effect for effect in effects if effect.key.figure == "reward" and effect.key.currency == currency]
    before = total(effect.before for effect in mine if effect.before is not None)
    return currency, before, total(effect.after for effect in mine if effect.after is not None)


def _side(
    name: str,
    usage: Sequence[Usage],
    zones: Mapping[str, Zone],
    timezones: Mapping[str, str],
    own_share: Decimal | None,
    facts: Facts,
) -> Side:
    covered = [row for row in usage if row.region in zones]
    rating = Rating(covered, zones, own_share=own_share, facts=facts)
    unrated = [item for person in rating.people.values() for item in person.unrated]
    missing = [Unrated(row, NotKnown("missing", f"no file covers {row.region}")) for row in usage if row.region not in zones]
    side = Side({}, {}, tuple(_left_out(name, [*missing, *unrated])))
    for (creator, region), person in rating.people.items():
        months = sorted({periods.month_of(periods.local_day(row.quarter, timezones[region])) for row in person.rows})
        for currency in person.currencies:
            for month in months:
                start, end = month.quarters(timezones[region])
                credits = activity_of(person, currency, (start, end), "earned")
                earned = [credit for key, credit in person.at(end).items() if key[0] == currency]
                if credits:
                    place = (creator, region, month.label)
                    add_figures(side, place, currency, credits, earned, zones[region], end - 1, own_share)
    return side


def add_figures(
    side: Side,
    place: tuple[str, str, str],
    currency: str,
    credits: Sequence[Credit],
    earned: Sequence[Credit],
    zone: Zone,
    moment: int,
    own_share: Decimal | None,
) -> None:
    """Everything that some credits of a place (creator, region, time) come to, by the payout rules of a moment; thresholds by
    all that was earned until then.
    """
    rules: dict[str, RateEntry | None] = {}
    for rule in ("minimum_payout", "maximum_payout", "payout_fees", "payout_timing", "withholding", "coin_price"):
        found = look_up(zone, rule, moment)
        rules[rule] = None if isinstance(found, NotKnown) else found
    gift_value = total(credit.nominal for credit in credits)
    with exact():
        diamonds = sum((credit.diamonds for credit in earned), Decimal(0))
    stories = total(credit.reward for credit in credits)
    reward = stories.ordered
    side.figures[Key(*place, "gift_value", "", currency)] = gift_value
    side.figures[Key(*place, "reward", "", currency)] = reward
    for method in methods_of(rules["payout_fees"]):
        taken = Rules(None, rules["withholding"], rules["payout_fees"], rules["maximum_payout"], rules["payout_timing"])
        paid = PaidOut(gift_value, stories, taken, day=periods.local_day(moment + 1, zone.timezone))
        steps = waterfall([paid], currency, method=method, own_share=own_share is not None)
        side.figures[Key(*place, "net", method, currency)] = steps.net.ordered
        if rules["maximum_payout"] is not None:
            low, high = sorted(steps.payouts)
            count = f"{low:,}" if low == high else f"{low:,} - {high:,}"
            words = f"{count} payout{'' if low == high == 1 else 's'}"
            side.thresholds[*place, currency, "maximum_payout", method] = [(words, words)]
    coins = sum(row.coins for credit in credits for row in credit.rows)
    if (prices := rules["coin_price"]) is not None:
        for price, _ in fan_prices(prices):
            side.figures[Key(*place, "fans_paid", price.channel, price.currency)] = fans_paid(price, coins)
    if (minimum := rules["minimum_payout"]) is not None:
        for check in check_minimums(minimum, total(credit.reward for credit in earned), currency, diamonds):
            words = f"{check.words} {check.minimum.amount:f} {check.minimum.currency or 'diamonds'}"
            answers = side.thresholds.setdefault((*place, currency, "minimum_payout", check.minimum.method), [])
            answers.append((check.answer, words))


def _left_out(side: str, items: Sequence[Unrated]) -> list[LeftOut]:
    reasons: dict[str, list[int]] = {}
    for item in items:
        count = reasons.setdefault(item.why.detail, [0, 0])
        count[0] += item.row.gifts
        count[1] += item.row.coins
    return [LeftOut(side, reason, gifts, coins) for reason, (gifts, coins) in sorted(reasons.items())]


def sample_usage(usage: Sequence[Usage], before: Mapping[str, Zone], after: Mapping[str, Zone]) -> list[Usage]:
    """Usage once for the first region of every zone, as far as a side has rates for it, with a week of every later entry."""
    found: list[Usage] = []
    for code in sorted({zone.regions[0] for zone in (*before.values(), *after.values())}):
        sides = [side[code] for side in (before, after) if code in side]
        rows = [*usage, *_later(usage, sides)]
        mine = [row._replace(region=code, creator=f"sample {code}") for row in rows]
        found += [row for row in mine if any(_has_rates(zone, row.quarter) for zone in sides)]
    return found


def _later(usage: Sequence[Usage], sides: list[Zone]) -> list[Usage]:
    """The last week of the sample once more from the beginning of every entry after it, so that what is to come is priced."""
    last = max(row.quarter for row in usage)
    week = [row for row in usage if row.quarter > last - WEEK]
    first = min(row.quarter for row in week)
    starts = {entry.effective for zone in sides for history in zone.rates.values() for entry in history}
    return [
        row._replace(quarter=row.quarter - first + start, stream=f"{row.stream} from {start}")
        for start in sorted(starts)
        if start > last
        for row in week
    ]


def _has_rates(zone: Zone, quarter: int) -> bool:
    return all(isinstance(look_up(zone, rate, quarter), RateEntry) for rate in ("reward", "settlement"))
