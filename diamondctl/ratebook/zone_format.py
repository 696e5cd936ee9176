"""The rate-file format of rates.md section 3: its schema, and how checked YAML becomes a `Zone`."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

from diamondctl import periods
from diamondctl.money import MINOR_UNITS, ROUNDINGS, Range
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.ratebook import entries as e
from diamondctl.ratebook import missions_format
from diamondctl.yamlfile.nodes import Node, Scalar
from diamondctl.yamlfile.schema import (
    DAY,
    SLUG,
    ByKind,
    Day,
    Fields,
    ListOf,
    MapOf,
    Number,
    Or,
    Record,
    Schema,
    Text,
    Version,
    Word,
    short,
)


class _Currency:
    def check(self, node: Node, log: ProblemLog) -> str | None:
        text = Text(expected="a currency").check(node, log)
        if text is None or text in MINOR_UNITS:
            return text
        log.add(node.place.problem("R014", f"'{short(text)}' is not a currency", "three letters of ISO 4217, such as USD"))
        return None

    def json_schema(self) -> dict[str, Any]:
        return {"enum": sorted(MINOR_UNITS)}


class TimeZone:
    """The name of a time zone of the IANA database."""

    def check(self, node: Node, log: ProblemLog) -> str | None:
        text = Text(expected="a time zone").check(node, log)
        if text is None:
            return None
        try:
            periods.zone(text)
        except Refusal as refusal:
            problem = refusal.problems[0]
            log.add(node.place.problem("R013", problem.message, problem.hint))
            return None
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^[A-Za-z0-9_+/-]+$"}


class _Moment:
    """A date, which begins at 00:00 in the zone's time, or an instant ending in Z on a quarter hour."""

    def check(self, node: Node, log: ProblemLog) -> str | None:
        text = Text(expected="a date or an instant").check(node, log)
        if text is None:
            return None
        if "T" not in text:
            return text if Day().check(node, log) else None
        try:
            if not re.fullmatch(DAY + "T[0-9]{2}:[0-9]{2}(:[0-9]{2})?Z", text):
                raise ValueError
            moment = datetime.fromisoformat(text)
        except ValueError:
            hint = "write it as 2026-10-31 or 2026-10-31T16:00:00Z"
            log.add(node.place.problem("R010", f"'{short(text)}' is not a date or an instant", hint))
            return None
        if moment.minute % 15 or moment.second:
            earlier = moment - timedelta(minutes=moment.minute % 15, seconds=moment.second)
            both = [when.strftime("%Y-%m-%dT%H:%M:%SZ") for when in (earlier, earlier + timedelta(minutes=15))]
            hint = f"nearest: {both[0]} and {both[1]}"
            log.add(node.place.problem("R012", f"'{short(text)}' is not on a quarter hour", hint))
            return None
        return text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{DAY}(T[0-9]{{2}}:(00|15|30|45)(:00)?Z)?$"}


class _Interval(NamedTuple):
    """A number, or {low, high} with low not above high. Becomes a `Range`.

    A percentage here is a fee or a tax: 0.9 % is one, so a fraction is a lint (R104) and not an error as in a share.
    """

    percent: bool = False

    def check(self, node: Node, log: ProblemLog) -> Range | None:
        number = Number(percent=self.percent, fraction=True)
        if isinstance(node, Scalar):
            value = number.check(node, log)
            return None if value is None else Range.of(value)
        fields = Record({"low": number, "high": number}).check(node, log)
        return None if fields is None else _ends(fields, log)

    def json_schema(self) -> dict[str, Any]:
        number = Number(percent=self.percent, fraction=True)
        return {"anyOf": [number.json_schema(), Record({"low": number, "high": number}).json_schema()]}


def _ends(fields: Fields, log: ProblemLog) -> Range | None:
    low, high = fields["low"], fields["high"]
    if low > high:
        log.add(fields.places["low"].problem("R019", f"low {low} is above high {high}", "swap them"))
        return None
    return Range(low, high)


PERCENT: Final = Number(percent=True)
_DAYS = Number(digits=4)
PLATFORM: Final = Text(SLUG, "a platform name in small letters")
REGION: Final = Text("[A-Z]{2}", "a region of two capital letters", "R015")
METHOD: Final = Text(SLUG, "a payout method such as any, paypal or bank")
_MONEY: dict[str, Schema] = {"method": METHOD, "amount": Number(), "currency": _Currency()}
_FEE_LIMITS: dict[str, Schema] = {
    "min": Number(),
    "max": Number(),
    "currency": _Currency(),
    "rounding": Word(tuple(ROUNDINGS)),
}
_FEE_HEAD: dict[str, Schema] = {"method": METHOD, "name": Text(), "paid_by": Word(("platform", "creator"))}


class _Minimum:
    """{method, amount, currency} or {method, amount, unit: diamonds}."""

    _money = Record(_MONEY)
    _diamonds = Record({"amount": Number(), "unit": Word(("diamonds",))}, {"method": METHOD})

    def check(self, node: Node, log: ProblemLog) -> Fields | None:
        in_diamonds = not isinstance(node, Scalar) and "unit" in getattr(node, "items", {})
        return (self._diamonds if in_diamonds else self._money).check(node, log)

    def json_schema(self) -> dict[str, Any]:
        return {"oneOf": [self._money.json_schema(), self._diamonds.json_schema()]}


_VALUES: Final[dict[str, Schema]] = {
    "reward": Record(
        {
            "diamonds_per_coin": Number(),
            "cash_per_diamond": Number(),
            "currency": _Currency(),
            "share": ByKind(
                "kind",
                {
                    "flat": Record({"percent": PERCENT}),
                    "range": Record({"low": PERCENT, "high": PERCENT}),
                    "missions": missions_format.MISSIONS,
                },
            ),
        }
    ),
    "settlement": Record({"credit": Word(("stream", "day", "week", "month")), "rounding": Word(tuple(ROUNDINGS))}),
    "minimum_payout": ListOf(_Minimum(), 1),
    "maximum_payout": ListOf(Record({**_MONEY, "amount": Number(positive=True), "per": Word(("day", "week", "month"))}), 1),
    "payout_fees": ListOf(
        ByKind(
            "kind",
            {
                "flat": Record({**_FEE_HEAD, "amount": _Interval(), "currency": _Currency()}, _FEE_LIMITS),
                "percent": Record({**_FEE_HEAD, "percent": _Interval(percent=True)}, _FEE_LIMITS),
            },
        ),
        1,
    ),
    "payout_timing": ListOf(
        Record(
            {"method": METHOD, "request": Word(("manual", "automatic"))},
            {
                "weekday": Word(periods.WEEKDAYS),
                "review_days": _DAYS,
                "hold_days": _DAYS,
            },
        ),
        1,
    ),
    "withholding": ListOf(Record({"condition": Text(SLUG, "a condition"), "percent": _Interval(percent=True)}), 1),
    "coin_price": ListOf(
        Record(
            {
                "channel": Word(("web", "in_app")),
                "currency": _Currency(),
                "packs": MapOf(Text("[1-9][0-9]{0,11}", "a number of coins"), Number(), 1),
            }
        ),
        1,
    ),
}


def _entry(value: Schema) -> Record:
    return Record(
        {
            "effective": _Moment(),
            "recorded": Day(),
            "value": Or(("none", "unknown"), value),
            "confidence": Word(e.CONFIDENCES),
            "sources": ListOf(Text(SLUG, "the name of a source"), 1),
            "verified": Day(),
        },
        {"since": Word(("start", "first_seen"))},
    )


_EXPECT: dict[str, Schema] = dict.fromkeys(("diamonds", "gift_value", "reward", "reward_low", "reward_high"), Number())


class _Expect:
    """At least one figure: an example that expects nothing would pass."""

    _record = Record({}, _EXPECT)

    def check(self, node: Node, log: ProblemLog) -> Fields | None:
        fields = self._record.check(node, log)
        if fields is not None and not fields:
            log.add(node.place.problem("R007", "no figure is expected", "one of: " + ", ".join(_EXPECT)))
            return None
        return fields

    def json_schema(self) -> dict[str, Any]:
        return {**self._record.json_schema(), "minProperties": 1}


SOURCES: Final = MapOf(
    Text(SLUG, "a source name in small letters"),
    Record({"title": Text(), "retrieved": Day()}, {"published": Day(), "url": Text("https?://.+", "a web address")}),
    1,
)
_FACTS: Final = Record(
    {},
    {
        "minutes": Number(digits=5),
        "new_followers": Number(digits=9),
        "valid_days": Number(digits=1),
        "active_fans": Number(digits=9),
        "league": Text(SLUG, "a word such as held"),
        "penalty": Number(percent=True, fraction=True),
    },
)
ZONE: Final = Record(
    {
        "schema": Version(),
        "platform": PLATFORM,
        "regions": ListOf(REGION, 1),
        "timezone": TimeZone(),
        "sources": SOURCES,
        "rates": Record(
            {"reward": ListOf(_entry(_VALUES["reward"]), 1), "settlement": ListOf(_entry(_VALUES["settlement"]), 1)},
            {name: ListOf(_entry(value), 1) for name, value in _VALUES.items() if name not in ("reward", "settlement")},
        ),
    },
    {
        "examples": ListOf(
            Record(
                {"name": Text(), "date": Day(), "coins": Number(digits=12), "expect": _Expect()},
                {"share": PERCENT, "facts": _FACTS},
            )
        )
    },
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors (shipped as rates/rates.schema.json)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "diamondctl rate file, schema 1",
        **ZONE.json_schema(),
    }


def build_zone(root: Node, *, name: str, file: str, sha256: str, origin: str, log: ProblemLog) -> e.Zone | None:
    """A `Zone` from the tree of one file, or None when problems were logged."""
    fields = ZONE.check(root, log)
    if fields is None:
        return None
    before = log.total
    for index, region in enumerate(fields["regions"]):
        if region in fields["regions"][:index]:
            log.add(fields.places["regions"].problem("R016", f"region {region} is listed twice"))
    timezone = fields["timezone"]
    rates = {
        rate: tuple(_history(rate, items, timezone, fields["sources"], file, log)) for rate, items in fields["rates"].items()
    }
    if log.total > before:
        return None
    sources = {
        slug: e.Source(item["title"], item.get("published"), item["retrieved"], item.get("url", ""), item.place.line)
        for slug, item in fields["sources"].items()
    }
    examples = tuple(
        e.Example(
            item["name"],
            item["date"],
            int(item["coins"]),
            item.get("share"),
            dict(item["expect"]),
            file,
            item.place.line,
            item.place.column,
            _facts(item["facts"]) if "facts" in item else None,
        )
        for item in fields.get("examples", [])
    )
    regions = tuple(fields["regions"])
    line = fields.places["regions"].line
    return e.Zone(fields["platform"], name, regions, timezone, sources, rates, examples, file, sha256, origin, line)


def _history(rate: str, items: list[Fields], timezone: str, sources: Fields, file: str, log: ProblemLog) -> list[e.RateEntry]:
    history: dict[tuple[int, date], e.RateEntry] = {}
    for item in items:
        for place, slug in zip(item["sources"].places, item["sources"], strict=True):
            if slug not in sources:
                hint = "add it under sources; listed there: " + ", ".join(sources)
                log.add(place.problem("R018", f"source '{slug}' is not listed", hint))
        entry = _rate_entry(rate, item, timezone, file, log)
        if entry is None:
            continue
        key = (entry.effective, entry.recorded)
        if key in history:
            message = f"{rate}: a second entry effective {entry.effective_text} and recorded {entry.recorded}"
            hint = f"first on line {history[key].line}; a correction has a later 'recorded'"
            log.add(item.place.problem("R017", message, hint))
        history[key] = entry
    return [history[key] for key in sorted(history)]


def _rate_entry(rate: str, item: Fields, timezone: str, file: str, log: ProblemLog) -> e.RateEntry | None:
    text: str = item["effective"]
    if "T" in text:
        effective = periods.instant_of(datetime.fromisoformat(text).astimezone(UTC)) // periods.QUARTER
    else:
        effective = periods.day_start(date.fromisoformat(text), timezone)
    value, state = None, item["value"] if isinstance(item["value"], str) else "known"
    if state == "known":
        value = _BUILDERS[rate](item["value"], log)
        if value is None:
            return None
    return e.RateEntry(
        rate,
        effective,
        text,
        item.get("since", "start"),
        item["recorded"],
        value,
        state,
        item["confidence"],
        tuple(item["sources"]),
        item["verified"],
        file,
        item.place.line,
    )


def _reward(value: Fields, log: ProblemLog) -> e.Reward | None:
    share = value["share"]
    if share["kind"] == "missions":
        missions = missions_format.build(share, log)
        if missions is None:
            return None
        built = e.Share("missions", Range(Decimal(0), missions.cap), missions)
        return e.Reward(value["diamonds_per_coin"], value["cash_per_diamond"], value["currency"], built)
    percent = Range.of(share["percent"]) if share["kind"] == "flat" else _ends(share, log)
    if percent is None:
        return None
    return e.Reward(value["diamonds_per_coin"], value["cash_per_diamond"], value["currency"], e.Share(share["kind"], percent))


def _facts(item: Fields) -> e.ExampleFacts:
    whole = {name: _whole(item.get(name)) for name in ("minutes", "new_followers", "valid_days", "active_fans")}
    return e.ExampleFacts(**whole, league=item.get("league"), penalty=item.get("penalty"))


def _fee(item: Fields) -> e.Fee:
    return e.Fee(
        item["method"],
        item["name"],
        item["kind"],
        item["amount"] if item["kind"] == "flat" else item["percent"],
        item.get("currency", ""),
        item.get("min"),
        item.get("max"),
        item.get("rounding", "half_up"),
        item["paid_by"],
    )


def _fees(value: list[Fields], log: ProblemLog) -> tuple[e.Fee, ...] | None:
    fees = tuple(_fee(item) for item in value)
    good = True
    for item, fee in zip(value, fees, strict=True):
        if fee.minimum is not None and fee.maximum is not None and fee.minimum > fee.maximum:
            log.add(item.places["min"].problem("R019", f"min {fee.minimum} is above max {fee.maximum}", "swap them"))
            good = False
        if not fee.currency and (fee.minimum is not None or fee.maximum is not None):
            log.add(item.place.problem("R007", "'currency' is missing", "min and max are amounts of a currency"))
            good = False
    return fees if good else None


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


_BUILDERS: Final[dict[str, Callable[[Any, ProblemLog], e.Value | None]]] = {
    "reward": _reward,
    "settlement": lambda value, log: e.Settlement(value["credit"], value["rounding"]),
    "minimum_payout": lambda value, log: tuple(
        e.Minimum(item.get("method", "any"), item["amount"], item.get("currency", "")) for item in value
    ),
    "maximum_payout": lambda value, log: tuple(
        e.Maximum(item["method"], item["per"], item["amount"], item["currency"]) for item in value
    ),
    "payout_fees": _fees,
    "payout_timing": lambda value, log: tuple(
        e.Timing(
            item["method"],
            item["request"],
            item.get("weekday", ""),
            _whole(item.get("review_days")),
            _whole(item.get("hold_days")),
        )
        for item in value
    ),
    "withholding": lambda value, log: tuple(e.Withholding(item["condition"], item["percent"]) for item in value),
    "coin_price": lambda value, log: tuple(
        e.CoinPrice(
            item["channel"],
            item["currency"],
            tuple(sorted((int(coins), price) for coins, price in item["packs"].items())),
        )
        for item in value
    ),
}
