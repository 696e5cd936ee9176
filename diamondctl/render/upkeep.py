"""Findings about a ledger in all their forms."""

from __future__ import annotations

from typing import Any, Final

from diamondctl.render import shape as f
from diamondctl.render.moved import MOVED, moved_parts
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.upkeep import Upkeep

FINDING: f.Fields = (
    f.Field("what", title="Looked at", blank=""),
    f.Field("status", f.word("ok", "damaged", "note"), title="Status", blank=""),
    f.Field("detail", title="Found", blank=""),
    f.Field("remedy", title="Do", blank="", maybe=True),
)


def _document(name: str, **facts: f.Kind) -> f.Document:
    """Facts and findings; flat, the facts are one row."""

    def fact(key: str) -> Any:
        return lambda report: dict(report.facts)[key]

    fields = tuple(f.Field(key, kind, fact(key)) for key, kind in facts.items())
    return f.Document(name, (*fields, f.Field("findings", f.many(FINDING))), fields)


DOCTOR: Final = _document("doctor", ledger=f.TEXT)._replace(flat=FINDING)
BACKUP: Final = _document("backup", file=f.TEXT, files=f.COUNT, bytes=f.COUNT, sha256=f.SHA256)
RESTORE: Final = _document("restore", ledger=f.TEXT, files=f.COUNT, bytes=f.COUNT, sha256=f.SHA256)
STATUS: Final = _document("privacy-status", names=f.COUNT, erased=f.COUNT, rejected_rows=f.COUNT, open_to_others=f.COUNT)
TWIN: Final = _document("privacy-twin", ledger=f.TEXT, documents=f.COUNT, rows=f.COUNT)
_ERASE = _document("privacy-erase", alias=f.TEXT, found=f.COUNT, texts=f.COUNT, left=f.COUNT)
ERASE: Final = _ERASE._replace(data=(*_ERASE.data, MOVED))


def view(document: f.Document, report: Upkeep) -> View:
    """The report in all its forms."""
    rows = report.findings if document is DOCTOR else (report,)
    return document.view(report, lambda: _page(report), lambda: rows, complete=report.sound, warnings=report.warnings)


def _page(report: Upkeep) -> list[Part]:
    return [
        said(report.title, kind="title"),
        f.table(FINDING, report.findings) if report.findings else (),
        said(*report.texts),
        *moved_parts(report.moved),
        said(*report.warnings, kind="warning", mark="! "),
    ]
