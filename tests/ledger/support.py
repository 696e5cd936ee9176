"""Gift files as text, ledgers as plain values, and the forms in which a name can hide in a file."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from diamondctl.desk.importer import bring
from diamondctl.desk.staged import Importing
from diamondctl.ledger import derive, documents, opening
from diamondctl.ledger.staging import Reading
from diamondctl.records import Gift
from diamondctl.reports.documents import Import

HEADER = ("timestamp", "creator", "gift", "coins", "quantity", "event_id", "gifter", "gift_id", "stream", "receiver", "region")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def as_csv(rows: Sequence[Gift], *, bad: Mapping[int, str] | None = None) -> str:
    """Rows as a plain gift file; `bad` has cells of coins that are no number, by row."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    for number, row in enumerate(rows):
        time = (_EPOCH + timedelta(microseconds=row.time)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        coins = (bad or {}).get(number, row.coins)
        writer.writerow((time, row.creator, row.gift, coins, row.quantity, *row[5:11]))
    return out.getvalue()


def forms(name: str) -> set[bytes]:
    """The bytes of a name as files may hold them: composed or not, in several encodings, escaped for JSON and CSV."""
    found = set()
    for text in {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}:
        for written in {text, json.dumps(text)[1:-1], text.replace('"', '""'), text.replace('"', '""""')}:
            found |= {written.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")}
    return found


def imported(ledger: Path, *files: Path, region: str = "", prefer: str = "", keep_good: bool = False) -> Import:
    """Import files in-process."""
    return bring_in(ledger, files, Importing(Reading(region=region), keep_good=keep_good, prefer=prefer))


def bring_in(ledger: Path, files: Iterable[Path | str], options: Importing) -> Import:
    """Import with any options, as if it always were the same moment."""
    return bring(ledger, [str(file) for file in files], options, clock=lambda: "2026-11-29 12:00:00")


def undone(ledger: Path, *numbers: int) -> documents.Undone:
    """Take documents out, as the command does."""
    with opening.open_ledger(ledger) as book:
        with book.writing():
            gone, files = documents.undo(book, numbers)
        documents.remove_files(files)
    return gone


def content(ledger: Path) -> dict[str, Any]:
    """Everything a ledger says, without the numbers and times of its imports."""
    with opening.open_ledger(ledger) as book, book.reading():
        usage, cross = derive.read_usage(book, dict.fromkeys(derive.creators(book)))
        return {
            "usage": usage,
            "cross-checks": cross,
            "preferences": derive.preferences(book),
            "names": book.raw.execute("SELECT name FROM gifters ORDER BY name").fetchall(),
            "documents": sorted((item.sha256, item.rows, item.coins, item.reading) for item in documents.stored(book)),
            "rejected": sorted(row[2:9] for row in documents.rejected_rows(book)),
        }
