"""Reports on rate files in all their forms."""

from __future__ import annotations

from collections.abc import Sequence

from diamondctl.ratebook.entries import RateEntry, Source, Zone
from diamondctl.render import entries
from diamondctl.render.entries import missions_text, value_text
from diamondctl.render.page import Part, said
from diamondctl.render.shape import (
    CONFIDENCE,
    COUNT,
    DAY,
    ORIGIN,
    REGION,
    SHA256,
    TEXT,
    Document,
    Field,
    Fields,
    cell,
    each,
    many,
    one,
    pick,
    table,
    under,
    word,
)
from diamondctl.render.view import View
from diamondctl.reports.rates import Which, ZoneRow

POLICY = "TikTok publishes no rate. Confidence: official > measured > reported > assumed; see rates/README.md."
_POLICY = said(POLICY, kind="closing")

ZONE: Fields = (
    Field("platform"),
    Field("zone", of="name"),
    Field("regions", each(REGION)),
    Field("timezone", title="Time zone", drop=1),
    Field("file", title="File", drop=3, show=lambda zone: zone.file + _yours(zone)),
    Field("sha256", SHA256),
    Field("origin", ORIGIN),
)
ENTRY: Fields = (
    *entries.FIELDS[:-1],
    Field("state", word("known", "none", "unknown"), after="text"),
    entries.FIELDS[-1],
    Field("missions", of=missions_text, maybe=True),
)
SOURCE: Fields = (
    Field("name", of=lambda item: item[0]),
    *under(
        lambda item: item[1],
        (Field("title"), Field("published", DAY, maybe=True), Field("retrieved", DAY), Field("url", maybe=True)),
    ),
)


def _yours(zone: Zone) -> str:
    return " (yours)" if zone.origin == "user" else ""


def _entries(zone: Zone) -> list[RateEntry]:
    return [entry for history in zone.rates.values() for entry in history]


def _missions(found: Sequence[RateEntry]) -> Part:
    """The bands of shares that are built from missions, which no cell has room for."""
    texts = [f"{entry.where}: {text}" for entry in found if (text := missions_text(entry))]
    return (said("Missions", kind="title"), said(*texts, mark="- ")) if texts else ()


ROW: Fields = (
    *under("zone", ZONE),
    Field("entries", COUNT, title="Entries"),
    Field("weakest", CONFIDENCE, "confidence", "Weakest entry", drop=2),
    Field("reward", one(ENTRY), "known", maybe=True),
)
LIST = Document(
    "rates-list",
    (Field("zones", many(ROW), lambda rows: rows),),
    (
        *pick(ROW, "zone", "platform", "regions", "timezone", "file", "sha256", "origin", "entries", "weakest"),
        *under("known", (Field("reward", of=value_text), Field("confidence"))),
    ),
)


def list_view(rows: Sequence[ZoneRow]) -> View:
    """`rates list`: one row per zone."""
    columns = (
        cell("Zone", lambda row: f"{row.zone.platform}/{row.zone.name}"),
        cell("Regions", lambda row: " ".join(row.zone.regions)),
        cell("Reward now", lambda row: value_text(row.known) if row.known else row.reward.detail),
        cell("Confidence", lambda row: row.known.confidence if row.known else "-"),
        *pick(ROW, "weakest", "entries", "timezone", "file"),
    )
    return LIST.view(rows, lambda: [table(columns, rows), _POLICY], lambda: rows)


ANSWER: Fields = (
    Field("rate", title="Rate"),
    Field("entry", one(ENTRY), "known", maybe=True),
    Field("why_not", of=lambda answer: answer.found.detail if answer.known is None else "", maybe=True),
    Field("corrects", each(COUNT), lambda answer: [entry.line for entry in answer.superseded]),
)
# One row per entry, or per rate that is not known.
_ANSWER_FLAT: Fields = (
    Field("zone", of="zone.name"),
    Field("rate"),
    *under("known", pick(ENTRY, "effective", "since", "recorded", "verified", "confidence")),
    Field("state", of=lambda answer: answer.known.state if answer.known else "not known"),
    Field("text", of=lambda answer: value_text(answer.known) if answer.known else answer.found.detail),
    *under("known", pick(ENTRY, "sources", "file", "line", "missions")),
)
WHICH = Document(
    "rates-which",
    (
        *under(
            lambda answers: answers[0],
            (
                *under("zone", ZONE),
                Field("region", REGION),
                Field("date", DAY, "day"),
                Field("rates_as_of", DAY, maybe=True),
            ),
        ),
        Field("answers", many(ANSWER), lambda answers: answers),
    ),
    _ANSWER_FLAT,
)


def which_view(answers: Sequence[Which]) -> View:
    """`rates which`: one row per rate that was looked up."""
    complete = all(answer.known for answer in answers)
    return WHICH.view(answers, lambda: _which_page(answers), lambda: answers, complete=complete)


def _which_page(answers: Sequence[Which]) -> list[Part]:
    first = answers[0]
    until = f", as the file said on {first.rates_as_of}" if first.rates_as_of else ""
    title = f"{first.zone.platform} {first.region} on {first.day} ({first.zone.timezone}){until}"
    columns = (
        *pick(ANSWER, "rate"),
        cell("Value", lambda answer: value_text(answer.known) if answer.known else f"not known: {answer.found.detail}"),
        *under("known", pick(ENTRY, "effective", "confidence")),
        cell("Where", _corrects),
        cell("Sources", _titles, drop=1),
    )
    return [table(columns, answers, title), _missions([answer.known for answer in answers if answer.known]), _POLICY]


def _corrects(answer: Which) -> str:
    corrects = "".join(f"; corrects {entry.where}" for entry in answer.superseded)
    return answer.known.where + corrects if answer.known else "-"


def _titles(answer: Which) -> str:
    return "; ".join(answer.zone.sources[slug].title for slug in answer.known.sources) if answer.known else "-"


SHOW = Document(
    "rates-show",
    (
        *ZONE,
        Field("sources", many(SOURCE), lambda zone: zone.sources.items()),
        Field("entries", many(ENTRY), _entries),
    ),
    # Its lines sort as text.
    tuple(field._replace(kind=TEXT) if field.key == "line" else field for field in _ANSWER_FLAT),
)


def show_view(zone: Zone) -> View:
    """`rates show`: the whole history of a zone, with its sources."""
    return SHOW.view(
        zone,
        lambda: _show_page(zone),
        lambda: (Which(zone, "", entry.rate, entry.recorded, None, entry, ()) for entry in _entries(zone)),
    )


def _show_page(zone: Zone) -> list[Part]:
    regions = " ".join(zone.regions)
    title = f"{zone.platform}/{zone.name}{_yours(zone)}: {regions}, days in {zone.timezone}, file {zone.file} {zone.sha256[:8]}"
    columns = (
        *pick(ENTRY, rate="Rate"),
        *pick(ENTRY, "effective", "text", "confidence"),
        cell("Recorded", lambda entry: str(entry.recorded), drop=3),
        cell("Seen to hold", lambda entry: str(entry.verified), drop=2),
        cell("Where", lambda entry: str(entry.where), drop=1),
        cell("Sources", lambda entry: " ".join(entry.sources)),
    )
    sources = [_source_text(*item) for item in zone.sources.items()]
    return [
        table(columns, _entries(zone), title),
        _missions(_entries(zone)),
        (said("Sources", kind="title"), said(*sources, mark="- ")),
        _POLICY,
    ]


def _source_text(slug: str, source: Source) -> str:
    published = f" ({source.published})" if source.published else ""
    return f"{slug}: {source.title}{published}" + (f" {source.url}" if source.url else "")
