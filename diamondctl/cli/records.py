"""`diamondctl records`: list, show, rejected; `diamondctl undo`."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import choose
from diamondctl.cli.ledger import keep_states, now, open_ledger, private_umask
from diamondctl.cli.output import emit, target, write_file
from diamondctl.desk import held, parse
from diamondctl.desk.moved import Allowed
from diamondctl.render.documents import LIST, REJECTED, SHOW, UNDO, list_view, rejected_view, show_view, undo_view
from diamondctl.render.records import SHOW_RECORD, record_view

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
    only = parse.name(parse.text(creator, "--creator"))
    with open_ledger(place) as book, book.reading():
        found = held.everything(book, only)
    emit(where, list_view(found, held.units(found.documents, place.config)))
    return 3 if any(row.open_rejects for row in found.documents) else 0


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
    of_file = held.is_document(record)
    where = target(output, columns=(SHOW if of_file else SHOW_RECORD).columns)._replace(private=names)
    with open_ledger(place) as book, book.reading():
        if of_file:
            found = held.document(book, record, rows, names=names)
            made = show_view(found, held.units([found.stored], place.config))
        else:
            made = record_view(held.record(book, record))
    emit(where, made)
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
            taken = held.undo(book, chosen, record, allowed, dry_run=dry_run)
        if not dry_run:
            taken.remove_files()
    if not dry_run and taken.of_documents:
        keep_states(place)
    emit(where, undo_view(taken.undone, held.units(taken.undone.documents, place.config)))
    return 0


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
                dismissed = held.dismiss(book, wanted, parse.text(dismiss, "--dismiss"), correct=correct)
        with book.reading():
            found = held.rejected(book, wanted, dismissed, repair)
            if repair:
                write_file(repair, held.open_rows(book, wanted[0], found.rows), output.force, private=True)
    emit(where, rejected_view(found))
    return 3 if any(row.state == "open" for row in found.rows) else 0
