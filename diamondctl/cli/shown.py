"""What a ledger holds, as the values that screens are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from diamondctl.ledger import frames, rejects
from diamondctl.ledger.catalog import Ledger, document_name
from diamondctl.ledger.documents import RejectedRow, StoredDocument
from diamondctl.problems import CUT_OFF, Problem, Refusal
from diamondctl.records import Gift, Total
from diamondctl.reports import documents as report

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def row_of(item: StoredDocument) -> report.DocumentRow:
    """A document as a list shows it."""
    return report.DocumentRow(
        document_name(item.number),
        item.name,
        item.kind,
        item.sha256,
        item.imported,
        *item.reading._replace(profile=item.reading.profile_name),
        document_name(item.part_of) if item.part_of else "",
        item.creators,
        _moment(item.first_time)[:10] if item.rows else "",
        _moment(item.last_time)[:10] if item.rows else "",
        item.rows,
        item.coins,
        item.new,
        item.known,
        item.aside,
        item.elsewhere,
        item.rejects,
        item.open_rejects,
        (*item.notices, *frames.words(item.uncertain.values())),
        item.sort,
        item.folded,
    )


def _moment(instant: int) -> str:
    moment = _EPOCH + timedelta(microseconds=instant)
    return moment.strftime("%Y-%m-%d %H:%M:%S") + (f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else "")


def gift_of(row: Gift, names: Mapping[str, str]) -> report.StoredGift:
    """A stored row as it is shown: gifters by name where it is known, else by alias."""

    def person(alias: str) -> str:
        return names.get(alias) or report.alias_shown(alias)

    texts = {
        "time": _moment(row.time),
        "gifter": person(row.gifter),
        "receiver": row.receiver if row.receiver in ("", row.creator) else person(row.receiver),
    }
    return report.StoredGift(**row._asdict() | texts)


def total_of(total: Total) -> report.StoredTotal:
    """A stored total as it is shown."""

    def known(number: int) -> int | None:
        return None if number < 0 else number

    return report.StoredTotal(
        total.line, total.creator, total.source, total.span, str(total.first_day), str(total.last_day), total.stream,
        known(total.diamonds), total.approximate, total.raw, known(total.seconds), known(total.streams),
        known(total.new_followers),
    )  # fmt: skip


def open_rows(book: Ledger, number: int, found: list[RejectedRow]) -> str:
    """The stored rows of a document that are still open, as CSV."""
    places = {row.place for row in found if row.state == "open" and row.code != CUT_OFF}
    if not places and any(row.state == "open" for row in found):
        hint = "import the whole file instead, or settle it: diamondctl documents rejected DOCUMENT --dismiss REASON"
        raise Refusal(Problem("L013", f"what is cut off of {document_name(number)} cannot be repaired", hint))
    if not places:
        hint = "see: diamondctl documents rejected"
        raise Refusal(Problem("L013", f"no open rejected row of {document_name(number)}", hint))
    return rejects.chosen(rejects.get(book, number), places)


def rejected_of(row: RejectedRow) -> report.RejectedRow:
    """A row that was left out, as a list shows it."""
    return report.RejectedRow(
        document_name(row.document),
        row.name,
        row.place,
        row.code,
        row.problem,
        row.hint,
        row.state,
        row.reason,
        document_name(row.repaired) if row.repaired else "",
    )
