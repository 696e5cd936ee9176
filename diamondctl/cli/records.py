"""`diamondctl records`: list, show, rejected; `diamondctl undo`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.ledger import keep_states, now, open_ledger, private_umask
from diamondctl.cli.output import emit, target, write_file
from diamondctl.cli.shown import named, open_rows
from diamondctl.desk import parse, recording
from diamondctl.desk.closing import refuse_closed
from diamondctl.desk.moved import Allowed, reach_of_undo, watch
from diamondctl.ledger import derive, documents, recorded, stored_money, stored_totals
from diamondctl.ledger.families import family_words
from diamondctl.problems import Problem, Refusal
from diamondctl.records import Record
from diamondctl.render.documents import LIST, REJECTED, SHOW, UNDO, list_view, rejected_view, show_view, undo_view
from diamondctl.render.records import SHOW_RECORD, record_view
from diamondctl.reports.documents import DocumentDetail, RejectedRows
from diamondctl.reports.recorded import All, Detail, Undone

app = typer.Typer()


@app.command("list")
@options.expand
def list_(output: options.Output, place: options.Place, creator: options.Creator = "") -> int:
    """Every imported file, and everything that was recorded. Exit code 3 while rows that were left out are open.

    With --creator nothing of others is named: of a file that others share only the creator's rows are counted.

    \b
    Examples:
      diamondctl records list
      diamondctl records list --csv --columns document,name,sha256
      diamondctl records list --json
    """

    where = target(output, columns=LIST.columns)
    with open_ledger(place) as book, book.reading():
        only = parse.name(parse.text(creator, "--creator"))
        rows = documents.of_creator(book, only) if only else documents.stored(book)
        preferences = sorted(derive.preferences(book).items())
        preferred = tuple((name, family_words(family)) for name, family in preferences if only in ("", name))
        records = [item for item in recorded.records(book) if only in ("", item.creator)]
        if only and not rows and not records and (documents.stored(book) or recorded.records(book)):
            raise Refusal(Problem("A010", f"nothing of creator '{only}' in the ledger", "check how it is written"))
    emit(where, list_view(All(rows, preferred, records)))
    return 3 if any(row.open_rejects for row in rows) else 0


@app.command("show")
@options.expand
def show(
    record: Annotated[str, typer.Argument(metavar="ID", help="A document such as d014, or a record such as p001.")],
    output: options.Output,
    place: options.Place,
    rows: Annotated[int, typer.Option("--rows", min=0, metavar="N", help="How many rows to show; 0 is all.")] = 20,
    names: Annotated[bool, typer.Option("--names", help="Show gifters by name.")] = False,
) -> int:
    """An imported file: how it was read, and its rows (gifters are aliases, unless --names). A record: all it says.

    \b
    Examples:
      diamondctl records show d014
      diamondctl records show d014 --rows 0 --csv -o rows.csv
      diamondctl records show p001
    """

    return show_record(record, output, place, rows, names=names)


def show_record(record: str, output: options.Output, place: options.Place, rows: int, *, names: bool = False) -> int:
    """All that a file or a record says."""
    is_document = re.fullmatch("d?[0-9]+", record) is not None
    where = target(output, columns=(SHOW if is_document else SHOW_RECORD).columns)._replace(private=names)
    with open_ledger(place) as book, book.reading():
        if not is_document:
            item = next((item for item in recorded.records(book) if record in item.names), None)
            if item is None:
                raise _unknown([record])
            emit(where, record_view(Detail(item)))
            return 0
        (number,) = documents.numbers_of(book, [record])
        stored = next(item for item in documents.stored(book) if item.number == number)
        gifts = documents.rows_of(book, number, rows)
        people = {row.gifter for row in gifts} | {row.receiver for row in gifts if row.receiver != row.creator}
        known = documents.names_of(book, people) if names else {}
        totals = stored_totals.of_document(book, number)
        money = stored_money.of_document(book, number)
    shown = [named(row, known) for row in gifts]
    emit(where, show_view(DocumentDetail(stored, shown, totals[:rows] if rows else totals, money)))
    return 0


@options.expand
def undo(
    record: Annotated[list[str], typer.Argument(metavar="ID...", help="Documents such as d014, records such as p001.")],
    output: options.Output,
    place: options.Place,
    only_period: options.OnlyPeriod = "",
    correct: options.Correct = False,
    dry_run: options.DryRun = False,
) -> int:
    """Take imported files and records out again."""

    where = target(output, columns=UNDO.columns, stores=True)
    private_umask()
    allowed = Allowed(parse.only_period(only_period, date.today()), correct, now())
    chosen = choose(options.Inputs(ledger=place.ledger, config=place.config))
    with open_ledger(place) as book:
        with book.writing(keep=not dry_run):
            mine = [item for item in recorded.typed(book) if {item.id, item.key} & {*record}]
            _refuse_told(recorded.records(book), mine, record)
            taken = {name for item in mine for name in (item.id, item.key)}
            of_documents = [name for name in record if re.fullmatch("d?[0-9]+", name) and name not in taken]
            if missing := [name for name in record if name not in of_documents and name not in taken]:
                raise _unknown(missing)
            reach = reach_of_undo(book, documents.numbers_of(book, of_documents) if of_documents else [], mine)
            watched = watch(book, chosen, reach.since, allowed)
            told = recorded.remove(book, {*record})
            recording.refuse_hanging(book, told)
            numbers = documents.numbers_of(book, of_documents)
            gone, files = documents.undo(book, numbers) if numbers else (documents.Undone((), 0, 0, 0), [])
            moved = watched(reach.causes, taken=told)
        if not dry_run:
            documents.remove_files(files)
    if not dry_run and of_documents:
        keep_states(place)
    emit(where, undo_view(Undone(gone.documents, told, gone.gifts, gone.coins, gone.names, gone.kept, dry_run, moved)))
    return 0


def _refuse_told(there: Sequence[Record], mine: Sequence[Record], names: Sequence[str]) -> None:
    """Refuse (L009) to take back what a statement tells: it goes with its document."""
    taken = {name for item in mine for name in (item.id, item.key)}
    for item in there:
        if item.places and not taken & {*names} and (said := sorted(item.names & {*names})):
            documents = " ".join(dict.fromkeys(place.split(":")[0] for place in item.places.split()))
            hint = f"diamondctl undo {documents}"
            raise Refusal(Problem("L009", f"{said[0]} is a row of a statement ({item.places}), and goes with it", hint))


def _unknown(names: list[str]) -> Refusal:
    return Refusal([Problem("L009", f"no record '{name}' in the ledger", "see: diamondctl records list") for name in names])


@app.command("rejected")
@options.expand
def rejected(
    output: options.Output,
    place: options.Place,
    document: Annotated[list[str] | None, typer.Argument(metavar="[DOCUMENT]...", help="Such as d014. Default: all.")] = None,
    repair: Annotated[
        str, typer.Option("--repair", metavar="FILE.csv", help="Write the open rows of one document to FILE.csv for repair.")
    ] = "",
    dismiss: Annotated[
        str, typer.Option("--dismiss", metavar="REASON", help="Decide that the open rows are no gifts, and note why.")
    ] = "",
    correct: Annotated[bool, typer.Option("--correct", help="Dismiss them in closed months too.")] = False,
) -> int:
    """Rows that an import with --keep-good left out. Exit code 3 while one is open.

    \b
    Examples:
      diamondctl records rejected
      diamondctl records rejected d014 --repair mend.csv
      diamondctl records rejected d014 --dismiss "test rows of the tool"
    """

    where = target(output, columns=REJECTED.columns, stores=True)
    wanted = document or []
    if (repair or dismiss) and not wanted:
        raise typer.BadParameter("name the document whose rows are meant, such as d014")
    if repair and (dismiss or len(wanted) > 1):
        raise typer.BadParameter("--repair goes with one document, and not with --dismiss")
    private_umask()
    dismissed = 0
    with open_ledger(place) as book:
        if dismiss:
            with book.writing():
                numbers = documents.numbers_of(book, wanted)
                if not correct:
                    refuse_closed(book, numbers, "have rows of it")
                dismissed = documents.dismiss(book, numbers, parse.text(dismiss, "--dismiss"))
        with book.reading():
            numbers = documents.numbers_of(book, wanted)
            found = documents.rejected_rows(book, numbers)
            if repair:
                write_file(repair, open_rows(book, numbers[0], found), output.force, private=True)
    emit(where, rejected_view(RejectedRows(found, dismissed, repair)))
    return 3 if any(row.state == "open" for row in found) else 0
