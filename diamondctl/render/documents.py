"""Imports and documents in all their forms."""

from __future__ import annotations

from typing import Any

from diamondctl.problems import CUT_OFF
from diamondctl.render.tables import Column, Laid, Table, join, lay_out, notes
from diamondctl.render.view import Clean, Records, View, records
from diamondctl.reports.documents import (
    DocumentDetail,
    DocumentRow,
    Documents,
    Import,
    ImportedFile,
    RejectedRow,
    RejectedRows,
    StoredGift,
    Undone,
)
from diamondctl.words import counted

IMPORT_COLUMNS = tuple(name for name in ImportedFile._fields if name not in ("notices", "doubts"))
LIST_COLUMNS = tuple(name for name in DocumentRow._fields if name != "notices")
SHOW_COLUMNS = StoredGift._fields
REJECTED_COLUMNS = RejectedRow._fields
NUMBERS = ("rows", "coins", "new", "known", "aside", "elsewhere", "rejected", "open_rejects", "creators", "folded")


def head(name: str, complete: bool, **more: Any) -> dict[str, Any]:
    """What the JSON of a command on the ledger begins with."""
    return {"schema": f"diamondctl.{name}/1", "complete": complete, **more}


def import_view(report: Import) -> View:
    """What an import did."""
    return View(
        lambda width, rule, clean: _import_screen(report, width, rule, clean),
        lambda: {
            **head("import", not report.rejected, dry_run=report.dry_run),
            "data": {
                "files": [_file_json(file) for file in report.files],
                "documents": [file.document for file in report.added],
                "rejected": report.rejected,
            },
            "warnings": _doubts(report),
            "notes": [*report.notices, *(f"{file.name}: {notice}" for file in report.files for notice in file.notices)],
        },
        lambda: _import_records(report),
    )


def _file_json(file: ImportedFile) -> dict[str, Any]:
    values = file._asdict() | {"document": file.document or None, "same_as": file.same_as or None}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _import_records(report: Import) -> Records:
    numeric = [name for name in IMPORT_COLUMNS if name not in ("name", "kind", "document", "same_as")]
    rows = [{name: getattr(file, name) for name in IMPORT_COLUMNS} for file in report.files]
    return records(rows, IMPORT_COLUMNS, numeric)


def _import_screen(report: Import, width: int | None, rule: str, clean: Clean) -> Laid:
    shown = [
        name
        for name in ("folded", "aside", "elsewhere", "totals", "rejected")
        if any(getattr(file, name) for file in report.files)
    ]
    columns = (
        Column("File", figure=False),
        Column("Read as", figure=False, drop=1),
        Column("Rows", right=True),
        Column("New", right=True),
        Column("Known", right=True),
        *(Column(name.capitalize(), right=True) for name in shown),
        Column("Document", figure=False),
    )
    rows = [
        (
            clean(file.name),
            clean(file.kind),
            f"{file.rows + file.rejected:,}",
            f"{file.new:,}",
            f"{file.known:,}",
            *(f"{getattr(file, name):,}" for name in shown),
            file.document or f"{file.same_as} (the same file)",
        )
        for file in report.files
    ]
    table = lay_out(Table(columns, tuple(rows)), width, rule)
    return join(
        [
            table,
            notes(_import_texts(report), width),
            notes([clean(text) for text in _doubts(report)], width, kind="warning", mark="! "),
            notes([clean(text) for text in _import_notices(report)], width, mark="- "),
            notes(_next(report), width),
        ]
    )  # fmt: skip


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


def list_view(report: Documents) -> View:
    """The documents of a ledger."""
    return View(
        lambda width, rule, clean: _list_screen(report, width, rule, clean),
        lambda: {
            **head("documents-list", not any(row.open_rejects for row in report.rows)),
            "data": {
                "documents": [row_json(row) for row in report.rows],
                "preferred": [{"creator": creator, "source": family} for creator, family in report.preferred],
            },
            "warnings": [],
        },
        lambda: row_records(report.rows),
    )


def row_json(row: DocumentRow) -> dict[str, Any]:
    """A document in JSON."""
    return row._asdict() | {"part_of": row.part_of or None, "notices": list(row.notices)}


def row_records(rows: tuple[DocumentRow, ...]) -> Records:
    """Documents as flat rows."""
    return records([{name: getattr(row, name) for name in LIST_COLUMNS} for row in rows], LIST_COLUMNS, NUMBERS)


def _table(rows: tuple[DocumentRow, ...], width: int | None, rule: str, clean: Clean) -> Laid:
    folded = any(row.folded for row in rows)
    columns = (
        Column("Document", figure=False),
        Column("File", figure=False),
        Column("Read as", figure=False, drop=2),
        Column("Gifts from", figure=False),
        Column("to", figure=False),
        Column("Rows", right=True),
        Column("New", right=True),
        Column("Known", right=True),
        *([Column("Folded", right=True)] if folded else []),
        Column("Coins", right=True),
        Column("Rejected", right=True),
        Column("Imported (UTC)", figure=False, drop=1),
    )
    cells = [
        (
            row.document,
            clean(row.name) + (f" (mends {row.part_of})" if row.part_of else ""),
            clean(row.kind),
            row.first_day or "-",
            row.last_day or "-",
            f"{row.rows:,}",
            f"{row.new:,}",
            f"{row.known:,}",
            *([f"{row.folded:,}"] if folded else []),
            f"{row.coins:,}",
            f"{row.open_rejects:,} open" if row.open_rejects else f"{row.rejected:,}",
            row.imported,
        )
        for row in rows
    ]
    return lay_out(Table(columns, tuple(cells)), width, rule)


def _list_screen(report: Documents, width: int | None, rule: str, clean: Clean) -> Laid:
    if not report.rows:
        return notes(["The ledger holds no documents. Import one: diamondctl import FILE"], width)
    preferred = [
        f"Where two sources cover one day of {clean(creator)}, {family} count; the other is a cross-check."
        for creator, family in report.preferred
    ]
    hint = ["Rejected rows: diamondctl documents rejected"] if any(row.open_rejects for row in report.rows) else []
    return join([_table(report.rows, width, rule, clean), notes([*preferred, *hint], width)])


def show_view(report: DocumentDetail) -> View:
    """One document and its rows."""
    return View(
        lambda width, rule, clean: _show_screen(report, width, rule, clean),
        lambda: {
            **head("documents-show", not report.row.open_rejects),
            "data": {
                "document": row_json(report.row),
                "gifts": [gift._asdict() for gift in report.gifts],
                "totals": [total._asdict() for total in report.totals],
            },
            "warnings": [],
        },
        lambda: records([gift._asdict() for gift in report.gifts], SHOW_COLUMNS, ("line", "coins", "quantity")),
    )


def _show_screen(report: DocumentDetail, width: int | None, rule: str, clean: Clean) -> Laid:
    row = report.row
    read = [
        f"{option} {clean(value)}"
        for option, value in (
            ("--creator", row.creator),
            ("--region", row.region),
            ("--input-timezone", row.input_timezone),
            ("--encoding", row.encoding if row.encoding != "utf-8" else ""),
            ("--profile", row.profile),
            ("--earning-unit", row.earning_unit),
        )
        if value
    ]
    facts = [f"SHA-256 of the file: {row.sha256}", f"Read with: {' '.join(read) or 'no options'}"]
    columns = (
        Column("Line", right=True),
        Column("Time (UTC)", figure=False),
        Column("Creator", figure=False),
        Column("Gift", figure=False),
        Column("Coins", right=True),
        Column("Quantity", right=True),
        Column("Gifter", figure=False, drop=1),
        Column("Stream", figure=False, drop=2),
        Column("Event id", figure=False, drop=3),
    )
    cells = [
        (
            f"{gift.line}",
            gift.time,
            clean(gift.creator),
            clean(gift.gift),
            f"{gift.coins:,}",
            f"{gift.quantity:,}",
            clean(gift.gifter) or "-",
            clean(gift.stream) or "-",
            clean(gift.event_id) or "-",
        )
        for gift in report.gifts
    ]
    count = len(report.gifts) + len(report.totals)
    shown = [f"The first {count:,} of {row.rows:,} rows; all of them: --rows 0"] if count < row.rows else []
    if row.sort == "events" and cells:
        shown.append("These are events: the quantity is the count so far. A gift is the one that closes its combo.")
    return join(
        [
            _table((row,), width, rule, clean),
            notes(facts, width),
            notes([clean(text) for text in row.notices], width, mark="- "),
            lay_out(Table(columns, tuple(cells)), width, rule) if cells else Laid(()),
            _totals_table(report, width, rule, clean),
            notes(shown, width),
        ]
    )


def _totals_table(report: DocumentDetail, width: int | None, rule: str, clean: Clean) -> Laid:
    if not report.totals:
        return Laid(())
    columns = (
        Column("Line", right=True),
        Column("Creator", figure=False),
        Column("Of", figure=False),
        Column("From", figure=False),
        Column("to", figure=False),
        Column("Diamonds", right=True),
        Column("Seconds live", right=True),
        Column("LIVEs", right=True),
        Column("New followers", right=True),
        Column("Stream", figure=False, drop=1),
    )

    def number(value: int | None) -> str:
        return "-" if value is None else f"{value:,}"

    cells = [
        (
            f"{total.line}" if total.line else "-",
            clean(total.creator),
            total.span,
            total.first_day,
            total.last_day,
            clean(total.raw) + " (unit not known)" if total.raw and total.diamonds is None else number(total.diamonds),
            number(total.seconds),
            number(total.streams),
            number(total.new_followers),
            clean(total.stream) or "-",
        )
        for total in report.totals
    ]
    return lay_out(Table(columns, tuple(cells)), width, rule)


def undo_view(report: Undone) -> View:
    """What an undo took out."""
    return View(
        lambda width, rule, clean: join(
            [_table(report.rows, width, rule, clean), notes(_undo_texts(report), width)],
        ),
        lambda: {
            **head("documents-undo", True, dry_run=report.dry_run),
            "data": {
                "documents": [row.document for row in report.rows],
                "gifts": report.gifts,
                "coins": report.coins,
                "names": report.names,
            },
            "warnings": [],
        },
        lambda: row_records(report.rows),
    )


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


def rejected_view(report: RejectedRows) -> View:
    """Rows that were left out."""
    complete = not any(row.state == "open" for row in report.rows)
    return View(
        lambda width, rule, clean: _rejected_screen(report, width, rule, clean),
        lambda: {
            **head("documents-rejected", complete),
            "data": {"rows": [row._asdict() for row in report.rows], "dismissed": report.dismissed},
            "warnings": [],
        },
        lambda: records([row._asdict() for row in report.rows], REJECTED_COLUMNS, ()),
    )


def _rejected_screen(report: RejectedRows, width: int | None, rule: str, clean: Clean) -> Laid:
    if not report.rows:
        return notes(["No row was left out."], width)
    columns = (
        Column("Document", figure=False),
        Column("Place", figure=False),
        Column("State", figure=False),
        Column("Problem", figure=False),
        Column("Fix", figure=False, drop=1),
    )
    rows = []
    for row in report.rows:
        state = {"repaired": f"repaired by {row.repaired}", "dismissed": f"dismissed: {clean(row.reason)}"}.get(
            row.state, row.state
        )
        rows.append(
            (row.document, f"{clean(row.name)}:{row.place}", state, f"{row.code} {clean(row.problem)}", clean(row.hint))
        )  # fmt: skip
    texts = []
    if report.dismissed:
        texts.append(f"Dismissed {counted(report.dismissed, 'row')}.")
    if report.file:
        texts.append(f"Written to {clean(report.file)}. Correct the cells, then: diamondctl import {clean(report.file)}")
    elif codes := {row.code for row in report.rows if row.state == "open"}:
        if codes - {CUT_OFF}:
            texts.append("Mend them: diamondctl documents rejected DOCUMENT --repair FILE.csv, correct it, import it")
        texts.append("Or decide that they are no gifts: diamondctl documents rejected DOCUMENT --dismiss REASON")
    return join([lay_out(Table(columns, tuple(rows)), width, rule), notes(texts, width)])
