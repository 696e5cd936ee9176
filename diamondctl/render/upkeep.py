"""Findings about a ledger in all their forms."""

from __future__ import annotations

from diamondctl.records import Finding
from diamondctl.render.documents import head
from diamondctl.render.tables import Column, Laid, Table, join, lay_out, notes
from diamondctl.render.view import Clean, Records, View, records
from diamondctl.reports.upkeep import Upkeep


def view(report: Upkeep) -> View:
    """The report in all its forms."""
    return View(
        lambda width, rule, clean: _screen(report, width, rule, clean),
        lambda: {
            **head(report.command, report.sound),
            "data": {**dict(report.facts), "findings": [_finding(item) for item in report.findings]},
            "warnings": list(report.warnings),
        },
        lambda: _records(report),
    )


def _finding(item: Finding) -> dict[str, str | None]:
    return item._asdict() | {"remedy": item.remedy or None}


def _records(report: Upkeep) -> Records:
    if report.findings:
        return records([item._asdict() for item in report.findings], Finding._fields)
    names = [name for name, _ in report.facts]
    numeric = [name for name, value in report.facts if isinstance(value, int)]
    return records([dict(report.facts)], names, numeric)


def _screen(report: Upkeep, width: int | None, rule: str, clean: Clean) -> Laid:
    parts = [notes([clean(report.title)], width, kind="title")] if report.title else []
    if report.findings:
        columns = (
            Column("Looked at", figure=False),
            Column("Status", figure=False),
            Column("Found", figure=False),
            Column("Do", figure=False),
        )
        rows = tuple(
            tuple(clean(text) for text in (item.what, item.status, item.detail, item.remedy)) for item in report.findings
        )
        parts.append(lay_out(Table(columns, rows), width, rule))
    parts += [
        notes([clean(text) for text in report.texts], width),
        notes([clean(text) for text in report.warnings], width, kind="warning", mark="! "),
    ]
    return join(parts)
