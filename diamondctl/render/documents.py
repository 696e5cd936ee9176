"""Imports and documents in all their forms. Rows of documents, gifts and totals are the ledger's own values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from diamondctl.problems import CUT_OFF
from diamondctl.render.page import Part, said
from diamondctl.render.shape import COUNT, DAY, FLAG, SHA256, WORDS, Document, Field, Kind, each, many, one, pick, table, word
from diamondctl.render.tables import Table
from diamondctl.render.view import View
from diamondctl.reports.documents import DocumentDetail, Documents, Import, ImportedFile, RejectedRows, Undone, moment
from diamondctl.words import counted, document_name

DOCUMENT = word(pattern="^d[0-9]{3,}$")
DRY_RUN = (Field("dry_run", FLAG),)
_LINE = COUNT._replace(screen=str)
_DOCUMENTS = each(DOCUMENT)
_WHOLE = Kind({"type": "integer"})

FILE = (
    Field("name", title="File"),
    Field("kind", title="Read as", drop=1),
    Field(
        "document",
        DOCUMENT,
        title="Document",
        show=lambda file: file.document or f"{file.same_as} (the same file)",
        maybe=True,
    ),
    Field("same_as", DOCUMENT, maybe=True),
    Field("rows", COUNT, title="Rows", show=lambda file: f"{file.rows + file.rejected:,}"),
    *(Field(name, COUNT, title=name.capitalize()) for name in ImportedFile._fields[5:-2]),
    Field("notices", WORDS, forms="json"),
    Field("doubts", WORDS, forms="json"),
)


def _import_page(report: Import) -> list[Part]:
    """Columns that few imports need are there where they say something."""
    few = ("folded", "aside", "elsewhere", "totals", "rejected")
    shown = [name for name in few if any(getattr(file, name) for file in report.files)]
    return [
        table(pick(FILE, "name", "kind", "rows", "new", "known", *shown, "document"), report.files),
        said(*_import_texts(report)),
        said(*_doubts(report), kind="warning", mark="! "),
        said(*_import_notices(report), mark="- "),
        said(*_next(report)),
    ]


def _import_texts(report: Import) -> list[str]:
    new, coins = sum(file.new for file in report.files), sum(file.new_coins for file in report.files)
    names = ", ".join(file.document for file in report.added)
    what = f"{counted(new, 'gift')} ({coins:,} coins)"
    if not report.added:
        first = "Nothing to import: every file is in the ledger already, to the byte."
    elif report.dry_run:
        first = f"Dry run, nothing was stored. It would import {what} as {names}."
    else:
        first = f"Imported {what} as {names}."
    texts = [first]
    if folded := sum(file.folded for file in report.files):
        folded_coins = sum(file.folded_coins for file in report.files)
        texts.append(
            f"Folded: {counted(folded, 'event')} ({folded_coins:,} coins) of a combo that goes on; only its last one is a gift."
        )
    if totals := sum(file.totals for file in report.files):
        texts.append(
            f"Totals: {counted(totals, 'row')} of dashboards, kept beside gifts as a cross-check and never added to them."
        )
    known = sum(file.known for file in report.files if file.document)
    if known:
        known_coins = sum(file.known_coins for file in report.files if file.document)
        texts.append(f"Known: {counted(known, 'row')} ({known_coins:,} coins) repeat gifts that count already.")
    if repeated := sum(file.repeated for file in report.files):
        texts.append(f"{repeated:,} rows without ids equal another row of their file. All were kept: they are separate gifts.")
    if aside := sum(file.aside for file in report.files):
        aside_coins = sum(file.aside_coins for file in report.files)
        texts.append(f"Aside: {counted(aside, 'row')} ({aside_coins:,} coins) kept as a cross-check, in no total.")
    if elsewhere := sum(file.elsewhere for file in report.files):
        other = sum(file.elsewhere_coins for file in report.files)
        texts.append(f"Elsewhere: {counted(elsewhere, 'gift')} ({other:,} coins) went to another receiver than the creator.")
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
    period = f" -p {report.month}" if report.month else ""
    lines = [f"Next: diamondctl summary{period}", f"Undo: diamondctl documents undo {names}"]
    if mend := [file.document for file in report.added if file.rejected > file.lost]:
        return [f"Mend: diamondctl documents rejected {mend[0]} --repair FILE.csv, correct it, import it", *lines]
    return lines


IMPORT = Document(
    "import",
    (
        Field("files", many(FILE)),
        Field("documents", _DOCUMENTS, lambda report: [file.document for file in report.added]),
        Field("rejected", COUNT),
    ),
    FILE,
    DRY_RUN,
    notes=True,
)


def import_view(report: Import) -> View:
    """What an import did."""
    return IMPORT.view(
        report,
        lambda: _import_page(report),
        lambda: report.files,
        complete=not report.rejected,
        warnings=_doubts(report),
        notes=_import_notices(report),
    )


STORED = (
    Field("document", DOCUMENT, lambda stored: document_name(stored.number), "Document"),
    Field("name", title="File", show=lambda stored: stored.name + (f" (mends {stored.mends})" if stored.mends else "")),
    Field("kind", title="Read as", drop=2),
    Field("sha256", SHA256),
    Field("imported", title="Imported (UTC)", drop=1),
    Field("creator", of="reading.creator"),
    Field("input_timezone", of="reading.input_timezone"),
    Field("encoding", of="reading.encoding"),
    Field("region", of="reading.region"),
    Field("profile", of="reading.profile_name"),
    Field("earning_unit", of="reading.earning_unit"),
    Field("part_of", DOCUMENT, "mends", maybe=True),
    Field("creators", COUNT),
    Field("first_day", of=lambda stored: moment(stored.first_time)[:10] if stored.rows else "", title="Gifts from"),
    Field("last_day", of=lambda stored: moment(stored.last_time)[:10] if stored.rows else "", title="to"),
    *(Field(name, COUNT, title=name.capitalize()) for name in ("rows", "coins", "new", "known", "aside", "elsewhere")),
    Field(
        "rejected",
        COUNT,
        "rejects",
        "Rejected",
        show=lambda stored: f"{stored.open_rejects:,} open" if stored.open_rejects else f"{stored.rejects:,}",
    ),
    Field("open_rejects", COUNT),
    Field("notices", WORDS, "remarks", forms="json"),
    Field("sort", word("gifts", "events", "totals")),
    Field("folded", COUNT, title="Folded"),
)
_PREFERRED = (Field("creator", of=lambda item: item[0]), Field("source", of=lambda item: item[1]))


def _stored(rows: Sequence[Any]) -> Table:
    folded = ["folded"] if any(row.folded for row in rows) else []
    front = ("document", "name", "kind", "first_day", "last_day", "rows", "new", "known")
    return table(pick(STORED, *front, *folded, "coins", "rejected", "imported"), rows)


def _list_page(report: Documents) -> list[Part]:
    if not report.rows:
        return [said(*["The ledger holds no documents. Import one: diamondctl import FILE"])]
    preferred = [
        f"Where two sources cover one day of {creator}, {family} count; the other is a cross-check."
        for creator, family in report.preferred
    ]
    hint = ["Rejected rows: diamondctl documents rejected"] if any(row.open_rejects for row in report.rows) else []
    return [_stored(report.rows), said(*[*preferred, *hint])]


LIST = Document("documents-list", (Field("documents", many(STORED), "rows"), Field("preferred", many(_PREFERRED))), STORED)


def list_view(report: Documents) -> View:
    """The documents of a ledger."""
    complete = not any(row.open_rejects for row in report.rows)
    return LIST.view(report, lambda: _list_page(report), lambda: report.rows, complete=complete)


GIFT = (
    Field("line", _LINE, title="Line"),
    Field("time", of=lambda gift: moment(gift.time), title="Time (UTC)"),
    Field("creator", title="Creator"),
    Field("gift", title="Gift"),
    Field("coins", COUNT, title="Coins"),
    Field("quantity", COUNT, title="Quantity"),
    Field("event_id", title="Event id", drop=3),
    Field("gifter", title="Gifter", drop=1),
    Field("gift_id"),
    Field("stream", title="Stream", drop=2),
    Field("receiver"),
    Field("region"),
)


def _known(key: str, title: str) -> Field:
    """A number that not every source of totals says: below 0 it is not known."""
    return Field(key, COUNT, lambda total: number if (number := getattr(total, key)) >= 0 else None, title, maybe=True)


def _diamonds(total: Any) -> str:
    """An amount whose unit is not known is shown as it is written."""
    return f"{total.diamonds:,}" if total.diamonds >= 0 else f"{total.raw} (unit not known)" if total.raw else "-"


TOTAL = (
    Field("line", _LINE, title="Line", show=lambda total: f"{total.line or '-'}"),
    Field("creator", title="Creator"),
    Field("source"),
    Field("span", word("stream", "day", "month"), title="Of"),
    Field("first_day", DAY, title="From"),
    Field("last_day", DAY, title="to"),
    Field("stream", title="Stream", drop=1),
    _known("diamonds", "Diamonds")._replace(show=_diamonds),
    Field("approximate", FLAG),
    Field("raw"),
    _known("seconds", "Seconds live"),
    _known("streams", "LIVEs"),
    _known("new_followers", "New followers"),
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
    gifts = pick(GIFT, "line", "time", "creator", "gift", "coins", "quantity", "gifter", "stream", "event_id")
    totals = pick(
        TOTAL, "line", "creator", "span", "first_day", "last_day", "diamonds", "seconds", "streams", "new_followers", "stream"
    )
    count = len(report.gifts) + len(report.totals)
    texts = [f"The first {count:,} of {stored.rows:,} rows; all of them: --rows 0"] if count < stored.rows else []
    if stored.sort == "events" and report.gifts:
        texts.append("These are events: the quantity is the count so far. A gift is the one that closes its combo.")
    return [
        _stored([stored]),
        said(*[f"SHA-256 of the file: {stored.sha256}", f"Read with: {' '.join(options) or 'no options'}"]),
        said(*stored.remarks, mark="- "),
        *([table(gifts, report.gifts)] if report.gifts else []),
        *([table(totals, report.totals)] if report.totals else []),
        said(*texts),
    ]


SHOW = Document(
    "documents-show",
    (Field("document", one(STORED), "stored"), Field("gifts", many(GIFT)), Field("totals", many(TOTAL))),
    GIFT,
)


def show_view(report: DocumentDetail) -> View:
    """One document and its rows."""
    complete = not report.stored.open_rejects
    return SHOW.view(report, lambda: _show_page(report), lambda: report.gifts, complete=complete)


def _undo_texts(report: Undone) -> list[str]:
    would = "Dry run, nothing was changed. It would take out" if report.dry_run else "Took out"
    what = f"{counted(len(report.rows), 'document')}: {counted(report.gifts, 'gift')} fewer ({report.coins:,} coins)"
    if report.gifts < 0 or report.coins < 0:
        change = f"{-report.gifts:+,} gifts, {-report.coins:+,} coins"
        what = f"{counted(len(report.rows), 'document')}; another source counts instead: {change}"
    texts = [f"{would} {what}."]
    if report.names:
        texts.append(f"{counted(report.names, 'name')} of gifters that nothing else holds: forgotten too.")
    return texts if report.dry_run else [*texts, "The files themselves were not touched; import them again to have them back."]


UNDO = Document(
    "documents-undo",
    (
        Field("documents", _DOCUMENTS, lambda report: [document_name(row.number) for row in report.rows]),
        Field("gifts", _WHOLE),
        Field("coins", _WHOLE),
        Field("names", COUNT),
    ),
    STORED,
    DRY_RUN,
)


def undo_view(report: Undone) -> View:
    """What an undo took out."""
    return UNDO.view(report, lambda: [_stored(report.rows), said(*_undo_texts(report))], lambda: report.rows)


def _state(row: Any) -> str:
    words = {"repaired": f"repaired by {document_name(row.repaired)}", "dismissed": f"dismissed: {row.reason}"}
    return words.get(row.state, str(row.state))


REJECTED_ROW = (
    Field("document", DOCUMENT, lambda row: document_name(row.document), "Document"),
    Field("name"),
    Field("place", title="Place", show=lambda row: f"{row.name}:{row.place}"),
    Field("code"),
    Field("problem", title="Problem", show=lambda row: f"{row.code} {row.problem}"),
    Field("hint", title="Fix", blank="", drop=1),
    Field("state", word("open", "dismissed", "repaired"), title="State", show=_state),
    Field("reason"),
    Field("repaired", of=lambda row: document_name(row.repaired) if row.repaired else ""),
)


def _rejected_page(report: RejectedRows) -> list[Part]:
    if not report.rows:
        return [said(*["No row was left out."])]
    texts = []
    if report.dismissed:
        texts.append(f"Dismissed {counted(report.dismissed, 'row')}.")
    if report.file:
        texts.append(f"Written to {report.file}. Correct the cells, then: diamondctl import {report.file}")
    elif codes := {row.code for row in report.rows if row.state == "open"}:
        if codes - {CUT_OFF}:
            texts.append("Mend them: diamondctl documents rejected DOCUMENT --repair FILE.csv, correct it, import it")
        texts.append("Or decide that they are no gifts: diamondctl documents rejected DOCUMENT --dismiss REASON")
    return [table(pick(REJECTED_ROW, "document", "place", "state", "problem", "hint"), report.rows), said(*texts)]


REJECTED = Document("documents-rejected", (Field("rows", many(REJECTED_ROW)), Field("dismissed", COUNT)), REJECTED_ROW)


def rejected_view(report: RejectedRows) -> View:
    """Rows that were left out."""
    complete = not any(row.state == "open" for row in report.rows)
    return REJECTED.view(report, lambda: _rejected_page(report), lambda: report.rows, complete=complete)
