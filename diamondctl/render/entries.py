"""The values of rate entries in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from diamondctl.money import MINOR_UNITS, Range
from diamondctl.ratebook import entries as e
from diamondctl.ratebook.entries import Missions
from diamondctl.render import numbers
from diamondctl.render import shape as f
from diamondctl.render.page import Part, said
from diamondctl.render.shape import word
from diamondctl.reports.contradictions import Contradiction
from diamondctl.reports.remarks import percent_text


def value_text(entry: e.RateEntry) -> str:
    """What an entry sets, in one line."""
    value = entry.value
    if value is None:
        return "withdrawn" if entry.state == "none" else "changed, to a value not known"
    if isinstance(value, e.Reward):
        per_coin, cash = numbers.plain(value.diamonds_per_coin), numbers.plain(value.cash_per_diamond)
        fan, creator = value.unit
        gets = f"{per_coin} {creator} per {fan}"
        if value.unit.is_one and value.diamonds_per_coin == 1:
            gets = ""  # it says nothing that the value per unit does not say
        worth = f"{cash} {value.currency} per {creator}"
        if value.share.kind == "fixed":
            return ", ".join(filter(None, (gets, f"{worth}, fixed: all of it is the creator's")))
        share = percent_text(value.share.percent)
        if (missions := value.share.missions) is not None:
            share = f"{percent_text(Range(value.share.percent.low, missions.cap))} by missions"
            if missions.others is not None:
                share += f", or {numbers.plain(missions.others)}% flat for who is not in them"
        return ", ".join(filter(None, (gets, worth, f"share {share}")))
    if isinstance(value, e.GiftCoins):
        return f"{value.name} ({value.gift_id}): {value.coins:,} coin{'' if value.coins == 1 else 's'}"
    if isinstance(value, e.Fact):
        return fact_text(value)
    if isinstance(value, e.Settlement):
        return f"credited per {value.credit}, rounded {value.rounding.replace('_', ' ')}"
    return "; ".join(item_text(item) for item in value)


def fact_text(fact: e.Fact) -> str:
    """A fact about a platform: what it is about, and both ends of its number, `?` where one is not known."""
    ends = ["?" if end is None else numbers.plain(end) for end in (fact.low, fact.high)]
    number = " - ".join(dict.fromkeys(ends))
    unit = {"percent": "%"}.get(fact.unit, f" {fact.unit}")
    after = f" after {' and '.join(fact.after)}" if fact.after else ""
    return f"{fact.key}: {number}{unit if ends != ['?', '?'] else ''}{after}"


def detail_text(entry: e.RateEntry) -> str:
    """Everything an entry sets, key by key, also what `value_text` leaves out because it is seldom asked for."""
    value = entry.value
    if value is None:
        return value_text(entry)
    if isinstance(value, e.Reward) and value.unit == e.COINS:
        value = value._replace(unit="")  # type: ignore[arg-type]  # what need not be said is blank
    items: tuple[Any, ...] = (value,) if isinstance(value, e.Reward | e.Settlement | e.GiftCoins | e.Fact) else value
    return "; ".join(
        ", ".join(f"{key} {_plain(part)}" for key, part in item._asdict().items() if part is not None and part != "")
        for item in items
    )


def _plain(part: object) -> str:
    if isinstance(part, Decimal):
        return numbers.plain(part)
    if isinstance(part, Range):
        return numbers.plain(part.low) if part.is_exact else f"{numbers.plain(part.low)} - {numbers.plain(part.high)}"
    if isinstance(part, e.Units):
        return f"{part.fan} / {part.creator}"
    if isinstance(part, e.Share):
        return f"{part.kind} " + (_plain(part.percent) if part.missions is None else _missions_text(part.missions))
    if isinstance(part, tuple) and all(isinstance(item, str) for item in part):
        return " ".join(part)
    if isinstance(part, tuple):
        return ", ".join(f"{coins} = {numbers.plain(price)}" for coins, price in part)
    return str(part)


def missions_text(entry: e.RateEntry) -> str:
    """The bands of a share that is built from missions; blank for any other entry."""
    value = entry.value
    return _missions_text(value.share.missions) if isinstance(value, e.Reward) and value.share.missions is not None else ""


def _missions_text(missions: Missions) -> str:
    """Every mission of a share, key by key."""
    tiers = {
        "minutes live": missions.duration,
        "new followers": missions.new_followers,
        "valid days": missions.valid_days,
        "active fans": missions.active_fans,
    }
    parts = [f"up to {_plain(missions.cap)}", f"per stream up to {_plain(missions.stream_cap)}"]
    parts += [f"a week up to {_plain(missions.week_cap)}"]
    parts += [f"a valid day {missions.valid_minutes} minutes{' in total' if missions.valid_in_total else ''}"]
    if missions.week_amount is not None:
        parts.append(f"a week at most {_plain(missions.week_amount)} in money")
    for name, bands in tiers.items():
        if bands.bands:
            known = ", ".join(f"{band.at_least} = {_points_text(band.percent)}" for band in bands.bands)
            parts.append(f"{name} ({bands.mode}) {known}")
    if missions.league:
        parts.append("league " + ", ".join(f"{word} = {_points_text(points)}" for word, points in missions.league))
    if missions.leagues:
        parts.append(f"only leagues {' '.join(missions.leagues)}")
    if missions.league_amount is not None:
        parts.append(f"the league's part at most {_plain(missions.league_amount)} in money")
    parts.append(f"penalty up to {_plain(missions.penalty)}")
    if missions.others is not None:
        parts.append(f"who is not in the scheme {_plain(missions.others)} flat")
    return "; ".join(parts)


def _points_text(points: Decimal | None) -> str:
    return "not known" if points is None else numbers.plain(points)


def amount_text(number: Decimal, unit: str) -> str:
    """An amount of a rate file with its unit; blank is diamonds. One that is finer than its currency is shown as it is."""
    if unit in MINOR_UNITS and -int(number.as_tuple().exponent) <= MINOR_UNITS[unit]:
        return f"{numbers.money(number, unit)} {unit}"
    return f"{numbers.plain(number)} {unit}" if unit else f"{numbers.count(number)} diamonds"


def amount_digits(number: Decimal, unit: str) -> str:
    """An amount of a rate file for machines: money with all decimals of its currency, `1.00`."""
    text = f"{number:f}" if unit in MINOR_UNITS and -int(number.as_tuple().exponent) > MINOR_UNITS[unit] else ""
    return text or (f"{number:.{MINOR_UNITS[unit]}f}" if unit in MINOR_UNITS else numbers.plain(number))


def item_text(item: object) -> str:
    """One item of a list value in words."""
    if isinstance(item, e.Minimum):
        return f"{_method(item.method)}{amount_text(item.amount, item.currency)}"
    if isinstance(item, e.Maximum):
        return f"{_method(item.method)}{amount_text(item.amount, item.currency)} per {item.per}"
    if isinstance(item, e.Fee):
        if item.kind == "percent":
            amount = percent_text(item.amount)
        elif item.amount.is_exact:
            amount = amount_text(item.amount.low, item.currency)
        else:
            amount = f"{numbers.plain(item.amount.low)} - {amount_text(item.amount.high, item.currency)}"
        return f"{_method(item.method)}{item.name} {amount}, paid by the {item.paid_by}"
    if isinstance(item, e.Timing):
        days = [f"{item.review_days} days review"] if item.review_days is not None else []
        days += [f"{item.hold_days} days hold"] if item.hold_days is not None and not item.hold_open else []
        when = f" on {item.weekday.capitalize()}" if item.weekday else ""
        if item.net_days is not None:
            span = " - ".join(dict.fromkeys(map(str, (item.net_days, item.net_days_most))))
            when = f", {span} days after the month's end"
        text = f"{_method(item.method)}{item.request}{when}" + "".join(f", up to {part}" for part in days)
        return text + (f", then {item.hold_days} days hold or more" if item.hold_open else "")
    if isinstance(item, e.Withholding):
        return f"{percent_text(item.percent)} when {item.condition.replace('_', ' ')}"
    if isinstance(item, e.CoinPrice):
        packs = ", ".join(f"{coins:,} = {numbers.plain(price)}" for coins, price in item.packs)
        return f"{item.channel.replace('_', '-')} {item.currency}: {packs}"
    raise TypeError(item)


def contradiction_text(item: Contradiction) -> str:
    """Both sides of a contradiction, with what each would give."""
    sides = ((item.name, item.source), (item.other_name, item.other))
    one, other = (f"{name} ({source.gives or source.says or source.title})" for name, source in sides)
    return f"{one} against {other}"


def contradictions_part(found: Sequence[Contradiction]) -> Part:
    """A list of them, where there are any."""
    texts = list(dict.fromkeys(map(contradiction_text, found)))
    return (said("Sources that contradict each other", kind="title"), said(*texts, mark="- ")) if texts else ()


def _method(method: str) -> str:
    return "" if method == "any" else f"{method}: "


def since_text(entry: e.RateEntry) -> str:
    """From when an entry holds: its start, or when it was first seen to."""
    return ("first seen " if entry.since == "first_seen" else "") + entry.effective_text


FIELDS = (
    f.Field("rate", word(*e.RATES)),
    f.Field("effective", of="effective_text", title="From", show=since_text),
    f.Field("since", word("start", "first_seen")),
    f.Field("recorded", f.DAY),
    f.Field("verified", f.DAY, title="Seen to hold", drop=1),
    f.Field("confidence", f.CONFIDENCE, title="Confidence"),
    f.Field("sources", f.WORDS, title="Sources", drop=2),
    f.Field("file"),
    f.Field("line", f.COUNT),
    f.Field("text", of=value_text, title="Value"),
)
# Where an entry stands, and how well it is known.
PLACE = (
    *f.pick(FIELDS, "confidence"),
    *(field._replace(forms="json") for field in f.pick(FIELDS, "file", "line")),
    f.Field("where", forms="flat"),
)
