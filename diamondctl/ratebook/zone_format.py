"""The rate-file format, of which a `Zone` is made."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from diamondctl import periods
from diamondctl.money import MINOR_UNITS, ROUNDINGS, Range
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.ratebook import entries as e
from diamondctl.ratebook.dated_format import ACCEPTED, SOURCES, Draft, dated, history
from diamondctl.ratebook.entries import Missions
from diamondctl.ratebook.missions_format import MISSIONS
from diamondctl.yamlfile import schema as s
from diamondctl.yamlfile.nodes import Mapping, Node, Scalar
from diamondctl.yamlfile.schema import DAY, SLUG, At, ByKind, Day, ListOf, MapOf, Number, Or, Record, Schema, Text, Word


class _Currency(Text):
    def __init__(self) -> None:
        super().__init__(expected="a currency")

    def value(self, text: str) -> str:
        if super().value(text) not in MINOR_UNITS:
            hint = "three letters of ISO 4217, such as USD"
            raise s.Wrong("R014", f"'{s.short(text)}' is not a currency", hint)
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"enum": sorted(MINOR_UNITS)}


class TimeZone(Text):
    """The name of a time zone of the IANA database."""

    def __init__(self) -> None:
        super().__init__(expected="a time zone")

    def value(self, text: str) -> str:
        try:
            periods.zone(super().value(text))
        except Refusal as refusal:
            problem = refusal.problems[0]
            raise s.Wrong("R013", problem.message, problem.hint) from None
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[A-Za-z0-9_+/-]+$"}


class _Moment(Text):
    """A date, which begins at 00:00 in the zone's time, or an instant ending in Z on a quarter hour. Stays text."""

    def __init__(self) -> None:
        super().__init__(expected="a date or an instant")

    def value(self, text: str) -> str:
        if "T" not in super().value(text):
            Day().value(text)
            return text
        try:
            if not re.fullmatch(DAY + "T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z", text):
                raise ValueError
            moment = datetime.fromisoformat(text)
        except ValueError:
            hint = "write it as 2026-10-31 or 2026-10-31T16:00:00Z"
            raise s.Wrong("R010", f"'{s.short(text)}' is not a date or an instant", hint) from None
        if moment.minute % 15 or moment.second:
            earlier = moment - timedelta(minutes=moment.minute % 15, seconds=moment.second)
            both = [when.strftime("%Y-%m-%dT%H:%M:%SZ") for when in (earlier, earlier + timedelta(minutes=15))]
            raise s.Wrong("R012", f"'{s.short(text)}' is not on a quarter hour", f"nearest: {both[0]} and {both[1]}")
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{DAY}(T[0-9]{{2}}:(00|15|30|45)(:00)?Z)?$"}


def _low_above_high(low: Decimal, high: Decimal) -> tuple[str, str, str]:
    return "R019", f"low {low} is above high {high}", "swap them"


class _Interval:
    """A number, or {low, high} with low not above high. Becomes a `Range`.

    A percentage here is a fee or a tax: 0.9 % is one, so a fraction is a lint (R104) and not an error as in a share.
    """

    def __init__(self, *, percent: bool = False) -> None:
        self._number = Number(percent=percent, fraction=True)
        self._ends = Record(Range, {"low": self._number, "high": self._number})

    def check(self, node: Node, walk: s.Walk) -> Range | None:
        if isinstance(node, Scalar):
            value = self._number.check(node, walk)
            return None if value is None else Range.of(value)
        ends: Range | None = self._ends.check(node, walk)
        if ends is not None and ends.low > ends.high and isinstance(node, Mapping):
            walk.refuse(At(node, walk).place("low"), *_low_above_high(ends.low, ends.high))
            return None
        return ends

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [self._number.json_schema(), self._ends.json_schema()]}


class _Minimum:
    """{method, amount, currency} or {method, amount, unit: diamonds}."""

    def __init__(self) -> None:
        self._money = Record(e.Minimum, _MONEY)
        self._diamonds = Record(
            lambda amount, unit, method="any": e.Minimum(method, amount, ""),
            {"amount": Number(), "unit": Word(("diamonds",))},
            {"method": METHOD},
        )

    def check(self, node: Node, walk: s.Walk) -> e.Minimum | None:
        in_diamonds = isinstance(node, Mapping) and "unit" in node.items
        minimum: e.Minimum | None = (self._diamonds if in_diamonds else self._money).check(node, walk)
        return minimum

    def json_schema(self) -> dict[str, Any]:
        return {"oneOf": [self._money.json_schema(), self._diamonds.json_schema()]}


def _flat_share(kind: str, percent: Decimal) -> e.Share:
    return e.Share(kind, Range.of(percent))


def _range_share(at: At, kind: str, low: Decimal, high: Decimal) -> e.Share:
    if low > high:
        at.contradiction("low", *_low_above_high(low, high))
    return e.Share(kind, Range(low, high))


def _fixed_share(kind: str) -> e.Share:
    return e.Share(kind, Range.of(Decimal(100)))


def _reward(share: e.Share | Missions, **fields: Any) -> e.Reward:
    if isinstance(share, Missions):
        share = e.Share("missions", Range(Decimal(0), max(share.cap, share.others or Decimal(0))), share)
    return e.Reward(share=share, **fields)


def _fee(at: At, kind: str, currency: str = "", rounding: str = "half_up", **fields: Any) -> e.Fee:
    low, high = fields.pop("min", None), fields.pop("max", None)
    if low is not None and high is not None and low > high:
        at.contradiction("min", "R019", f"min {low} is above max {high}", "swap them")
    if not currency and (low is not None or high is not None):
        at.contradiction(at.node.place, "R007", "'currency' is missing", "min and max are amounts of a currency")
    amount = fields.pop("percent" if kind == "percent" else "amount")
    return e.Fee(kind=kind, amount=amount, currency=currency, minimum=low, maximum=high, rounding=rounding, **fields)


def _coin_price(channel: str, currency: str, packs: dict[str, Decimal]) -> e.CoinPrice:
    return e.CoinPrice(channel, currency, tuple(sorted((int(coins), price) for coins, price in packs.items())))


PERCENT: Final = Number(percent=True)
_DAYS: Final = Number(digits=4)


class _Hold:
    """So many days at most, or {low: so many, high: unknown}: how long it may take is not known."""

    _open = Record(lambda low, high: (low, True), {"low": _DAYS, "high": Word(("unknown",))})

    def check(self, node: Node, walk: s.Walk) -> tuple[int, bool] | None:
        if not isinstance(node, Scalar):
            found: tuple[int, bool] | None = self._open.check(node, walk)
            return found
        days = _DAYS.check(node, walk)
        return None if days is None else (days, False)

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [_DAYS.json_schema(), self._open.json_schema()]}


class _NetDays:
    """So many days after the month's end, or {low, high}. Becomes both ends."""

    _ends = Record(lambda low, high: (low, high), {"low": _DAYS, "high": _DAYS})

    def check(self, node: Node, walk: s.Walk) -> tuple[int, int] | None:
        if isinstance(node, Scalar):
            days = _DAYS.check(node, walk)
            return None if days is None else (days, days)
        ends: tuple[int, int] | None = self._ends.check(node, walk)
        if ends is not None and ends[0] > ends[1] and isinstance(node, Mapping):
            walk.refuse(At(node, walk).place("low"), *_low_above_high(Decimal(ends[0]), Decimal(ends[1])))
            return None
        return ends

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [_DAYS.json_schema(), self._ends.json_schema()]}


def _timing(
    hold_days: tuple[int | None, bool] = (None, False), net_days: tuple[int | None, int | None] = (None, None), **fields: Any
) -> e.Timing:
    first, last = net_days
    return e.Timing(**fields, hold_days=hold_days[0], hold_open=hold_days[1], net_days=first, net_days_most=last)


PLATFORM: Final = Text(SLUG, "a platform name in small letters")
REGION: Final = Text("[A-Z]{2}", "a region of two capital letters", "R015")
_UNIT: Final = Text("[a-z]{1,20}", "a noun in small letters, as one says one of them, such as bit")
METHOD: Final = Text(SLUG, "a payout method such as any, paypal or bank")
_MONEY: dict[str, Schema] = {"method": METHOD, "amount": Number(), "currency": _Currency()}
_FEE_LIMITS: dict[str, Schema] = {
    "min": Number(),
    "max": Number(),
    "currency": _Currency(),
    "rounding": Word(tuple(ROUNDINGS)),
}
_WAITS: dict[str, Schema] = {"review_days": _DAYS, "hold_days": _Hold()}
_FEE_HEAD: dict[str, Schema] = {"method": METHOD, "name": Text(), "paid_by": Word(("platform", "creator"))}
_VALUES: Final[dict[str, Schema]] = {
    "reward": Record(
        _reward,
        {
            "diamonds_per_coin": Number(),
            "cash_per_diamond": Number(),
            "currency": _Currency(),
            "share": ByKind(
                "kind",
                {
                    "flat": Record(_flat_share, {"percent": PERCENT}),
                    "range": Record(_range_share, {"low": PERCENT, "high": PERCENT}, placed=True),
                    "missions": MISSIONS,
                    "fixed": Record(_fixed_share, {}),
                },
            ),
        },
    ),
    "settlement": Record(
        e.Settlement, {"credit": Word(("stream", "day", "week", "month")), "rounding": Word(tuple(ROUNDINGS))}
    ),
    "minimum_payout": ListOf(_Minimum(), 1),
    "maximum_payout": ListOf(
        Record(e.Maximum, {**_MONEY, "amount": Number(positive=True), "per": Word(("day", "week", "month"))}), 1
    ),
    "payout_fees": ListOf(
        ByKind(
            "kind",
            {
                "flat": Record(_fee, {**_FEE_HEAD, "amount": _Interval(), "currency": _Currency()}, _FEE_LIMITS, placed=True),
                "percent": Record(_fee, {**_FEE_HEAD, "percent": _Interval(percent=True)}, _FEE_LIMITS, placed=True),
            },
        ),
        1,
    ),
    "payout_timing": ListOf(
        ByKind(
            "request",
            {
                "manual": Record(_timing, {"method": METHOD}, {"weekday": Word(periods.WEEKDAYS), **_WAITS}),
                "automatic": Record(_timing, {"method": METHOD}, {"weekday": Word(periods.WEEKDAYS), **_WAITS}),
                "monthly": Record(_timing, {"method": METHOD, "net_days": _NetDays()}, _WAITS),
            },
        ),
        1,
    ),
    "withholding": ListOf(
        Record(e.Withholding, {"condition": Text(SLUG, "a condition"), "percent": _Interval(percent=True)}), 1
    ),
    "coin_price": ListOf(
        Record(
            _coin_price,
            {
                "channel": Word(("web", "in_app")),
                "currency": _Currency(),
                "packs": MapOf(Text("[1-9][0-9]{0,11}", "a number of coins"), Number(), 1),
            },
        ),
        1,
    ),
}


def _entries(rate: str) -> ListOf:
    def entry(at: At, effective: str, value: Any, since: str = "start", **fields: Any) -> Draft:
        state = value if isinstance(value, str) else "known"
        made = e.RateEntry(
            rate=rate,
            effective=0,  # `_zone` knows the time zone
            effective_text=effective,
            since=since,
            value=value if state == "known" else None,
            state=state,
            file=at.node.place.file,
            line=at.node.place.line,
            **fields,
        )
        return Draft(made, at)

    return ListOf(dated(entry, _Moment(), value=Or(("none", "unknown"), _VALUES[rate])), 1)


_EXPECT: dict[str, Schema] = dict.fromkeys(("diamonds", "gift_value", "reward", "reward_low", "reward_high"), Number())


class _Expect:
    """At least one figure: an example that expects nothing would pass."""

    _record = Record(dict, {}, _EXPECT)

    def check(self, node: Node, walk: s.Walk) -> dict[str, Decimal] | None:
        figures: dict[str, Decimal] | None = self._record.check(node, walk)
        if figures == {}:
            walk.refuse(node.place, "R007", "no figure is expected", "one of: " + ", ".join(_EXPECT))
        return figures or None

    def json_schema(self) -> dict[str, Any]:
        return {**self._record.json_schema(), "minProperties": 1}


def _example(at: At, date: date, share: Decimal | None = None, **fields: Any) -> e.Example:
    return e.Example(day=date, share=share, **at.node.place._asdict(), **fields)


_FACTS: Final = Record(
    e.ExampleFacts,
    {},
    {
        "minutes": Number(digits=5),
        "new_followers": Number(digits=9),
        "valid_days": Number(digits=1),
        "active_fans": Number(digits=9),
        "league": Text(SLUG, "a word such as held"),
        "penalty": Number(percent=True, fraction=True),
        "scheme": Word(("missions", "flat")),
    },
)


def _zone(
    at: At,
    platform: str,
    regions: tuple[str, ...],
    timezone: str,
    sources: dict[str, e.Source],
    rates: dict[str, tuple[Draft, ...]],
    schema: str,
    examples: tuple[e.Example, ...] = (),
    accepted: tuple[e.Accepted, ...] = (),
    unit: e.Units = e.COINS,
) -> e.Zone:
    listed = set[str]()
    for region in regions:
        if region in listed:
            at.contradiction("regions", "R016", f"region {region} is listed twice")
        listed.add(region)
    histories = {
        rate: history(f"{rate}: a second entry", (_in_zone(draft, timezone, unit) for draft in drafts), sources)
        for rate, drafts in rates.items()
    }
    place = at.place("regions")
    where = (place.file, "", "", place.line)
    return e.Zone(platform, "", regions, timezone, sources, histories, examples, *where, accepted, unit=unit)


def _in_zone(draft: Draft, timezone: str, unit: e.Units) -> Draft:
    text, value = draft.entry.effective_text, draft.entry.value
    if isinstance(value, e.Reward):
        draft = draft._replace(entry=draft.entry._replace(value=value._replace(unit=unit)))
    if "T" in text:
        effective = periods.instant_of(datetime.fromisoformat(text).astimezone(UTC)) // periods.QUARTER
    else:
        effective = periods.day_start(date.fromisoformat(text), timezone)
    return draft._replace(entry=draft.entry._replace(effective=effective))


ZONE: Final = Record(
    _zone,
    {
        "schema": s.Version(),
        "platform": PLATFORM,
        "regions": ListOf(REGION, 1),
        "timezone": TimeZone(),
        "sources": SOURCES,
        "rates": Record(
            dict,
            {rate: _entries(rate) for rate in ("reward", "settlement")},
            {rate: _entries(rate) for rate in _VALUES if rate not in ("reward", "settlement")},
        ),
    },
    {
        "examples": ListOf(
            Record(
                _example,
                {"name": Text(), "date": Day(), "coins": Number(digits=12), "expect": _Expect()},
                {"share": PERCENT, "facts": _FACTS},
                placed=True,
            )
        ),
        "accepted": ACCEPTED,
        "unit": Record(e.Units, {"fan": _UNIT, "creator": _UNIT}),
    },
    placed=True,
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors (shipped as rates/rates.schema.json)."""
    return s.document("diamondctl rate file, schema 1", ZONE)


def build_zone(root: Node, *, name: str, sha256: str, origin: str, log: ProblemLog) -> e.Zone | None:
    """A `Zone` from the tree of one file, or None when problems were logged."""
    zone: e.Zone | None = s.build(ZONE, root, log)
    return zone and zone._replace(name=name, sha256=sha256, origin=origin)
