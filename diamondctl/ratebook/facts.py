"""Facts about platforms to compare them by: one flat file, `platforms.csv`, a line a fact with its source and its dates.

It is checked, compared and exported as rate files are, so it is read as a `Zone` without regions whose histories are the facts.
A source is described where a line names it first; later lines leave its columns blank. A fact without numbers is not known.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Final

from diamondctl import periods
from diamondctl.confidence import CONFIDENCES
from diamondctl.money import MINOR_UNITS
from diamondctl.problems import Problem, ProblemLog
from diamondctl.ratebook import unseen
from diamondctl.ratebook.entries import FACT, FACTS_PLATFORM, Fact, RateEntry, Source, Zone
from diamondctl.yamlfile.schema import DAY, NUMBER, SLUG, short

NAME: Final = "platforms"  # of the zone it is read as
COLUMNS: Final = (
    "platform", "product", "sort", "channel", "region", "fact", "method", "units", "since", "kind", "recorded",
    "low", "high", "unit", "after", "confidence", "verified",
    "source", "title", "published", "retrieved", "url", "document", "says", "checked",
)  # fmt: skip
SORTS: Final = ("gift", "subscription", "any")
CHANNELS: Final = ("any", "web", "in_app")
# share: of what is left after `after`; price: of a pack of so many `units`; value: of one unit; wait: until it is paid, or from
# the month's end on, where `after` says so.
FACTS: Final = ("share", "price", "value", "tax", "store", "minimum", "wait", "fee")
AFTER: Final = ("tax", "store", "month")
ANY: Final = "any"  # a product or channel: what holds for all that have no fact of their own
_PERCENTS: Final = ("share", "tax", "store")
_OF_SOURCE: Final = ("title", "published", "retrieved", "url", "document", "says", "checked")


_Histories = dict[str, dict[tuple[int, date], RateEntry]]


class _Wrong(Exception):
    """Why a cell is no value: code, message, hint."""


def load(data: bytes, *, file: str, origin: str, log: ProblemLog) -> Zone | None:
    """The facts of a file; None when problems were logged, each with its line."""
    before = log.total
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        log.add(Problem("R001", f"not UTF-8 at byte {error.start:,}", "save it as UTF-8", file, line))
        return None
    unseen.refuse(text.replace("\r\n", "\n"), file, log)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    drafts: list[tuple[int, dict[str, str]]] = []
    try:
        header = next(reader, [])
        if problem := _header(header, file):
            log.add(problem)
            return None
        last = reader.line_num
        for cells in reader:
            line, last = last + 1, reader.line_num
            if len(cells) != len(COLUMNS):
                log.add(Problem("R007", f"{len(cells)} cells, and {len(COLUMNS)} columns", "one cell a column", file, line))
            else:
                drafts.append((line, dict(zip(COLUMNS, cells, strict=True))))
    except csv.Error as error:
        log.add(Problem("R001", f"no CSV: {error}", "close every quotation mark", file, reader.line_num))
    sources: dict[str, Source] = {}
    histories: _Histories = {}
    for line, row in drafts:
        for problem in _into(histories, sources, row, file, line):
            log.add(problem)
    if log.total > before:
        return None
    rates = {key: tuple(entries[at] for at in sorted(entries)) for key, entries in histories.items()}
    return Zone(FACTS_PLATFORM, NAME, (), "UTC", sources, rates, (), file, hashlib.sha256(data).hexdigest(), origin)


def facts_of(zone: Zone) -> Iterator[tuple[str, Fact]]:
    """The latest value of every history, by its key; what was withdrawn as not known keeps what it is about."""
    for key, history in zone.rates.items():
        value = next((entry.value for entry in reversed(history) if isinstance(entry.value, Fact)), None)
        if value is not None:
            yield key, value


def _header(header: list[str], file: str) -> Problem | None:
    for name in header:
        if name not in COLUMNS:
            return Problem("R006", f"unknown column '{short(name)}'", "columns: " + ",".join(COLUMNS), file, 1)
    if tuple(header) != COLUMNS:
        missing = [name for name in COLUMNS if name not in header]
        message = f"column '{missing[0]}' is missing" if missing else "the columns stand in another order"
        return Problem("R007", message, "columns: " + ",".join(COLUMNS), file, 1)
    return None


def _into(
    histories: _Histories,
    sources: dict[str, Source],
    row: dict[str, str],
    file: str,
    line: int,
) -> Iterator[Problem]:
    """One line into its history; its problems."""
    problems: list[Problem] = []

    def tried(column: str, make: object, blank: object = None) -> object:
        text = row[column]
        if not text and blank is not None:
            return blank
        try:
            return make(text)  # type: ignore[operator]
        except _Wrong as wrong:
            problems.append(Problem(wrong.args[0], f"{column}: {wrong.args[1]}", wrong.args[2], file, line))
            return None

    for column, words in (("sort", SORTS), ("channel", CHANNELS), ("fact", FACTS), ("confidence", CONFIDENCES)):
        tried(column, lambda text, words=words: _word(text, words))
    tried("kind", lambda text: _word(text, ("start", "first_seen")))
    for column in ("platform", "source"):
        tried(column, lambda text: _matching(text, SLUG, "a name in small letters"))
    tried("method", lambda text: _matching(text, SLUG, "a payout method such as paypal"), "")
    tried("region", lambda text: _matching(text, "[A-Z]{2}", "two capital letters", "R015"), "")
    tried(
        "units", lambda text: _matching(text, "[1-9][0-9]{0,11}", "a number of units"), None if row["fact"] == "price" else ""
    )
    tried("product", lambda text: _matching(text, ".*[^ ].*", "a name"))
    tried("after", _after, ())
    days = [tried(column, _day) for column in ("since", "recorded", "verified")]
    percent = row["fact"] in _PERCENTS
    ends = [tried(column, lambda text: _number(text, percent=percent), "") for column in ("low", "high")]
    tried("unit", lambda text: _unit(text, row["fact"]))
    low, high = (end if isinstance(end, Decimal) else None for end in ends)
    if low is not None and high is not None and low > high:
        problems.append(Problem("R019", f"low {low} is above high {high}", "swap them", file, line))
    problems += _source(sources, row, file, line)
    if problems:
        yield from problems
        return
    units = int(row["units"]) if row["units"] and row["fact"] == "price" else None
    after = tuple(row["after"].split())
    fact = Fact(
        platform=row["platform"],
        product=row["product"],
        sort=row["sort"],
        channel=row["channel"],
        region=row["region"],
        fact=row["fact"],
        method=row["method"],
        units=units,
        low=low,
        high=high,
        unit=row["unit"],
        after=after,
    )
    since, recorded, verified = days
    assert isinstance(since, date) and isinstance(recorded, date) and isinstance(verified, date)
    entry = RateEntry(
        rate=FACT,
        effective=periods.day_start(since, "UTC"),
        effective_text=row["since"],
        since=row["kind"],
        recorded=recorded,
        value=fact,
        state="known",
        confidence=row["confidence"],
        sources=(row["source"],),
        verified=verified,
        file=file,
        line=line,
    )
    history = histories.setdefault(fact.key, {})
    at = (entry.effective, entry.recorded)
    if at in history:
        message = f"{fact.key}: a second line since {row['since']} and recorded {row['recorded']}"
        yield Problem("R017", message, f"first on line {history[at].line}; a correction has a later 'recorded'", file, line)
    history[at] = entry


def _source(sources: dict[str, Source], row: dict[str, str], file: str, line: int) -> Iterator[Problem]:
    said = {name: row[name] for name in _OF_SOURCE if row[name]}
    slug = row["source"]
    if slug in sources:
        if said:
            hint = f"leave {', '.join(said)} blank: line {sources[slug].line} says it"
            yield Problem("R003", f"source '{slug}' is described twice", hint, file, line)
        return
    if not said:
        hint = "describe it where it is named first: title, retrieved, url, says, checked"
        yield Problem("R018", f"source '{slug}' is not described", hint, file, line)
        return
    days: dict[str, date | None] = {}
    for name in ("published", "retrieved", "checked"):
        try:
            days[name] = _day(row[name]) if row[name] else None
        except _Wrong as wrong:
            yield Problem(wrong.args[0], f"{name}: {wrong.args[1]}", wrong.args[2], file, line)
            return
    if days["retrieved"] is None or not row["title"]:
        yield Problem("R007", f"source '{slug}' has no title, or no day on which it was retrieved", "fill both in", file, line)
        return
    if row["url"] and not re.fullmatch("https?://.+", row["url"]):
        yield Problem("R009", f"url: '{short(row['url'])}' is no web address", "https://...", file, line)
        return
    sources[slug] = Source(
        row["title"],
        days["published"],
        days["retrieved"],
        row["url"],
        line,
        document=row["document"],
        says=row["says"],
        checked=days["checked"],
    )


def _word(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise _Wrong("R009", f"'{short(text)}' is not allowed", "one of: " + ", ".join(words))
    return text


def _matching(text: str, pattern: str, what: str, code: str = "R009") -> str:
    if not re.fullmatch(pattern, text):
        raise _Wrong(code, f"'{short(text)}' is not {what}", what)
    return text


def _after(text: str) -> tuple[str, ...]:
    return tuple(_word(word, AFTER) for word in text.split(" "))


def _day(text: str) -> date:
    try:
        if re.fullmatch(DAY, text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise _Wrong("R010", f"'{short(text)}' is not a calendar date", "write it as 2026-10-31")


def _number(text: str, *, percent: bool) -> Decimal:
    if not re.fullmatch(NUMBER, text):
        raise _Wrong("R011", f"'{short(text)}' is not a number such as 12 or 0.005", "no sign, no separators")
    if percent and Decimal(text) > 100:
        raise _Wrong("R020", f"{text} percent is more than all of it", "")
    return Decimal(text)


def _unit(text: str, fact: str) -> str:
    if fact in _PERCENTS or fact == "wait":
        return _word(text, ("percent",) if fact in _PERCENTS else ("days",))
    if (text != "percent" or fact != "fee") and text not in MINOR_UNITS:
        raise _Wrong("R014", f"'{short(text)}' is not a currency", "three letters of ISO 4217, such as USD")
    return text
