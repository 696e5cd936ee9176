"""Reports on rate files in all their forms."""

from __future__ import annotations

from collections.abc import Sequence

from diamondctl.confidence import weakest
from diamondctl.ratebook.entries import RateEntry, Source, Zone
from diamondctl.render import entries
from diamondctl.render import shape as f
from diamondctl.render.entries import missions_text, value_text
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.contradictions import contradictions_in
from diamondctl.reports.rates import Which, ZoneRow
from diamondctl.words import counted

POLICY = "TikTok publishes no rate. Confidence: official > measured > reported > assumed; see rates/README.md."
ELSEWHERE = "Confidence: official > measured > reported > assumed; see rates/README.md. Not a promise of payment."


def _policy(platform: str) -> Part:
    return said(POLICY if platform == "tiktok" else ELSEWHERE, kind="closing")


ZONE: f.Fields = (
    f.Field("platform"),
    f.Field("zone", of="name"),
    f.Field("regions", f.each(f.REGION)),
    f.Field("timezone", title="Time zone", drop=1),
    f.Field("file", title="File", drop=3, show=lambda zone: zone.file + _yours(zone)),
    f.Field("sha256", f.SHA256),
    f.Field("origin", f.ORIGIN),
)
ENTRY: f.Fields = (
    *entries.FIELDS[:-1],
    f.Field("state", f.word("known", "none", "unknown"), after="text"),
    entries.FIELDS[-1],
    f.Field("missions", of=missions_text, maybe=True),
)
SOURCE: f.Fields = (
    f.Field("name", of=lambda item: item[0]),
    *f.under(
        lambda item: item[1],
        (
            f.Field("title"),
            f.Field("published", f.DAY, maybe=True),
            f.Field("retrieved", f.DAY),
            f.Field("url", maybe=True),
            f.Field("document", maybe=True),
            f.Field("says", maybe=True),
            f.Field("checked", f.DAY, maybe=True),
            f.Field("contradicts", f.WORDS),
            f.Field("gives", maybe=True),
        ),
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


ROW: f.Fields = (
    *f.under("zone", ZONE),
    f.Field("entries", f.COUNT, title="Entries"),
    f.Field("weakest", f.CONFIDENCE, "confidence", "Weakest entry", drop=2),
    f.Field("reward", f.one(ENTRY), "known", maybe=True),
)
LIST = f.Document(
    "rates-list",
    (f.Field("zones", f.many(ROW), lambda rows: rows),),
    (
        *f.pick(ROW, "zone", "platform", "regions", "timezone", "file", "sha256", "origin", "entries", "weakest"),
        *f.under("known", (f.Field("reward", of=value_text), f.Field("confidence"))),
    ),
    answer=lambda rows: (
        f"{counted(len(rows), 'rate file')} for {counted(sum(len(row.zone.regions) for row in rows), 'region')}; "
        f"the reward of {sum(row.known is not None for row in rows):,} is known today."
    ),
)


def list_view(rows: Sequence[ZoneRow]) -> View:
    """`rates list`: one row per zone."""
    columns = (
        f.cell("Zone", lambda row: f"{row.zone.platform}/{row.zone.name}"),
        f.cell("Regions", lambda row: " ".join(row.zone.regions)),
        f.cell("Reward now", lambda row: value_text(row.known) if row.known else row.reward.detail),
        f.cell("Confidence", lambda row: row.known.confidence if row.known else "-"),
        *f.pick(ROW, "weakest", "entries", "timezone", "file"),
    )
    platform = next((row.zone.platform for row in rows), "tiktok")
    return LIST.view(rows, lambda: [f.table(columns, rows), _policy(platform)], lambda: rows)


ANSWER: f.Fields = (
    f.Field("rate", title="Rate"),
    f.Field("entry", f.one(ENTRY), "known", maybe=True),
    f.Field("why_not", of=lambda answer: answer.found.detail if answer.known is None else "", maybe=True),
    f.Field("corrects", f.each(f.COUNT), lambda answer: [entry.line for entry in answer.superseded]),
)
# One row per entry, or per rate that is not known.
_ANSWER_FLAT: f.Fields = (
    f.Field("zone", of="zone.name"),
    f.Field("rate"),
    *f.under("known", f.pick(ENTRY, "effective", "since", "recorded", "verified", "confidence")),
    f.Field("state", of=lambda answer: answer.known.state if answer.known else "not known"),
    f.Field("text", of=lambda answer: value_text(answer.known) if answer.known else answer.found.detail),
    *f.under("known", f.pick(ENTRY, "sources", "file", "line", "missions")),
)


def _which_answer(answers: Sequence[Which]) -> str:
    """The report in one sentence."""
    first = answers[0]
    until = f", as the file said on {first.rates_as_of}" if first.rates_as_of else ""
    known = sum(answer.known is not None for answer in answers)
    what = f"{known:,} of {counted(len(answers), 'rate')} known"
    if len(answers) == 1:
        what = f"{first.rate} is {value_text(first.known)}" if first.known else f"{first.rate} is not known"
    return f"{first.zone.platform} {first.region} on {first.day} ({first.zone.timezone}){until}: {what}."


WHICH = f.Document(
    "rates-which",
    (
        *f.under(
            lambda answers: answers[0],
            (
                *f.under("zone", ZONE),
                f.Field("region", f.REGION),
                f.Field("date", f.DAY, "day"),
                f.Field("rates_as_of", f.DAY, maybe=True),
            ),
        ),
        f.Field("answers", f.many(ANSWER), lambda answers: answers),
    ),
    _ANSWER_FLAT,
    answer=_which_answer,
)


def which_view(answers: Sequence[Which]) -> View:
    """`rates which`: one row per rate that was looked up."""
    complete = all(answer.known for answer in answers)
    return WHICH.view(
        answers, lambda: _which_page(answers), lambda: answers, complete=complete, evidence=lambda: _which_evidence(answers)
    )


def _which_page(answers: Sequence[Which]) -> list[Part]:
    columns = (
        *f.pick(ANSWER, "rate"),
        f.cell("Value", lambda answer: value_text(answer.known) if answer.known else f"not known: {answer.found.detail}"),
        *f.under("known", f.pick(ENTRY, "confidence")),
    )
    return [f.table(columns, answers)]


def _which_evidence(answers: Sequence[Which]) -> list[Part]:
    columns = (
        *f.pick(ANSWER, "rate"),
        *f.under("known", f.pick(ENTRY, "effective")),
        f.cell("Where", _corrects),
        f.cell("Sources", _titles),
    )
    return [
        f.table(columns, answers),
        _missions([answer.known for answer in answers if answer.known]),
        _policy(answers[0].zone.platform),
    ]


def _corrects(answer: Which) -> str:
    corrects = "".join(f"; corrects {entry.where}" for entry in answer.superseded)
    return answer.known.where + corrects if answer.known else "-"


def _titles(answer: Which) -> str:
    return "; ".join(answer.zone.sources[slug].title for slug in answer.known.sources) if answer.known else "-"


def _show_answer(zone: Zone) -> str:
    """The report in one sentence."""
    found, regions = _entries(zone), " ".join(zone.regions)
    sure = weakest(entry.confidence for entry in found)
    what = f"{counted(len(found), 'entry')} of {counted(len(zone.rates), 'rate')}, the weakest {sure}"
    return f"{zone.platform}/{zone.name}{_yours(zone)}, {regions}: {what}."


SHOW = f.Document(
    "rates-show",
    (
        *ZONE,
        f.Field("sources", f.many(SOURCE), lambda zone: zone.sources.items()),
        f.Field("entries", f.many(ENTRY), _entries),
    ),
    # Its lines sort as text.
    tuple(field._replace(kind=f.TEXT) if field.key == "line" else field for field in _ANSWER_FLAT),
    answer=_show_answer,
)


def show_view(zone: Zone, now: Sequence[Which]) -> View:
    """`rates show`: what a zone says `now`; the whole history, with its sources, is the evidence."""
    return SHOW.view(
        zone,
        lambda: [f.table(_NOW, now), said("The whole history, its places in the file and its sources: -v")],
        lambda: (Which(zone, "", entry.rate, entry.recorded, None, entry, ()) for entry in _entries(zone)),
        evidence=lambda: _show_page(zone),
    )


_NOW: f.Fields = (
    *f.pick(ANSWER, rate="Rate now"),
    f.cell("Value", lambda answer: value_text(answer.known) if answer.known else f"not known: {answer.found.detail}"),
    *f.under("known", f.pick(ENTRY, "confidence")),
    f.cell("Seen to hold", lambda answer: str(answer.known.verified) if answer.known else "-", drop=1),
)


def _show_page(zone: Zone) -> list[Part]:
    columns = (
        *f.pick(ENTRY, rate="Rate"),
        *f.pick(ENTRY, "effective", "text", "confidence"),
        f.cell("Recorded", lambda entry: str(entry.recorded), drop=3),
        f.cell("Seen to hold", lambda entry: str(entry.verified), drop=2),
        f.cell("Where", lambda entry: str(entry.where), drop=1),
        f.cell("Sources", lambda entry: " ".join(entry.sources)),
    )
    sources = [_source_text(*item) for item in zone.sources.items()]
    days = f"{zone.platform}/{zone.name}: days in {zone.timezone}, file {zone.file} {zone.sha256[:8]}"
    return [
        said(days, kind="title"),
        f.table(columns, _entries(zone)),
        _missions(_entries(zone)),
        (said("Sources", kind="title"), said(*sources, mark="- ")),
        entries.contradictions_part(contradictions_in(zone)),
        _policy(zone.platform),
    ]


def _source_text(slug: str, source: Source) -> str:
    published = f" ({source.published})" if source.published else ""
    where = source.url or (f"no address: {source.document}" if source.document else "no address")
    says = f" {source.says}" if source.says else ""
    checked = f" Looked at on {source.checked}." if source.checked else ""
    return f"{slug}: {source.title}{published}.{says}{checked} {where}"
