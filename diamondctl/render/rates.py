"""Reports on rate files as screens and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diamondctl.ratebook.entries import NotKnown, RateEntry, Zone
from diamondctl.render.entries import missions_text, value_text
from diamondctl.render.tables import Column, Laid, Line, Table, join, lay_out, notes
from diamondctl.render.view import Clean, Records, View, records
from diamondctl.reports.rates import Which, ZoneRow

POLICY = "TikTok publishes no rate. Confidence: official > measured > reported > assumed; see rates/README.md."


def list_view(rows: Sequence[ZoneRow]) -> View:
    """`rates list`."""
    return View(
        lambda width, rule, clean: list_screen(rows, width, rule, clean),
        lambda: list_document(rows),
        lambda: _list_records(rows),
    )


def show_view(zone: Zone) -> View:
    """`rates show`."""
    entries = [entry for history in zone.rates.values() for entry in history]
    return View(
        lambda width, rule, clean: show_screen(zone, width, rule, clean),
        lambda: show_document(zone),
        lambda: records([_entry_record(zone, entry) for entry in entries], ENTRY_COLUMNS),
    )


def which_view(answers: Sequence[Which]) -> View:
    """`rates which`."""
    return View(
        lambda width, rule, clean: which_screen(answers, width, rule, clean),
        lambda: which_document(answers),
        lambda: _which_records(answers),
    )


_ZONE_COLUMNS = ("zone", "platform", "regions", "timezone", "file", "sha256", "origin")
ENTRY_COLUMNS = (
    "zone", "rate", "effective", "since", "recorded", "verified", "confidence", "state", "text", "sources", "file", "line",
    "missions",
)  # fmt: skip
LIST_COLUMNS = (*_ZONE_COLUMNS, "entries", "weakest", "reward", "confidence")


def _entry_record(zone: Zone, entry: RateEntry) -> dict[str, object]:
    return {**entry_json(entry), "zone": zone.name, "sources": " ".join(entry.sources)}


def _list_records(rows: Sequence[ZoneRow]) -> Records:
    cells = [
        {
            **zone_json(row.zone),
            "regions": " ".join(row.zone.regions),
            "entries": row.entries,
            "weakest": row.confidence,
            "reward": value_text(row.reward) if isinstance(row.reward, RateEntry) else None,
            "confidence": row.reward.confidence if isinstance(row.reward, RateEntry) else None,
        }
        for row in rows
    ]
    return records(cells, LIST_COLUMNS, ("entries",))


def _which_records(answers: Sequence[Which]) -> Records:
    rows = [
        _entry_record(answer.zone, answer.found)
        if isinstance(answer.found, RateEntry)
        else {"zone": answer.zone.name, "rate": answer.rate, "state": "not known", "text": answer.found.detail}
        for answer in answers
    ]
    return records(rows, ENTRY_COLUMNS, ("line",))


def _wide(header: str, drop: int = 0) -> Column:
    return Column(header, figure=False, drop=drop)


def list_screen(rows: Sequence[ZoneRow], width: int | None, rule: str, clean: Clean) -> Laid:
    """One row per zone."""
    columns = (
        _wide("Zone"),
        _wide("Regions"),
        _wide("Reward now"),
        _wide("Confidence"),
        _wide("Weakest entry", 2),
        Column("Entries", right=True),
        _wide("Time zone", 1),
        _wide("File", 3),
    )
    cells = []
    for row in rows:
        reward = row.reward
        now, confidence = (reward.detail, "-") if isinstance(reward, NotKnown) else (value_text(reward), reward.confidence)
        zone = row.zone
        cells.append(
            (
                clean(f"{zone.platform}/{zone.name}"),
                " ".join(zone.regions),
                clean(now),
                confidence,
                row.confidence,
                str(row.entries),
                zone.timezone,
                clean(zone.file) + (" (yours)" if zone.origin == "user" else ""),
            )
        )
    return join([lay_out(Table(columns, tuple(cells)), width, rule), notes([POLICY], width, kind="closing")])


def list_document(rows: Sequence[ZoneRow]) -> dict[str, Any]:
    """`diamondctl.rates-list/1`."""
    return {
        "schema": "diamondctl.rates-list/1",
        "complete": True,
        "data": {
            "zones": [
                {
                    **zone_json(row.zone),
                    "entries": row.entries,
                    "weakest": row.confidence,
                    "reward": entry_json(row.reward) if isinstance(row.reward, RateEntry) else None,
                }
                for row in rows
            ]
        },
        "warnings": [],
    }


def show_screen(zone: Zone, width: int | None, rule: str, clean: Clean) -> Laid:
    """The whole history of a zone, with its sources."""
    yours = " (yours)" if zone.origin == "user" else ""
    title = f"{zone.platform}/{zone.name}{yours}: {' '.join(zone.regions)}, days in {zone.timezone}, file {zone.file} "
    columns = (
        _wide("Rate"),
        _wide("From"),
        _wide("Value"),
        _wide("Confidence"),
        _wide("Recorded", 3),
        _wide("Seen to hold", 2),
        _wide("Where", 1),
        _wide("Sources"),
    )
    rows = []
    for history in zone.rates.values():
        for entry in history:
            first = "first seen " if entry.since == "first_seen" else ""
            rows.append(
                (
                    entry.rate,
                    first + entry.effective_text,
                    clean(value_text(entry)),
                    entry.confidence,
                    str(entry.recorded),
                    str(entry.verified),
                    clean(entry.where),
                    " ".join(entry.sources),
                )
            )
    sources = [
        clean(f"{slug}: {source.title}" + (f" ({source.published})" if source.published else ""))
        + (f" {clean(source.url)}" if source.url else "")
        for slug, source in zone.sources.items()
    ]
    table = Table(columns, tuple(rows), clean(title + zone.sha256[:8]))
    return join(
        [
            lay_out(table, width, rule),
            _missions([entry for history in zone.rates.values() for entry in history], width, clean),
            Laid((Line("title", "Sources"), *notes(sources, width, mark="- ").parts)),
            notes([POLICY], width, kind="closing"),
        ]
    )


def _missions(entries: Sequence[RateEntry], width: int | None, clean: Clean) -> Laid:
    """The bands of shares that are built from missions, which no cell has room for."""
    texts = [clean(f"{entry.where}: {text}") for entry in entries if (text := missions_text(entry))]
    return Laid((Line("title", "Missions"), *notes(texts, width, mark="- ").parts)) if texts else Laid(())


def show_document(zone: Zone) -> dict[str, Any]:
    """`diamondctl.rates-show/1`."""
    return {
        "schema": "diamondctl.rates-show/1",
        "complete": True,
        "data": {
            **zone_json(zone),
            "sources": [
                {
                    "name": slug,
                    "title": source.title,
                    "published": str(source.published) if source.published else None,
                    "retrieved": str(source.retrieved),
                    "url": source.url or None,
                }
                for slug, source in zone.sources.items()
            ],
            "entries": [entry_json(entry) for history in zone.rates.values() for entry in history],
        },
        "warnings": [],
    }


def which_screen(answers: Sequence[Which], width: int | None, rule: str, clean: Clean) -> Laid:
    """One row per rate that was looked up."""
    first = answers[0]
    said = f", as the file said on {first.rates_as_of}" if first.rates_as_of else ""
    title = f"{first.zone.platform} {first.region} on {first.day} ({first.zone.timezone}){said}"
    columns = (_wide("Rate"), _wide("Value"), _wide("From"), _wide("Confidence"), _wide("Where"), _wide("Sources", 1))
    rows = []
    for answer in answers:
        found = answer.found
        if isinstance(found, NotKnown):
            rows.append((answer.rate, clean(f"not known: {found.detail}"), "-", "-", "-", "-"))
            continue
        begins = "first seen " if found.since == "first_seen" else ""
        titles = "; ".join(answer.zone.sources[slug].title for slug in found.sources)
        corrects = "".join(f"; corrects {entry.where}" for entry in answer.superseded)
        rows.append(
            (
                answer.rate,
                clean(value_text(found)),
                begins + found.effective_text,
                found.confidence,
                clean(found.where + corrects),
                clean(titles),
            )
        )
    return join(
        [
            lay_out(Table(columns, tuple(rows), title), width, rule),
            _missions([answer.found for answer in answers if isinstance(answer.found, RateEntry)], width, clean),
            notes([POLICY], width, kind="closing"),
        ]
    )


def which_document(answers: Sequence[Which]) -> dict[str, Any]:
    """`diamondctl.rates-which/1`."""
    first = answers[0]
    return {
        "schema": "diamondctl.rates-which/1",
        "complete": all(isinstance(answer.found, RateEntry) for answer in answers),
        "data": {
            **zone_json(first.zone),
            "region": first.region,
            "date": str(first.day),
            "rates_as_of": str(first.rates_as_of) if first.rates_as_of else None,
            "answers": [
                {
                    "rate": answer.rate,
                    "entry": entry_json(answer.found) if isinstance(answer.found, RateEntry) else None,
                    "why_not": answer.found.detail if isinstance(answer.found, NotKnown) else None,
                    "corrects": [entry.line for entry in answer.superseded],
                }
                for answer in answers
            ],
        },
        "warnings": [],
    }


def zone_json(zone: Zone) -> dict[str, Any]:
    """A zone without its entries."""
    return {
        "platform": zone.platform,
        "zone": zone.name,
        "regions": list(zone.regions),
        "timezone": zone.timezone,
        "file": zone.file,
        "sha256": zone.sha256,
        "origin": zone.origin,
    }


def entry_json(entry: RateEntry) -> dict[str, Any]:
    """An entry, its value in words."""
    return {
        "rate": entry.rate,
        "effective": entry.effective_text,
        "since": entry.since,
        "recorded": str(entry.recorded),
        "verified": str(entry.verified),
        "confidence": entry.confidence,
        "sources": list(entry.sources),
        "file": entry.file,
        "line": entry.line,
        "state": entry.state,
        "text": value_text(entry),
        "missions": missions_text(entry) or None,
    }
