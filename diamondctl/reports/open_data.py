"""What rate files hold, as flat tables for anyone: rates, coin prices, gifts, sources, formulas, platforms, coverage. Pure.

Everything in them comes from the files alone, so the same files give the same rows on any day. An entry that a later one
corrects stays, marked as not standing. What counts as future was recorded before it took effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from diamondctl import periods
from diamondctl.ratebook.entries import CoinPrice, Fact, NotKnown, RateEntry, Source, Zone, look_up
from diamondctl.ratebook.formulas import Formula
from diamondctl.ratebook.gifts import GiftFile
from diamondctl.reports.coverage import Coverage

# What a column holds: text, a whole number, a decimal, a day, yes or no.
TEXT: Final = "string"
WHOLE: Final = "integer"
DECIMAL: Final = "number"
DAY: Final = "date"
FLAG: Final = "boolean"
Cell = str | int | Decimal | bool | None


class Column(NamedTuple):
    """One column, with what it means."""

    name: str
    kind: str
    title: str


class Table(NamedTuple):
    """One table; cells in the order of its columns, days as text."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    key: tuple[str, ...] = ()


class Change(NamedTuple):
    """One entry of the changelog."""

    recorded: str
    effective: str
    zone: str
    rate: str
    text: str
    confidence: str
    kind: str  # added | corrected
    future: bool


class OpenData(NamedTuple):
    """Everything that goes into a package."""

    tables: tuple[Table, ...]
    changes: tuple[Change, ...]
    better: int  # region-months of the reward that are better than assumed
    region_months: int


Text = Callable[[RateEntry], str]


def open_data(
    zones: Sequence[Zone],
    catalogues: Sequence[GiftFile],
    formulas: Sequence[Formula],
    coverage: Coverage,
    text: Text,
    facts: Zone,
) -> OpenData:
    """All tables; `text` says what an entry sets, `facts` are those about platforms, of every one."""
    tables = (
        _rates(zones, text),
        _coin_prices(zones),
        _gifts(catalogues),
        _sources(zones, catalogues),
        _formulas(formulas),
        _platforms(facts),
        _coverage(coverage),
    )
    return OpenData(tables, tuple(_changes(zones, text)), coverage.better, coverage.total)


def _standing(zone: Zone, entry: RateEntry) -> bool:
    found = look_up(zone, entry.rate, entry.effective)
    last = {item.effective: item for item in zone.rates[entry.rate]}
    return found is entry or (isinstance(found, NotKnown) and last[entry.effective] is entry)


def _entries(zones: Iterable[Zone]) -> Iterator[tuple[Zone, RateEntry]]:
    for zone in zones:
        for history in zone.rates.values():
            for entry in history:
                yield zone, entry


_WHEN: Final = (
    Column("effective", TEXT, "the day or instant from which it applies; a day begins at 00:00 in the zone's time"),
    Column("since", TEXT, "start: it began then; first_seen: it is known to hold from then"),
    Column("recorded", DAY, "the day the entry was written"),
    Column("verified", DAY, "the last day on which it was seen to hold"),
    Column("confidence", TEXT, "official, measured, reported or assumed"),
    Column("sources", TEXT, "names in the table of sources, with blanks between"),
    Column("standing", FLAG, "false: a later entry corrects it"),
)


def _when(entry: RateEntry, standing: bool) -> tuple[Cell, ...]:
    days = (str(entry.recorded), str(entry.verified))
    return (entry.effective_text, entry.since, *days, entry.confidence, " ".join(entry.sources), standing)


def _whose(zone: Zone) -> tuple[Cell, ...]:
    return zone.platform, zone.name, " ".join(zone.regions)


def _rates(zones: Sequence[Zone], text: Text) -> Table:
    columns = (
        Column("platform", TEXT, "whose rates they are"),
        Column("zone", TEXT, "the rate file"),
        Column("regions", TEXT, "ISO 3166 codes, with blanks between"),
        Column("rate", TEXT, "reward, settlement, minimum_payout, ..."),
        Column("state", TEXT, "known, none (withdrawn) or unknown (changed to a number that is not known)"),
        Column("value", TEXT, "what it sets, in words"),
        *_WHEN,
    )
    rows = tuple(
        (*_whose(zone), entry.rate, entry.state, text(entry), *_when(entry, _standing(zone, entry)))
        for zone, entry in _entries(zones)
    )
    return Table("rates", "Rate entries with their dates and sources", columns, rows)


def _coin_prices(zones: Sequence[Zone]) -> Table:
    columns = (
        Column("platform", TEXT, "whose coins they are"),
        Column("zone", TEXT, "the rate file"),
        Column("regions", TEXT, "ISO 3166 codes, with blanks between"),
        Column("channel", TEXT, "web or in_app"),
        Column("currency", TEXT, "ISO 4217"),
        Column("coins", WHOLE, "in the pack"),
        Column("price", DECIMAL, "of the pack, in the currency"),
        *_WHEN,
    )
    rows = tuple(
        (*_whose(zone), item.channel, item.currency, coins, price, *_when(entry, _standing(zone, entry)))
        for zone, entry in _entries(zones)
        for item in entry.value or ()
        if isinstance(item, CoinPrice)
        for coins, price in item.packs
    )
    return Table("coin_prices", "What fans pay for coins", columns, rows)


def _gifts(catalogues: Sequence[GiftFile]) -> Table:
    columns = (
        Column("platform", TEXT, "whose gifts they are"),
        Column("gift_id", TEXT, "the key"),
        Column("name", TEXT, "as lists write it, and no key"),
        Column("coins", WHOLE, "of one unit"),
        Column("first_seen", DAY, "the first day on which a list has the price"),
        Column("last_seen", DAY, "the last day"),
        Column("recorded", DAY, "the day the price was written"),
        Column("confidence", TEXT, "measured, reported or assumed"),
        Column("sources", TEXT, "names in the table of sources, with blanks between"),
        Column("contradicted_by", TEXT, "what other lists say: COINS (SOURCES), ..."),
        Column("standing", FLAG, "false: a later price of the same day corrects it"),
    )
    rows: list[tuple[Cell, ...]] = []
    for file in catalogues:
        for gift in file.gifts:
            last = {price.effective: price for price in gift.prices}
            for price in gift.prices:
                others = ", ".join(f"{other.coins} ({' '.join(other.sources)})" for other in price.contradicted_by)
                days = (price.effective_text, str(price.verified), str(price.recorded))
                rest = (price.confidence, " ".join(price.sources), others, last[price.effective] is price)
                rows.append((file.platform, gift.gift_id, gift.name, price.coins, *days, *rest))
    return Table("gifts", "Prices of gifts in coins, by id", columns, tuple(rows))


def _sources(zones: Sequence[Zone], catalogues: Sequence[GiftFile]) -> Table:
    columns = (
        Column("file", TEXT, "the rate file or gift catalogue that rests on it"),
        Column("source", TEXT, "its name there"),
        Column("title", TEXT, "what it is"),
        Column("published", DAY, "where known"),
        Column("retrieved", DAY, "the day it was first read"),
        Column("url", TEXT, "its address"),
        Column("document", TEXT, "where it has none: what it is and who keeps it"),
        Column("says", TEXT, "in our own words"),
        Column("checked", DAY, "the day somebody looked again"),
        Column("contradicts", TEXT, "other sources of the file, with blanks between"),
        Column("gives", TEXT, "what it would come to, in a contradiction"),
    )
    holders: list[tuple[str, Mapping[str, Source]]] = [(f"{zone.platform}/{zone.name}", zone.sources) for zone in zones]
    holders += [(f"{file.platform}/gifts", file.sources) for file in catalogues]
    rows = tuple(
        (
            file, name, source.title, _day(source.published), str(source.retrieved), source.url, source.document, source.says,
            _day(source.checked), " ".join(source.contradicts), source.gives,
        )
        for file, sources in holders
        for name, source in sources.items()
    )  # fmt: skip
    return Table("sources", "Where every number comes from", columns, rows, ("file", "source"))


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _formulas(formulas: Sequence[Formula]) -> Table:
    columns = (
        Column("site", TEXT, "who states it"),
        Column("address", TEXT, "where"),
        Column("published", TEXT, "a day, a month or a year, where known"),
        Column("checked", DAY, "the day somebody looked at it"),
        Column("formula", TEXT, "as it is stated"),
        Column("usd_per_coin", DECIMAL, "what it comes to for one coin"),
        Column("note", TEXT, "what is odd about it"),
    )
    return Table("formulas", "Public formulas from coins to money", columns, tuple(tuple(item) for item in formulas), ("site",))


def _platforms(facts: Zone) -> Table:
    columns = (
        Column("platform", TEXT, "whose fact it is"),
        Column("product", TEXT, "what fans buy; any: all that have no fact of their own"),
        Column("sort", TEXT, "gift, subscription or any"),
        Column("channel", TEXT, "web, in_app or any"),
        Column("region", TEXT, "ISO 3166; blank: everywhere"),
        Column("fact", TEXT, "share, price, value, tax, store, minimum, wait or fee"),
        Column("method", TEXT, "of a payout; blank: any"),
        Column("units", WHOLE, "in a pack that has a price"),
        Column("low", DECIMAL, "blank: not known"),
        Column("high", DECIMAL, "blank: not known"),
        Column("unit", TEXT, "percent, days, or ISO 4217"),
        Column("after", TEXT, "what is taken before a share, with blanks between; month: a wait begins at its end"),
        *_WHEN,
        *(Column(name, TEXT, title) for name, title in (("url", "address of the source"), ("says", "in our own words"))),
        Column("checked", DAY, "the day somebody looked again"),
    )
    rows = tuple(
        (
            fact.platform, fact.product, fact.sort, fact.channel, fact.region, fact.fact, fact.method, fact.units, fact.low,
            fact.high, fact.unit, " ".join(fact.after), *_when(entry, _last(history, entry)),
            source.url, source.says, _day(source.checked),
        )
        for history in facts.rates.values()
        for entry in history
        if isinstance(fact := entry.value, Fact)
        for source in (facts.sources[entry.sources[0]],)
    )  # fmt: skip
    return Table("platforms", "Facts about platforms to compare them by", columns, rows)


def _last(history: Sequence[RateEntry], entry: RateEntry) -> bool:
    """Whether no later one corrects it."""
    return {item.effective: item for item in history}[entry.effective] is entry


def _coverage(coverage: Coverage) -> Table:
    columns = (
        Column("region", TEXT, "ISO 3166"),
        Column("month", TEXT, "YYYY-MM"),
        Column("rate", TEXT, "the rate"),
        Column("confidence", TEXT, "the weakest word of its days; none: not known"),
    )
    rows = tuple(
        (region.region, month.label, coverage.rate, word)
        for region in coverage.regions
        for month, word in zip(coverage.months, region.words, strict=True)
    )
    return Table("coverage", "How sure the reward is, by region and month", columns, rows, ("region", "month"))


def _changes(zones: Sequence[Zone], text: Text) -> Iterator[Change]:
    """Every entry, the latest first."""
    found = []
    for zone, entry in _entries(zones):
        earlier = [item for item in zone.rates[entry.rate] if item.effective == entry.effective]
        kind = "corrected" if any(item.recorded < entry.recorded for item in earlier) else "added"
        future = periods.local_day(entry.effective, zone.timezone) > entry.recorded
        found.append(
            Change(
                str(entry.recorded), entry.effective_text, f"{zone.platform}/{zone.name}", entry.rate, text(entry),
                entry.confidence, kind, future,
            )
        )  # fmt: skip
    yield from sorted(found, key=lambda item: (item.recorded, item.effective, item.zone, item.rate), reverse=True)
