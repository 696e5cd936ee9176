"""Imports and documents in all their forms. Rows of documents, gifts and totals are the ledger's own values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diamondctl.problems import CUT_OFF
from diamondctl.ratebook.entries import COINS, Units
from diamondctl.records import Record
from diamondctl.render import shape as f
from diamondctl.render.moved import MOVED, moved_parts, moved_text, undo_text
from diamondctl.render.page import Part, said
from diamondctl.render.records import RECORD, RECORDS
from diamondctl.render.tables import Table
from diamondctl.render.view import View
from diamondctl.reports.documents import DocumentDetail, Import, ImportedFile, RejectedRows, moment
from diamondctl.reports.recorded import All, Undone
from diamondctl.reports.remark import PERIOD, SHARE, stated
from diamondctl.words import counted, document_name

DOCUMENT = f.word(pattern="^d[0-9]{3,}$")
DRY_RUN = (f.Field("dry_run", f.FLAG),)
_LINE = f.COUNT._replace(screen=str)
_DOCUMENTS = f.each(DOCUMENT)
_WHOLE = f.Kind({"type": "integer"})

FILE = (
    f.Field("name", title="File"),
    f.Field("kind", title="Read as", drop=1),
    f.Field(
        "document",
        DOCUMENT,
        title="Document",
        show=lambda file: file.document or f"{file.same_as} (the same file)",
        maybe=True,
    ),
    f.Field("same_as", DOCUMENT, maybe=True),
    f.Field("rows", f.COUNT, title="Rows", show=lambda file: f"{file.rows + file.rejected:,}"),
    *(f.Field(name, f.COUNT, title=name.capitalize()) for name in ImportedFile._fields[5:-3]),
    f.Field("notices", f.WORDS, forms="json"),
    f.Field("doubts", f.WORDS, forms="json"),
    f.Field("sort", f.word("gifts", "events", "totals", "money")),
)


def _import_page(report: Import) -> list[Part]:
    """Columns that few imports need are there where they say something."""
    few = ("folded", "aside", "elsewhere", "totals", "rejected")
    shown = [name for name in few if any(getattr(file, name) for file in report.files)]
    return [
        f.table(f.pick(FILE, "name", "kind", "rows", "new", "known", *shown, "document"), report.files),
        said(*_import_texts(report), moved_text(report.moved) if report.added else ""),
        *moved_parts(report.moved),
        said(*_next(report)),
    ]


def _imported(report: Import) -> str:
    """The report in one sentence."""
    of_gifts, of_money = ([file for file in report.files if file.told is told] for told in (False, True))
    new, coins = sum(file.new for file in of_gifts), sum(file.new_coins for file in of_gifts)
    names = ", ".join(file.document for file in report.added)
    parts = [f"{counted(new, 'gift')} ({counted(coins, 'coin')})"] if any(file.document for file in of_gifts) else []
    parts += [f"{counted(sum(file.new for file in of_money), 'payment')} of statements"] if of_money else []
    what = " and ".join(parts)
    if not report.added:
        return "Nothing to import: every file is in the ledger already, to the byte."
    if report.dry_run:
        return f"Dry run, nothing was stored. It would import {what} as {names}."
    return f"Imported {what} as {names}."


def _import_texts(report: Import) -> list[str]:
    of_gifts, of_money = ([file for file in report.files if file.told is told] for told in (False, True))
    texts = []
    if folded := sum(file.folded for file in report.files):
        folded_coins = sum(file.folded_coins for file in report.files)
        texts.append(
            f"Folded: {counted(folded, 'event')} ({counted(folded_coins, 'coin')}) of a combo that goes on; only its last one "
            "is a gift."
        )
    if totals := sum(file.totals for file in report.files):
        texts.append(
            f"Totals: {counted(totals, 'row')} of dashboards, kept beside gifts as a cross-check and never added to them."
        )
    if again := sum(file.known for file in of_money if file.document):
        texts.append(f"Known: {counted(again, 'payment')} of other files {'is' if again == 1 else 'are'} in here too.")
    known = sum(file.known for file in of_gifts if file.document)
    if known:
        known_coins = sum(file.known_coins for file in report.files if file.document)
        texts.append(f"Known: {counted(known, 'row')} ({counted(known_coins, 'coin')}) repeat gifts that count already.")
    if repeated := sum(file.repeated for file in report.files):
        texts.append(f"{repeated:,} rows without ids equal another row of their file. All were kept: they are separate gifts.")
    if aside := sum(file.aside for file in report.files):
        aside_coins = sum(file.aside_coins for file in report.files)
        texts.append(f"Aside: {counted(aside, 'row')} ({counted(aside_coins, 'coin')}) kept as a cross-check, in no total.")
    if elsewhere := sum(file.elsewhere for file in report.files):
        other = sum(file.elsewhere_coins for file in report.files)
        texts.append(
            f"Elsewhere: {counted(elsewhere, 'gift')} ({counted(other, 'coin')}) went to another receiver than the creator."
        )
    if report.rejected:
        texts.append(
            f"Rejected: {counted(report.rejected, 'row')} left out. Every report says incomplete until they are settled."
        )
    return texts


def _doubts(report: Import) -> list[str]:
    return [f"{file.name}: {doubt}" for file in report.files for doubt in file.doubts]


def _import_notices(report: Import) -> list[str]:
    return [*report.notices, *(f"{file.name}: {notice}" for file in report.files for notice in file.notices)]


def _next(report: Import) -> list[str]:
    if not report.added:
        return []
    names = " ".join(file.document for file in report.added)
    if report.dry_run:
        return ["Next: the same without --dry-run"]
    booked = [item.booked for item in report.moved.corrections]
    month = max([report.month, *booked]) if report.month else ""
    period = f" -p {month}" if month else ""
    lines = [f"Next: {report.set_region or f'diamondctl summary{period}'}", undo_text(names, report.moved)]
    if mend := [file.document for file in report.added if file.rejected > file.lost]:
        return [f"Mend: diamondctl records rejected {mend[0]} --repair FILE.csv, correct it, import it", *lines]
    return lines


IMPORT = f.Document(
    "import",
    (
        f.Field("files", f.many(FILE)),
        f.Field("documents", _DOCUMENTS, lambda report: [file.document for file in report.added]),
        f.Field("rejected", f.COUNT),
        MOVED,
    ),
    FILE,
    DRY_RUN,
    notes=True,
    answer=_imported,
)


def import_view(report: Import, units: Units = COINS) -> View:
    """What an import did, in the units of the platform."""
    return IMPORT.view(
        report,
        lambda: _import_page(report),
        lambda: report.files,
        complete=not report.rejected,
        warnings=[stated(PERIOD, text) for text in _doubts(report)],
        notes=[stated(SHARE, text) for text in _import_notices(report)],
        evidence=list,
        units=units,
    )


def _rejected(stored: Any) -> str:
    """How many rows of a document were left out; of one that is shared, whether any was."""
    if stored.rejects < 0:
        return "some open" if stored.open_rejects else "some"
    return f"{stored.open_rejects:,} open" if stored.open_rejects else f"{stored.rejects:,}"


def _file(stored: Any) -> str:
    """A file without its folders, and whose rows it mends."""
    name = stored.name.rstrip("/").rpartition("/")[2] or stored.name
    return f"{name} (mends {stored.mends})" if stored.mends else name


STORED = (
    f.Field("document", DOCUMENT, lambda stored: document_name(stored.number), "Document"),
    f.Field("name", title="File", show=_file),
    f.Field("kind", title="Read as", drop=2),
    f.Field("sha256", f.SHA256),
    f.Field("imported", title="Imported (UTC)", drop=1),
    f.Field("creator", of="reading.creator"),
    f.Field("input_timezone", of="reading.input_timezone"),
    f.Field("encoding", of="reading.encoding"),
    f.Field("region", of="reading.region"),
    f.Field("profile", of="reading.profile_name"),
    f.Field("earning_unit", of="reading.earning_unit"),
    f.Field("part_of", DOCUMENT, "mends", maybe=True),
    f.Field("creators", f.COUNT),
    f.Field("first_day", of=lambda stored: moment(stored.first_time)[:10] if stored.rows else "", title="Gifts from"),
    f.Field("last_day", of=lambda stored: moment(stored.last_time)[:10] if stored.rows else "", title="to"),
    f.Field("rows", f.COUNT, title="Rows"),
    *(f.told(name, title=name.capitalize()) for name in ("coins", "new", "known", "aside", "elsewhere")),
    f.told("rejected", "rejects", title="Rejected", show=_rejected),
    f.told("open_rejects"),
    f.Field("notices", f.WORDS, "remarks", forms="json"),
    f.Field("sort", f.word("gifts", "events", "totals", "money")),
    f.told("folded", title="Folded"),
)
_PREFERRED = (f.Field("creator", of=lambda item: item[0]), f.Field("source", of=lambda item: item[1]))


def _stored(rows: Sequence[Any]) -> Table:
    few = [name for name, of in _RARE.items() if any(getattr(row, of) for row in rows)]
    front = ("document", "name", "kind", "first_day", "last_day", "rows", "new")
    return f.table(f.pick(STORED, *front, *few, "coins", "imported"), rows)


# Columns that are there where they say something.
_RARE = {"known": "known", "folded": "folded", "rejected": "rejects"}


def _of_either(key: str) -> f.Field:
    """A field of documents and records alike, or of one of them: then the other leaves it blank."""
    mine = {kind: {field.key: field for field in fields} for kind, fields in ((True, RECORD), (False, STORED))}

    def value(item: Any) -> Any:
        field = mine[isinstance(item, Record)].get(key)
        return None if field is None else field.value(item)

    return next(mine[kind][key] for kind in (False, True) if key in mine[kind])._replace(of=value, maybe=True)


_EITHER = tuple(_of_either(key) for key in dict.fromkeys(field.key for field in (*STORED, *RECORD) if "flat" in field.forms))


def _held(report: All) -> str:
    """The report in one sentence."""
    if not report.documents and not report.records:
        return "The ledger holds nothing yet. Import something: diamondctl import FILE"
    new = sum(row.new for row in report.documents if row.new > 0)
    parts = [f"{counted(len(report.documents), 'document')} with {counted(new, 'row')} that count"] if report.documents else []
    parts += [counted(len(report.records), "record")] if report.records else []
    return f"{' and '.join(parts)}."


def _list_page(report: All) -> list[Part]:
    preferred = [
        f"Where two sources cover one day of {creator}, {family} count; the other is a cross-check."
        for creator, family in report.preferred
    ]
    hint = ["Rejected rows: diamondctl records rejected"] if any(row.open_rejects for row in report.documents) else []
    return [
        _stored(report.documents) if report.documents else (),
        f.table(RECORDS, report.records) if report.records else (),
        said(*[*preferred, *hint]),
    ]


LIST = f.Document(
    "records-list",
    (
        f.Field("documents", f.many(STORED)),
        f.Field("preferred", f.many(_PREFERRED)),
        f.Field("records", f.many(RECORD)),
    ),
    _EITHER,
    answer=_held,
)


def list_view(report: All, units: Units = COINS) -> View:
    """Everything that was imported or recorded, in the units of the platform."""
    complete = not any(row.open_rejects for row in report.documents)
    rows = [*report.documents, *report.records]
    return LIST.view(report, lambda: _list_page(report), lambda: rows, complete=complete, units=units)


GIFT = (
    f.Field("line", _LINE, title="Line"),
    f.Field("time", of=lambda gift: moment(gift.time), title="Time (UTC)"),
    f.Field("creator", title="Creator"),
    f.Field("gift", title="Gift"),
    f.Field("coins", f.COUNT, title="Coins"),
    f.Field("quantity", f.COUNT, title="Quantity"),
    f.Field("event_id", title="Event id", drop=3),
    f.Field("gifter", title="Gifter", drop=1),
    f.Field("gift_id"),
    f.Field("stream", title="Stream", drop=2),
    f.Field("receiver"),
    f.Field("region"),
)


def _known(key: str, title: str) -> f.Field:
    """A number that not every source of totals says: below 0 it is not known."""
    return f.told(key, title=title)


def _diamonds(total: Any) -> str:
    """An amount whose unit is not known is shown as it is written."""
    return f"{total.diamonds:,}" if total.diamonds >= 0 else f"{total.raw} (unit not known)" if total.raw else "-"


TOTAL = (
    f.Field("line", _LINE, title="Line", show=lambda total: f"{total.line or '-'}"),
    f.Field("creator", title="Creator"),
    f.Field("source"),
    f.Field("span", f.word("stream", "day", "month"), title="Of"),
    f.Field("first_day", f.DAY, title="From"),
    f.Field("last_day", f.DAY, title="to"),
    f.Field("stream", title="Stream", drop=1),
    _known("diamonds", "Diamonds")._replace(show=_diamonds),
    f.Field("approximate", f.FLAG),
    f.Field("raw"),
    _known("seconds", "Seconds live"),
    _known("streams", "LIVEs"),
    _known("new_followers", "New followers"),
    *(_known(name, name.capitalize()) for name in ("viewers", "likes", "comments")),
)


def _show_page(report: DocumentDetail) -> list[Part]:
    stored = report.stored
    reading = stored.reading._replace(profile=stored.reading.profile_name)
    names = ("creator", "region", "input_timezone", "encoding", "profile", "earning_unit")
    options = [
        f"--{name.replace('_', '-')} {value}"
        for name in names
        if (value := getattr(reading, name)) and (name, value) != ("encoding", "utf-8")
    ]
    gifts = f.pick(GIFT, "line", "time", "creator", "gift", "coins", "quantity", "gifter", "stream", "event_id")
    totals = f.pick(
        TOTAL, "line", "creator", "span", "first_day", "last_day", "diamonds", "seconds", "streams", "new_followers", "stream"
    )
    count = len(report.gifts) + len(report.totals)
    texts = [f"The first {count:,} of {stored.rows:,} rows; all of them: --rows 0"] if count < stored.rows else []
    if stored.sort == "events" and report.gifts:
        texts.append("These are events: the quantity is the count so far. A gift is the one that closes its combo.")
    return [
        _stored([stored])._replace(whole=True),
        said(*[f"SHA-256 of the file: {stored.sha256}", f"Read with: {' '.join(options) or 'no options'}"]),
        said(*stored.remarks, mark="- "),
        *([f.table(gifts, report.gifts)] if report.gifts else []),
        *([f.table(totals, report.totals)] if report.totals else []),
        *([f.table(RECORDS, report.money)] if report.money else []),
        said(*texts),
    ]


def _shown(report: DocumentDetail) -> str:
    """The report in one sentence."""
    stored = report.stored
    return f"{document_name(stored.number)} is {stored.name}, {stored.kind}: {counted(stored.rows, 'row')}."


SHOW = f.Document(
    "records-show",
    (
        f.Field("document", f.one(STORED), "stored"),
        f.Field("gifts", f.many(GIFT)),
        f.Field("totals", f.many(TOTAL)),
        f.Field("money", f.many(RECORD)),
    ),
    GIFT,
    answer=_shown,
)


def show_view(report: DocumentDetail, units: Units = COINS) -> View:
    """One document and its rows, in the units of the platform."""
    complete = not report.stored.open_rejects
    return SHOW.view(report, lambda: _show_page(report), lambda: report.gifts, complete=complete, units=units)


def _undone(report: Undone) -> str:
    """The report in one sentence."""
    return " ".join(_took(report))


def _took(report: Undone) -> list[str]:
    would = "Dry run, nothing was changed. It would take" if report.dry_run else "Took"
    texts = []
    if report.documents:
        many = counted(len(report.documents), "document")
        what = f"{many}: {counted(report.gifts, 'gift')} fewer ({counted(report.coins, 'coin')})"
        if all(stored.sort == "money" for stored in report.documents):
            what = f"{many}: {counted(sum(stored.rows for stored in report.documents), 'payment')} of statements"
        elif report.gifts < 0 or report.coins < 0:
            what = f"{many}; another source counts instead: {-report.gifts:+,} gifts, {-report.coins:+,} coins"
        texts.append(f"{would} out {what}.")
    if report.records:
        texts.append(f"{would} back {', '.join(item.id for item in report.records)}.")
    return texts


def _undo_texts(report: Undone) -> list[str]:
    texts = []
    if report.names:
        texts.append(f"{counted(report.names, 'name')} of gifters that nothing else holds: forgotten too.")
    if report.dry_run or not report.documents:
        return texts
    return [*texts, "The files themselves were not touched; import them again to have them back."]


UNDO = f.Document(
    "undo",
    (
        f.Field("documents", _DOCUMENTS, lambda report: [document_name(row.number) for row in report.documents]),
        f.Field("records", f.many(RECORD)),
        f.Field("gifts", _WHOLE),
        f.Field("coins", _WHOLE),
        f.Field("names", f.COUNT),
        MOVED,
    ),
    _EITHER,
    DRY_RUN,
    answer=_undone,
)


def undo_view(report: Undone, units: Units = COINS) -> View:
    """What an undo took out, in the units of the platform."""
    tables = [
        _stored(report.documents) if report.documents else (),
        f.table(RECORDS, report.records) if report.records else (),
    ]
    kept = [report.kept] if report.kept else []
    return UNDO.view(
        report,
        lambda: [
            *tables,
            said(*_undo_texts(report), moved_text(report.moved)),
            *moved_parts(report.moved),
            said(*kept, kind="warning", mark="! "),
        ],
        lambda: [*report.documents, *report.records],
        warnings=kept,
        units=units,
    )


def _state(row: Any) -> str:
    words = {"repaired": f"repaired by {document_name(row.repaired)}", "dismissed": f"dismissed: {row.reason}"}
    return words.get(row.state, str(row.state))


REJECTED_ROW = (
    f.Field("document", DOCUMENT, lambda row: document_name(row.document), "Document"),
    f.Field("name"),
    f.Field("place", title="Place", show=lambda row: f"{row.name}:{row.place}"),
    f.Field("code"),
    f.Field("problem", title="Problem", show=lambda row: f"{row.code} {row.problem}"),
    f.Field("hint", title="Fix", blank="", drop=1),
    f.Field("state", f.word("open", "dismissed", "repaired"), title="State", show=_state),
    f.Field("reason"),
    f.Field("repaired", of=lambda row: document_name(row.repaired) if row.repaired else ""),
)


def _rejected_page(report: RejectedRows) -> list[Part]:
    if not report.rows:
        return []
    texts = []
    if report.file:
        texts.append(f"Written to {report.file}. Correct the cells, then: diamondctl import {report.file}")
    elif codes := {row.code for row in report.rows if row.state == "open"}:
        if codes - {CUT_OFF}:
            texts.append("Mend them: diamondctl records rejected DOCUMENT --repair FILE.csv, correct it, import it")
        texts.append("Or decide that they are no gifts: diamondctl records rejected DOCUMENT --dismiss REASON")
    return [f.table(f.pick(REJECTED_ROW, "document", "place", "state", "problem", "hint"), report.rows), said(*texts)]


def _left_out(report: RejectedRows) -> str:
    """The report in one sentence."""
    if not report.rows:
        return "No row was left out."
    waiting = sum(row.state == "open" for row in report.rows)
    dismissed = f" Dismissed {counted(report.dismissed, 'row')}." if report.dismissed else ""
    return f"{counted(len(report.rows), 'row')} left out, {waiting:,} of them not settled yet.{dismissed}"


REJECTED = f.Document(
    "records-rejected",
    (f.Field("rows", f.many(REJECTED_ROW)), f.Field("dismissed", f.COUNT)),
    REJECTED_ROW,
    answer=_left_out,
)


def rejected_view(report: RejectedRows) -> View:
    """Rows that were left out."""
    complete = not any(row.state == "open" for row in report.rows)
    return REJECTED.view(report, lambda: _rejected_page(report), lambda: report.rows, complete=complete)
