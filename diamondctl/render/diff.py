"""What changed between two sets of rate files, in all forms."""

from __future__ import annotations

from typing import Any, Final

from diamondctl.problems import Problem
from diamondctl.ratebook.compare import KINDS, Change, Comparison
from diamondctl.ratebook.entries import RateEntry
from diamondctl.render import github
from diamondctl.render.check import line_of, problem_json
from diamondctl.render.entries import detail_text, value_text
from diamondctl.render.formats import as_markdown
from diamondctl.render.rates import entry_json
from diamondctl.render.tables import Column, Laid, Line, Table, join, lay_out, notes
from diamondctl.render.view import Clean, Records, View, records
from diamondctl.words import counted

FORMATS: Final = {"github": ""}


def view(found: Comparison) -> View:
    """The report in all its forms."""
    return View(
        lambda width, rule, clean: screen(found, width, rule, clean),
        lambda: document(found),
        lambda: flat(found),
        {"github": lambda: github.commands(found.problems, counts(found))},
    )


def screen(found: Comparison, width: int | None, rule: str, clean: Clean) -> Laid:
    """A table per zone that changed, what is against the rules, and the count."""
    head = f"{found.base} -> {found.head}; past is up to {found.on}"
    parts = [notes([clean(head)], width, kind="title")]
    columns = (
        Column("Change", figure=False),
        Column("When", figure=False),
        Column("Rate", figure=False),
        Column("From", figure=False),
        Column("Before", figure=False),
        Column("After", figure=False),
        Column("Where", figure=False, drop=1),
    )
    zones: dict[tuple[str, str], list[Change]] = {}
    for change in found.changes:
        zones.setdefault((change.zone.platform, change.zone.name), []).append(change)
    for (platform, name), changes in zones.items():
        rows = [
            (
                change.kind,
                change.when or "-",
                change.rate or "-",
                clean(_from(change) or "-"),
                clean(before_text(change) or "-"),
                clean(after_text(change) or "-"),
                clean(_where(change)),
            )
            for change in changes
        ]
        parts.append(lay_out(Table(columns, tuple(rows), clean(f"{platform}/{name}")), width, rule))
    parts.append(Laid(tuple(Line("error", clean(line_of(problem))) for problem in found.problems)))
    parts.append(notes([counts(found)], width, kind="row"))
    return join(parts)


def counts(found: Comparison) -> str:
    """`2 changes in 1 of 8 zones: 1 added, 1 verified; 1 past, 0 future. History was kept.`"""
    kept = f"History was not kept: {counted(len(found.problems), 'error')}." if found.problems else "History was kept."
    zones = f"{counted(found.zones, 'zone')}"
    if not found.changes:
        return f"No change in {zones}. {kept}"
    changed = len({(change.zone.platform, change.zone.name) for change in found.changes})
    kinds = ", ".join(_kind(kind, number) for kind in KINDS if (number := found.number(kind=kind)))
    times = f"{found.number(when='past'):,} past, {found.number(when='future'):,} future"
    return f"{counted(len(found.changes), 'change')} in {changed:,} of {zones}: {kinds}; {times}. {kept}"


def _kind(kind: str, number: int) -> str:
    if kind in ("regions", "timezone"):
        return f"{number:,} of {kind}"
    return counted(number, kind) if kind in ("source", "example") else f"{number:,} {kind}"


def _from(change: Change) -> str:
    entry = change.after or change.before
    if entry is None:
        return ""
    return ("first seen " if entry.since == "first_seen" else "") + entry.effective_text


def _where(change: Change) -> str:
    entry = change.after or change.before
    return entry.where if entry else change.zone.file


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


def document(found: Comparison) -> dict[str, Any]:
    """`diamondctl.rates-diff/1`."""
    return {
        "schema": "diamondctl.rates-diff/1",
        "complete": True,
        "as_of": str(found.on),
        "data": {
            "base": found.base,
            "head": found.head,
            "zones": found.zones,
            "history_kept": not found.problems,
            "changes": [_change_json(change) for change in found.changes],
            "problems": [problem_json(problem) for problem in found.problems],
        },
        "warnings": [],
    }


def _change_json(change: Change) -> dict[str, Any]:
    return {
        "change": change.kind,
        "when": change.when or None,
        "platform": change.zone.platform,
        "zone": change.zone.name,
        "rate": change.rate or None,
        "fields": list(change.fields),
        "before": entry_json(change.before) if change.before else None,
        "after": entry_json(change.after) if change.after else None,
        "before_text": before_text(change) or None,
        "after_text": after_text(change) or None,
    }


_COLUMNS: Final = (
    "platform", "zone", "change", "when", "rate", "effective", "recorded", "before", "after", "file", "line",
)  # fmt: skip


def flat(found: Comparison) -> Records:
    """One row per change."""
    rows: list[dict[str, object]] = []
    for change in found.changes:
        entry = change.after or change.before
        rows.append(
            {
                "platform": change.zone.platform,
                "zone": change.zone.name,
                "change": change.kind,
                "when": change.when,
                "rate": change.rate,
                "effective": entry.effective_text if entry else None,
                "recorded": entry.recorded if entry else None,
                "before": before_text(change),
                "after": after_text(change),
                "file": entry.file if entry else change.zone.file,
                "line": entry.line if entry else None,
            }
        )
    return records(rows, _COLUMNS, ("line",))


def job_summary(found: Comparison) -> str:
    """The difference as Markdown, for the summary of a GitHub job or a comment on a pull request."""
    changes = as_markdown(flat(found)) + "\n" if found.changes else ""
    problems: list[Problem] = list(found.problems)
    return f"### diamondctl rates diff\n\n{changes}" + github.table(problems) + counts(found) + "\n"
