"""Findings about a ledger in all their forms."""

from __future__ import annotations

from typing import Any, Final

from diamondctl.render.page import Part, said
from diamondctl.render.shape import COUNT, SHA256, TEXT, Document, Field, Fields, Kind, many, table, word
from diamondctl.render.view import View
from diamondctl.reports.upkeep import Upkeep

FINDING: Fields = (
    Field("what", title="Looked at", blank=""),
    Field("status", word("ok", "damaged", "note"), title="Status", blank=""),
    Field("detail", title="Found", blank=""),
    Field("remedy", title="Do", blank="", maybe=True),
)


def _document(name: str, **facts: Kind) -> Document:
    """Facts and findings; flat, the facts are one row."""

    def fact(key: str) -> Any:
        return lambda report: dict(report.facts)[key]

    fields = tuple(Field(key, kind, fact(key)) for key, kind in facts.items())
    return Document(name, (*fields, Field("findings", many(FINDING))), fields)


DOCTOR: Final = _document("doctor", ledger=TEXT)._replace(flat=FINDING)
BACKUP: Final = _document("backup", file=TEXT, files=COUNT, bytes=COUNT, sha256=SHA256)
RESTORE: Final = _document("restore", ledger=TEXT, files=COUNT, bytes=COUNT, sha256=SHA256)
STATUS: Final = _document("privacy-status", names=COUNT, erased=COUNT, rejected_rows=COUNT, open_to_others=COUNT)
ERASE: Final = _document("privacy-erase", alias=TEXT, found=COUNT, texts=COUNT, left=COUNT)


def view(document: Document, report: Upkeep) -> View:
    """The report in all its forms."""
    rows = report.findings if document is DOCTOR else (report,)
    return document.view(report, lambda: _page(report), lambda: rows, complete=report.sound, warnings=report.warnings)


def _page(report: Upkeep) -> list[Part]:
    return [
        said(report.title, kind="title"),
        table(FINDING, report.findings) if report.findings else (),
        said(*report.texts),
        said(*report.warnings, kind="warning", mark="! "),
    ]
