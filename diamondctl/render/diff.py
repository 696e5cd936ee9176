"""What changed between two sets of rate files, in all forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from diamondctl.problems import Problem
from diamondctl.ratebook.accepted import DECIDED
from diamondctl.ratebook.compare import KINDS, Change, Comparison, is_catalogue, is_facts
from diamondctl.ratebook.entries import FACT, GIFT_PRICE, RATES, RateEntry
from diamondctl.render import codequality, github
from diamondctl.render import shape as f
from diamondctl.render.check import LET_STAND, PROBLEM, let_stand_lines, problem_lines
from diamondctl.render.entries import detail_text, value_text
from diamondctl.render.formats import as_markdown, markdown
from diamondctl.render.page import Part, Texts, said
from diamondctl.render.rates import ENTRY
from diamondctl.render.view import View
from diamondctl.words import counted


def _entry(change: Change) -> RateEntry | None:
    """The one that stands for a change: what is there now, else what was."""
    return change.after or change.before


def view(found: Comparison, placed: Sequence[Problem]) -> View:
    """The report in all its forms; flat, one row per change. `placed` are its problems where a repository has their files."""
    texts = {
        "github": lambda: github.commands(placed, counts(found)),
        "codequality": lambda: codequality.report(placed),
        "changelog": lambda: changelog(found),
    }
    return DOCUMENT.view(found, lambda: _page(found), lambda: found.changes, texts=texts)


def _page(found: Comparison) -> list[Part]:
    """A table per zone that changed, what is against the rules, and the count."""
    zones: dict[str, list[Change]] = {}
    for change in found.changes:
        zones.setdefault(f"{change.zone.platform}/{change.zone.name}", []).append(change)
    return [
        said(f"{found.base} -> {found.head}; past is up to {found.on}"),
        *(f.table(_COLUMNS, changes, name) for name, changes in zones.items()),
        tuple(problem_lines(found.problems)),
        tuple(Texts((f"base: {problem}",), "note", wrapped=False) for problem in found.notices),
        tuple(let_stand_lines(found.let_stand)),
    ]


def counts(found: Comparison) -> str:
    """`2 changes in 1 of 8 zones: 1 added, 1 verified; 1 past, 0 future. History was kept.`"""
    errors = [problem for problem in found.problems if problem.code not in DECIDED]
    kept = f"History was not kept: {counted(len(errors), 'error')}." if errors else "History was kept."
    undecided = len(found.problems) - len(errors)
    kept += f" To be decided: {counted(undecided, 'change')}." if undecided else ""
    zones = f"{counted(found.zones, 'zone')}"
    if not found.changes:
        return f"No change in {zones}. {kept}"
    places = {(change.zone.platform, change.zone.name): is_catalogue(change.zone) for change in found.changes}
    lists = int(any(is_facts(change.zone) for change in found.changes))
    catalogues = sum(places.values()) - lists
    changed = len(places) - catalogues - lists
    kinds = ", ".join(_kind(kind, number) for kind in KINDS if (number := found.number(kind=kind)))
    times = f"{found.number(when='past'):,} past, {found.number(when='future'):,} future"
    parts = [f"{changed:,} of {zones}"] if changed or not (catalogues or lists) else []
    parts += [counted(catalogues, "gift catalogue")] if catalogues else []
    inside = " and ".join([*parts, *(["the facts about platforms"] if lists else [])])
    return f"{counted(len(found.changes), 'change')} in {inside}: {kinds}; {times}. {kept}"


def _kind(kind: str, number: int) -> str:
    if kind in ("regions", "timezone"):
        return f"{number:,} of {kind}"
    return counted(number, kind) if kind in ("source", "example") else f"{number:,} {kind}"


def before_text(change: Change) -> str:
    """What was there: of an added entry what was in force on its first day, of an edited one only what differs."""
    return _side(change, change.before, change.said[0])


def after_text(change: Change) -> str:
    """What is there now."""
    return _side(change, change.after, change.said[1])


def _side(change: Change, entry: RateEntry | None, said: str) -> str:
    if entry is None:
        return said
    if change.kind in ("added", "corrected", "removed"):
        return f"{_value_text(change, entry)} ({entry.confidence})"
    texts = {
        "effective": f"effective {entry.effective_text}",
        "since": f"since {entry.since}",
        "value": _value_text(change, entry),
        "confidence": entry.confidence,
        "sources": f"sources {' '.join(entry.sources)}",
        "verified": f"verified {entry.verified}",
    }
    return "; ".join(texts[field] for field in change.fields)


def _value_text(change: Change, entry: RateEntry) -> str:
    """In words; key by key where other values have the same words on both sides."""
    before, after = change.before, change.after
    if before and after and before.value != after.value and value_text(before) == value_text(after):
        return detail_text(entry)
    return value_text(entry)


_RATE: Final = f.word(*RATES, GIFT_PRICE, FACT)
_ENTRY: f.Fields = tuple(field._replace(kind=_RATE) if field.key == "rate" else field for field in ENTRY)
CHANGE: f.Fields = (
    f.Field("change", f.word(*KINDS), "kind", "Change"),
    f.Field("when", f.word("past", "future"), title="When", maybe=True),
    f.Field("platform", of="zone.platform"),
    f.Field("zone", of="zone.name"),
    f.Field("rate", _RATE, title="Rate", maybe=True),
    f.Field("fields", f.WORDS),
    f.Field("before", f.one(_ENTRY), maybe=True),
    f.Field("after", f.one(_ENTRY), maybe=True),
    f.Field("before_text", of=before_text, title="Before", maybe=True),
    f.Field("after_text", of=after_text, title="After", maybe=True),
)
_COLUMNS: f.Fields = (
    *f.pick(CHANGE, "change", "when", "rate"),
    *f.under(_entry, f.pick(ENTRY, "effective")),
    *f.pick(CHANGE, "before_text", "after_text"),
    f.cell("Where", lambda change: entry.where if (entry := _entry(change)) else change.zone.file, drop=1),
)
DOCUMENT = f.Document(
    "rates-diff",
    (
        f.Field("base"),
        f.Field("head"),
        f.Field("zones", f.COUNT),
        f.Field("history_kept", f.FLAG),
        f.Field("changes", f.many(CHANGE)),
        f.Field("problems", f.many(PROBLEM)),
        f.Field("notices", f.many(PROBLEM)),
        f.Field("accepted", f.many(LET_STAND), "let_stand"),
    ),
    (
        *f.pick(CHANGE, "platform", "zone", "change", "when", "rate"),
        *f.under(_entry, f.pick(ENTRY, "effective", "recorded")),
        f.Field("before", of=before_text),
        f.Field("after", of=after_text),
        f.Field("file", of=lambda change: entry.file if (entry := _entry(change)) else change.zone.file),
        *f.under(_entry, f.pick(ENTRY, "line")),
    ),
    (f.Field("as_of", f.DAY, "on"),),
    answer=counts,
)


def job_summary(found: Comparison) -> str:
    """The difference as Markdown, for the summary of a GitHub job or a comment on a pull request."""
    changes = as_markdown(f.records_of(DOCUMENT.flat, found.changes)) + "\n" if found.changes else ""
    problems: list[Problem] = list(found.problems)
    return f"### diamondctl rates diff\n\n{changes}" + github.table(problems) + counts(found) + "\n"


def changelog(found: Comparison) -> str:
    """What users of the files should know, as Markdown: first what may change figures that were reported already."""
    titles = {"past": "Past changed: figures that were reported may come out differently", "future": "Future changed"}
    parts = []
    for when, title in titles.items():
        lines = [_told(change) for change in found.changes if change.when == when]
        if lines:
            parts.append(f"### {title}\n\n" + "".join(f"- {line}\n" for line in lines))
    return "\n".join(parts) or "No rate changed.\n"


def _told(change: Change) -> str:
    entry, place = _entry(change), f"{change.zone.platform}/{change.zone.name}"
    before, after = (markdown(text) for text in (before_text(change), after_text(change)))
    name = f"{entry.rate.replace('_', ' ')} from {entry.effective_text}" if entry else change.kind
    said = f"{before or 'nothing'} -> {after}" if after else f"{before} was taken out"
    sources = [change.zone.sources[slug].title for slug in entry.sources if slug in change.zone.sources] if entry else []
    rest = f" ({'; '.join(map(markdown, sources))})" if sources and change.after else ""
    return f"{markdown(place)}, {markdown(name)}, {change.kind}: {said}{rest}"
