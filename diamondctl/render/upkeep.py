"""Findings about a ledger in all their forms."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from diamondctl.records import Consent
from diamondctl.render import shape as f
from diamondctl.render.moved import MOVED, moved_parts
from diamondctl.render.page import Part, said
from diamondctl.render.view import View
from diamondctl.reports.documents import alias_shown
from diamondctl.reports.upkeep import Upkeep
from diamondctl.words import counted

FINDING: f.Fields = (
    f.Field("what", title="Looked at", blank=""),
    f.Field("status", f.word("ok", "damaged", "note"), title="Status", blank=""),
    f.Field("detail", title="Found", blank=""),
    f.Field("remedy", title="Do", blank="", maybe=True),
)


def _document(name: str, *more: f.Field, **facts: f.Kind) -> f.Document:
    """Facts and findings; flat, the facts are one row."""

    def fact(key: str) -> Any:
        return lambda report: dict(report.facts)[key]

    fields = tuple(f.Field(key, kind, fact(key)) for key, kind in facts.items())
    data = (*fields, f.Field("findings", f.many(FINDING)), *more)
    return f.Document(name, data, fields, answer=lambda report: report.answer)


DOCTOR: Final = _document("doctor", ledger=f.TEXT)._replace(flat=FINDING)
BACKUP: Final = _document("backup", file=f.TEXT, files=f.COUNT, bytes=f.COUNT, sha256=f.SHA256)
RESTORE: Final = _document("restore", ledger=f.TEXT, files=f.COUNT, bytes=f.COUNT, sha256=f.SHA256)
STATUS: Final = _document(
    "privacy-status", names=f.COUNT, erased=f.COUNT, consented=f.COUNT, rejected_rows=f.COUNT, open_to_others=f.COUNT
)
TWIN: Final = _document("privacy-twin", ledger=f.TEXT, documents=f.COUNT, rows=f.COUNT)
ERASE: Final = _document("privacy-erase", MOVED, alias=f.TEXT, found=f.COUNT, texts=f.COUNT, left=f.COUNT, dry_run=f.FLAG)

CONSENTED: f.Fields = (
    f.Field("alias", of=lambda item: alias_shown(item.alias), title="Gifter"),
    f.Field("since", f.DAY, title="Since"),
    f.Field("name", title="Name", maybe=True),
)
CONSENT: Final = f.Document(
    "privacy-consent",
    (f.Field("done", f.word("given", "withdrawn", "listed")), f.Field("consents", f.many(CONSENTED))),
    CONSENTED,
    answer=lambda report: report.answer,
)


class Consents(NamedTuple):
    """What became of a consent, or all that are kept. Names are blank unless somebody asks for them."""

    done: str  # given | withdrawn | listed
    consents: tuple[Consent, ...]
    names: bool = False

    @property
    def answer(self) -> str:
        """What became of it in one sentence."""
        if self.done == "listed":
            many = f"{counted(len(self.consents), 'gifter')} agreed to be named on what is made to be shown."
            return many if self.consents else "Nobody has agreed to be named: whatever is made to be shown has aliases."
        (item,) = self.consents
        who = alias_shown(item.alias)
        if self.done == "withdrawn":
            return f"Taken back: {who} is an alias again on whatever is made to be shown."
        return f"Kept: {who} agrees to be named from {item.since} on, on what is made to be shown."

    def view(self) -> View:
        """It in all its forms."""
        return CONSENT.view(self, self._page, lambda: self.consents)

    def _page(self) -> list[Part]:
        if self.done == "listed":
            columns = f.pick(CONSENTED, "alias", "since", *(["name"] if self.names else []))
            return [f.table(columns, self.consents)] if self.consents else []
        who = alias_shown(self.consents[0].alias)
        return [said(f"To take it back: diamondctl privacy consent {who} --withdraw" if self.done == "given" else "")]


def view(document: f.Document, report: Upkeep) -> View:
    """The report in all its forms."""
    rows = report.findings if document is DOCTOR else (report,)
    return document.view(report, lambda: _page(report), lambda: rows, complete=report.sound, warnings=report.warnings)


def _page(report: Upkeep) -> list[Part]:
    return [
        f.table(FINDING, report.findings) if report.findings else (),
        said(*report.rest),
        *moved_parts(report.moved),
        said(*report.warnings, kind="warning", mark="! "),
    ]
