"""`diamondctl documents`: list, show, undo, rejected."""

from __future__ import annotations

from typing import Annotated

import typer

from diamondctl.cli import options, parse
from diamondctl.cli.ledger import keep_states, open_ledger, private_umask
from diamondctl.cli.output import emit, target, write_file
from diamondctl.cli.shown import named, open_rows
from diamondctl.ledger import derive, documents, stored_totals
from diamondctl.ledger.families import family_words
from diamondctl.render.documents import LIST, REJECTED, SHOW, UNDO, list_view, rejected_view, show_view, undo_view
from diamondctl.reports.documents import DocumentDetail, Documents, RejectedRows, Undone

app = typer.Typer()

Ids = Annotated[list[str], typer.Argument(metavar="DOCUMENT...", help="Such as d014.")]


@app.command("list")
@options.expand
def list_(output: options.Output, place: options.Place) -> int:
    """Every imported file. Exit code 3 while rows that were left out are open.

    \b
    Examples:
      diamondctl documents list
      diamondctl documents list --csv --columns document,name,sha256
    """

    where = target(output, columns=LIST.columns)
    with open_ledger(place) as book, book.reading():
        rows = documents.stored(book)
        preferred = tuple((creator, family_words(family)) for creator, family in sorted(derive.preferences(book).items()))
    emit(where, list_view(Documents(rows, preferred)))
    return 3 if any(row.open_rejects for row in rows) else 0


@app.command("show")
@options.expand
def show(
    document: Annotated[str, typer.Argument(metavar="DOCUMENT", help="Such as d014.")],
    output: options.Output,
    place: options.Place,
    rows: Annotated[int, typer.Option("--rows", min=0, metavar="N", help="How many rows to show; 0 is all.")] = 20,
    names: Annotated[bool, typer.Option("--names", help="Show gifters by name.")] = False,
) -> int:
    """One imported file: how it was read, and its rows. Gifters are aliases, unless --names.

    \b
    Examples:
      diamondctl documents show d014
      diamondctl documents show d014 --rows 0 --csv -o rows.csv
    """

    where = target(output, columns=SHOW.columns)._replace(private=names)
    with open_ledger(place) as book, book.reading():
        (number,) = documents.numbers_of(book, [document])
        item = next(item for item in documents.stored(book) if item.number == number)
        stored = documents.rows_of(book, number, rows)
        people = {row.gifter for row in stored} | {row.receiver for row in stored if row.receiver != row.creator}
        known = documents.names_of(book, people) if names else {}
        totals = stored_totals.of_document(book, number)
    gifts = [named(row, known) for row in stored]
    emit(where, show_view(DocumentDetail(item, gifts, totals[:rows] if rows else totals)))
    return 0


@app.command("undo")
@options.expand
def undo(document: Ids, output: options.Output, place: options.Place, dry_run: options.DryRun = False) -> int:
    """Take imported files out again, as if they had never been imported. Repaired rows of theirs go with them.

    \b
    Examples:
      diamondctl documents undo d014 d015
      diamondctl documents undo d014 --dry-run
    """

    where = target(output, columns=UNDO.columns)
    private_umask()
    with open_ledger(place) as book:
        with book.writing(keep=not dry_run):
            gone, files = documents.undo(book, documents.numbers_of(book, document))
        if not dry_run:
            documents.remove_files(files)
    if not dry_run:
        keep_states(place)
    emit(where, undo_view(Undone(gone.documents, gone.gifts, gone.coins, gone.names, gone.kept, dry_run)))
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
) -> int:
    """Rows that an import with --keep-good left out. Exit code 3 while one is open.

    \b
    Examples:
      diamondctl documents rejected
      diamondctl documents rejected d014 --repair mend.csv
      diamondctl documents rejected d014 --dismiss "test rows of the tool"
    """

    where = target(output, columns=REJECTED.columns)
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
                dismissed = documents.dismiss(book, documents.numbers_of(book, wanted), parse.text(dismiss, "--dismiss"))
        with book.reading():
            numbers = documents.numbers_of(book, wanted)
            found = documents.rejected_rows(book, numbers)
            if repair:
                write_file(repair, open_rows(book, numbers[0], found), output.force, private=True)
    emit(where, rejected_view(RejectedRows(found, dismissed, repair)))
    return 3 if any(row.state == "open" for row in found) else 0
