"""What a ledger holds, as it is shown: people by name or alias, open rows as a file to correct."""

from __future__ import annotations

from collections.abc import Mapping

from diamondctl.ledger import rejects
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.documents import RejectedRow
from diamondctl.problems import CUT_OFF, Problem, Refusal
from diamondctl.records import Gift
from diamondctl.reports.documents import alias_shown
from diamondctl.words import document_name


def named(row: Gift, names: Mapping[str, str]) -> Gift:
    """A stored row with people by name where it is known, else by alias. A creator who receives is no gifter."""

    def person(alias: str) -> str:
        return names.get(alias) or alias_shown(alias)

    receiver = row.receiver if row.receiver in ("", row.creator) else person(row.receiver)
    return row._replace(gifter=person(row.gifter), receiver=receiver)


def open_rows(book: Ledger, number: int, found: list[RejectedRow]) -> str:
    """The stored rows of a document that are still open, as CSV."""
    places = {row.place for row in found if row.state == "open" and row.code != CUT_OFF}
    if not places and any(row.state == "open" for row in found):
        hint = "import the whole file instead, or settle it: diamondctl records rejected DOCUMENT --dismiss REASON"
        raise Refusal(Problem("L013", f"what is cut off of {document_name(number)} cannot be repaired", hint))
    if not places:
        hint = "see: diamondctl records rejected"
        raise Refusal(Problem("L013", f"no open rejected row of {document_name(number)}", hint))
    return rejects.chosen(rejects.get(book, number), places)
