"""What a ledger holds, one by one: files and records, their rows by name or alias, rows that were left out; taking them out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from diamondctl.desk import recording
from diamondctl.desk.chosen import Chosen
from diamondctl.desk.closing import refuse_closed
from diamondctl.desk.moved import Allowed, reach_of_undo, watch
from diamondctl.desk.platforms import units_in
from diamondctl.desk.settings import platform_and_rates, read_config
from diamondctl.ledger import derive, documents, recorded, rejects, stored_money, stored_totals
from diamondctl.ledger.catalog import Ledger
from diamondctl.ledger.documents import RejectedRow, StoredDocument
from diamondctl.ledger.families import family_words
from diamondctl.problems import CUT_OFF, Problem, Refusal
from diamondctl.ratebook.entries import Units
from diamondctl.records import Gift, Record
from diamondctl.reports.documents import DocumentDetail, RejectedRows, alias_shown
from diamondctl.reports.recorded import All, Detail, Undone
from diamondctl.words import document_name


def everything(book: Ledger, creator: str = "") -> All:
    """Every file and every record, of everybody or of one creator. Refuses (A010) one of whom there is nothing."""
    rows = documents.of_creator(book, creator) if creator else documents.stored(book)
    preferences = sorted(derive.preferences(book).items())
    preferred = tuple((name, family_words(family)) for name, family in preferences if creator in ("", name))
    records = [item for item in recorded.records(book) if creator in ("", item.creator)]
    if creator and not rows and not records and (documents.stored(book) or recorded.records(book)):
        raise Refusal(Problem("A010", f"nothing of creator '{creator}' in the ledger", "check how it is written"))
    return All(rows, preferred, records)


def units(found: Iterable[StoredDocument], config: str) -> Units:
    """What coins are called in a ledger of these documents, by what they are, else by a file of settings."""
    platform, rates = platform_and_rates("", "", read_config(config))
    return units_in((item.kind for item in found), platform, rates)


def is_document(name: str) -> bool:
    """Whether this is how a file is named, and not a record."""
    return re.fullmatch("d?[0-9]+", name) is not None


def record(book: Ledger, name: str) -> Detail:
    """A record by its name. Refuses (L009) what is none."""
    item = next((item for item in recorded.records(book) if name in item.names), None)
    if item is None:
        raise _unknown([name])
    return Detail(item)


def document(book: Ledger, name: str, rows: int, *, names: bool) -> DocumentDetail:
    """A file with so many of its rows, 0 is all; people by name only with `names`."""
    (number,) = documents.numbers_of(book, [name])
    stored = next(item for item in documents.stored(book) if item.number == number)
    gifts = documents.rows_of(book, number, rows)
    people = {row.gifter for row in gifts} | {row.receiver for row in gifts if row.receiver != row.creator}
    known = documents.names_of(book, people) if names else {}
    totals = stored_totals.of_document(book, number)
    money = stored_money.of_document(book, number)
    return DocumentDetail(stored, [_named(row, known) for row in gifts], totals[:rows] if rows else totals, money)


class TakenOut(NamedTuple):
    """What was taken out, whether files were among it, and how to remove them once that is stored for good."""

    undone: Undone
    of_documents: bool
    remove_files: Callable[[], None]


def undo(book: Ledger, chosen: Chosen, names: Sequence[str], allowed: Allowed, *, dry_run: bool) -> TakenOut:
    """Take files and records out, inside `writing`. Refuses (L009) what is neither."""
    mine = [item for item in recorded.typed(book) if {item.id, item.key} & {*names}]
    _refuse_told(recorded.records(book), mine, names)
    taken = {name for item in mine for name in (item.id, item.key)}
    of_documents = [name for name in names if is_document(name) and name not in taken]
    if missing := [name for name in names if name not in of_documents and name not in taken]:
        raise _unknown(missing)
    reach = reach_of_undo(book, documents.numbers_of(book, of_documents) if of_documents else [], mine)
    watched = watch(book, chosen, reach.since, allowed)
    told = recorded.remove(book, {*names})
    recording.refuse_hanging(book, told)
    numbers = documents.numbers_of(book, of_documents)
    gone, files = documents.undo(book, numbers) if numbers else (documents.Undone((), 0, 0, 0), [])
    moved = watched(reach.causes, taken=told)
    undone = Undone(gone.documents, told, gone.gifts, gone.coins, gone.names, gone.kept, dry_run, moved)
    return TakenOut(undone, bool(of_documents), lambda: documents.remove_files(files))


def dismiss(book: Ledger, names: Sequence[str], reason: str, *, correct: bool) -> int:
    """Decide that the open rows of files are no gifts, inside `writing`; returns how many. Refuses closed months."""
    numbers = documents.numbers_of(book, names)
    if not correct:
        refuse_closed(book, numbers, "have rows of it")
    return documents.dismiss(book, numbers, reason)


def rejected(book: Ledger, names: Sequence[str], dismissed: int, repair: str) -> RejectedRows:
    """Rows that were left out, of some files or of all; with what was done to them."""
    return RejectedRows(documents.rejected_rows(book, documents.numbers_of(book, names)), dismissed, repair)


def _named(row: Gift, names: Mapping[str, str]) -> Gift:
    """A stored row with people by name where it is known, else by alias. A creator who receives is no gifter."""

    def person(alias: str) -> str:
        return names.get(alias) or alias_shown(alias)

    receiver = row.receiver if row.receiver in ("", row.creator) else person(row.receiver)
    return row._replace(gifter=person(row.gifter), receiver=receiver)


def open_rows(book: Ledger, name: str, found: Sequence[RejectedRow]) -> str:
    """The stored rows of a document that are still open, as CSV."""
    (number,) = documents.numbers_of(book, [name])
    places = {row.place for row in found if row.state == "open" and row.code != CUT_OFF}
    if not places and any(row.state == "open" for row in found):
        hint = "import the whole file instead, or settle it: diamondctl records rejected DOCUMENT --dismiss REASON"
        raise Refusal(Problem("L013", f"what is cut off of {document_name(number)} cannot be repaired", hint))
    if not places:
        hint = "see: diamondctl records rejected"
        raise Refusal(Problem("L013", f"no open rejected row of {document_name(number)}", hint))
    return rejects.chosen(rejects.get(book, number), places)


def _refuse_told(there: Sequence[Record], mine: Sequence[Record], names: Sequence[str]) -> None:
    """Refuse (L009) to take back what a statement tells: it goes with its document."""
    taken = {name for item in mine for name in (item.id, item.key)}
    for item in there:
        if item.places and not taken & {*names} and (said := sorted(item.names & {*names})):
            documents = " ".join(dict.fromkeys(place.split(":")[0] for place in item.places.split()))
            hint = f"diamondctl undo {documents}"
            raise Refusal(Problem("L009", f"{said[0]} is a row of a statement ({item.places}), and goes with it", hint))


def _unknown(names: Sequence[str]) -> Refusal:
    return Refusal([Problem("L009", f"no record '{name}' in the ledger", "see: diamondctl records list") for name in names])
