"""Rows left out by --keep-good: kept whole, repaired once, read as their document was, and never lost on the way."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from diamondctl.desk.held import open_rows
from diamondctl.desk.staged import Importing
from diamondctl.ledger import backups, checkup, documents, opening
from diamondctl.ledger.staging import Reading
from diamondctl.problems import Refusal
from tests.build import gift
from tests.ledger.support import as_csv, bring_in, content, imported, undone

START = 1_790_035_200_000_000
HEAD = "timestamp,creator,gift,coins,gifter\n"


def keep(ledger: Path, path: Path, text: str, **reading: str) -> None:
    path.write_text(text, "utf-8")
    bring_in(ledger, [path], Importing(Reading(**reading), keep_good=True))


def repairs(ledger: Path, number: int = 1) -> list[list[str]]:
    """Header and open rows of a document, as --repair writes them."""
    with opening.open_ledger(ledger) as book, book.reading():
        return list(csv.reader(io.StringIO(open_rows(book, str(number), documents.rejected_rows(book, [number])))))


def mended(path: Path, rows: list[list[str]], **cells: str) -> Path:
    """A file of these repaired rows, the named cells corrected."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(rows[0])
    for row in rows[1:]:
        for name, cell in cells.items():
            row[rows[0].index(name)] = cell
        writer.writerow(row)
    path.write_text(out.getvalue(), "utf-8")
    return path


def refusal_of(ledger: Path, path: Path, *, keep_good: bool = False) -> list[str]:
    with pytest.raises(Refusal) as refused:
        imported(ledger, path, keep_good=keep_good)
    return [str(problem._replace(file=Path(problem.file).name)) for problem in refused.value.problems]


def states(ledger: Path) -> list[tuple[str, str, int]]:
    with opening.open_ledger(ledger) as book, book.reading():
        return [(row.place, row.state, row.repaired) for row in documents.rejected_rows(book)]


def test_a_repaired_row_is_read_with_the_options_of_its_document(tmp_path: Path) -> None:
    """A creator, a zone and a region that were given once are not asked for again; the figures are those of a good file."""
    text = "timestamp,gift,coins\n2026-10-31 20:15,Rose,{}\n2026-10-31 21:15,Rose,2\n"
    reading = {"creator": "mara", "input_timezone": "Asia/Kathmandu", "region": "US"}
    keep(tmp_path / "a", tmp_path / "a.csv", text.format("many"), **reading)
    imported(tmp_path / "a", mended(tmp_path / "mend.csv", repairs(tmp_path / "a"), coins="1"))
    keep(tmp_path / "b", tmp_path / "b.csv", text.format("1"), **reading)
    assert content(tmp_path / "a")["usage"] == content(tmp_path / "b")["usage"]
    assert imported(tmp_path / "a", tmp_path / "mend.csv").files[0].same_as == "d002"


def test_repaired_rows_count_with_their_document_and_not_beside_it(tmp_path: Path) -> None:
    """Two equal gifts of one file are two, one of them repaired or not."""
    row = gift(START, 5, gifter="Ann")
    keep(tmp_path / "a", tmp_path / "a.csv", as_csv([row, row], bad={1: "many"}))
    imported(tmp_path / "a", mended(tmp_path / "mend.csv", repairs(tmp_path / "a"), coins="5"))
    assert [(row.gifts, row.coins) for row in content(tmp_path / "a")["usage"]] == [(2, 10)]
    undone(tmp_path / "a", 2)
    assert states(tmp_path / "a") == [("3", "open", 0)]
    imported(tmp_path / "a", tmp_path / "mend.csv")
    undone(tmp_path / "a", 1)
    assert content(tmp_path / "a")["usage"] == []
    assert content(tmp_path / "a")["documents"] == []


def test_rows_still_bad_stay_where_they_are(tmp_path: Path) -> None:
    """--keep-good leaves nothing out twice."""
    ledger = tmp_path / "a"
    keep(ledger, tmp_path / "a.csv", as_csv([gift(START), gift(START + 1)], bad={0: "many", 1: "more"}))
    rows = repairs(ledger)
    rows[1][rows[0].index("coins")] = "5"
    path = mended(tmp_path / "mend.csv", rows)
    before = content(ledger)
    for keep_good in (False, True):
        assert [text.split(" ")[1] for text in refusal_of(ledger, path, keep_good=keep_good)] == ["G020"]
        assert content(ledger) == before


def test_what_is_settled_cannot_be_repaired_again(tmp_path: Path) -> None:
    ledger = tmp_path / "a"
    keep(ledger, tmp_path / "a.csv", as_csv([gift(START), gift(START + 1), gift(START + 2)], bad={1: "x", 2: "y"}))
    rows = repairs(ledger)
    one = mended(tmp_path / "one.csv", [list(row) for row in rows[:2]], coins="5")
    imported(ledger, one)
    hint = "(see: diamondctl records rejected; to import the file anew, undo the document first)"
    again = mended(tmp_path / "again.csv", [list(row) for row in rows[:2]], coins="6")
    assert refusal_of(ledger, again) == [f"again.csv L013 row 3 of d001 was repaired already {hint}"]
    with opening.open_ledger(ledger) as book, book.writing():
        assert documents.dismiss(book, [1], "a test") == 1
    other = mended(tmp_path / "other.csv", [rows[0], list(rows[2])], coins="6")
    assert refusal_of(ledger, other) == [f"other.csv L013 row 4 of d001 was dismissed {hint}"]
    never = mended(tmp_path / "never.csv", [rows[0], list(rows[2])], coins="6", ledger_line="2")
    assert refusal_of(ledger, never) == [f"never.csv L013 row 2 of d001 was not left out {hint}"]
    strange = mended(tmp_path / "strange.csv", [rows[0], list(rows[2])], coins="6", ledger_document="x")
    assert refusal_of(ledger, strange) == [
        "strange.csv:2 L013 'x' is no document (keep the first two columns as they were written)"
    ]
    gone = mended(tmp_path / "gone.csv", [rows[0], list(rows[2])], coins="6", ledger_document="d009")
    assert refusal_of(ledger, gone) == [f"gone.csv L013 row 4 of d009 was not left out {hint}"]


def test_a_row_cannot_be_repaired_twice_in_one_file_nor_rows_of_two_documents(tmp_path: Path) -> None:
    ledger = tmp_path / "a"
    for number in range(2):
        keep(ledger, tmp_path / f"{number}.csv", as_csv([gift(START + number), gift(START)], bad={1: "x"}))
    (header, one), (_, other) = repairs(ledger, 1), repairs(ledger, 2)
    twice = mended(tmp_path / "twice.csv", [header, list(one), list(one)], coins="5")
    assert refusal_of(ledger, twice) == ["twice.csv L013 a row of d001 is repaired twice (keep one of them)"]
    both = mended(tmp_path / "both.csv", [header, list(one), list(other)], coins="5")
    assert refusal_of(ledger, both) == [
        "both.csv:3 L013 repaired rows of several documents in one file (import the repaired rows of one document at a time)"
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_spreadsheet_may_write_the_repaired_rows_with_another_delimiter(tmp_path: Path, delimiter: str) -> None:
    ledger = tmp_path / "a"
    keep(ledger, tmp_path / "a.csv", "timestamp,gift,coins\n2026-10-31 20:15,Rose,x\n", creator="mara")
    rows = repairs(ledger)
    rows[1][rows[0].index("coins")] = "5"
    path = tmp_path / "mend.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    imported(ledger, path)
    assert states(ledger) == [("2", "repaired", 2)]


def test_a_row_that_cannot_be_left_out_refuses_the_file(tmp_path: Path) -> None:
    """It must not slip away with the next row that can."""
    path = tmp_path / "a.csv"
    path.write_text(
        f"{HEAD}2026-10-31T20:15:00Z,mara,Ro\0se,1,Ann\n2026-10-31T20:16:00Z,mara,Rose,many,Ann\n2026-10-31T20:17:00Z,mara,Rose,1,\n"
    )
    assert refusal_of(tmp_path / "a", path, keep_good=True) == [
        "a.csv:2:27 G031 a NUL character (remove it, or export the file again)"
    ]


def test_every_row_is_either_stored_or_rejected(tmp_path: Path) -> None:
    """CSV and JSON, with problems of every shape."""
    bad = [
        "2026-10-31T20:15:00Z,mara,Rose,many,Ann",
        "2026-10-31T20:15:00Z,mara,Rose",
        '2026-10-31T20:15:00Z,mara,Ro"se,1,Ann',
        HEAD.strip(),
    ]
    good = "2026-10-31T20:15:00Z,mara,Rose,1,Ann"
    keep(tmp_path / "csv", tmp_path / "a.csv", HEAD + "\n".join([good, *bad, good]) + "\n")
    item = '{"timestamp": "2026-10-31T20:15:00Z", "creator": "mara", "gift": "Rose", "coins": %s}'
    keep(tmp_path / "json", tmp_path / "a.json", "[" + ",".join([item % 1, item % '"1"', "7", item % -1, item % 1]) + "]")
    keep(tmp_path / "jsonl", tmp_path / "a.jsonl", "\n".join([item % 1, "{", "7", item % -1, item % 1]))
    for name, rejected in (("csv", 4), ("json", 3), ("jsonl", 3)):
        with opening.open_ledger(tmp_path / name) as book, book.reading():
            assert [(item.rows, item.rejects) for item in documents.stored(book)] == [(2, rejected)], name
        (path,) = (tmp_path / name / "rejected").iterdir()
        kept = path.read_text("utf-8")
        assert len(list(csv.reader(io.StringIO(kept, newline="")))) == rejected + 1


def test_undo_takes_repaired_rows_of_other_days_and_creators_along(tmp_path: Path) -> None:
    """Their usage, their file and their names."""
    ledger = tmp_path / "a"
    far = gift(START + 40 * 86_400_000_000, 5, creator="noor", gifter="Ann")
    keep(ledger, tmp_path / "a.csv", as_csv([gift(START, 1, gifter="Bea"), far], bad={1: "many"}))
    imported(ledger, mended(tmp_path / "mend.csv", repairs(ledger), coins="5"))
    assert [row.creator for row in content(ledger)["usage"]] == ["mara", "noor"]
    assert [item.number for item in undone(ledger, 1).documents] == [1, 2]
    assert content(ledger)["usage"] == content(ledger)["names"] == []
    assert [path.name for path in ledger.glob("*/*")] == []


def test_a_document_whose_rows_were_all_left_out_is_examined_and_backed_up_too(tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_text("timestamp,creator,gift,coins\n2026-10-01T20:15:00Z,noor,Rose,x\n")
    imported(tmp_path / "ledger", file, keep_good=True)
    (path,) = (tmp_path / "ledger" / "documents").iterdir()
    with opening.open_ledger(tmp_path / "ledger") as book:
        assert [item.status for item in checkup.examine(book) if item.what.startswith("d001")] == ["ok", "ok"]
        backups.write(book, tmp_path / "kept.zip")
    backups.restore(tmp_path / "kept.zip", tmp_path / "again")
    assert (tmp_path / "again" / "documents" / path.name).read_bytes() == path.read_bytes()
