"""What the ledger knows of gifters: names in one place, gone for good when erased, and files that nobody else may read."""

from __future__ import annotations

import csv
import json
import os
import stat
import unicodedata
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from diamondctl.ledger import checkup, documents, gifters, opening, recorded
from diamondctl.records import Record
from diamondctl.render.formats import FORMATS, names
from tests.build import gift
from tests.ledger.support import as_csv, content, forms, imported, undone
from tests.ledger.test_rejected import mended, repairs
from tests.support import run

START = 1_790_035_200_000_000
NAMES = ("Ann", "Jörg Ønn", '=an "odd", name', "名前 👩", "two\nlines", "a\\b", "x" * 1_024, "fan-0123456789ab", "it's", "<b>&")


def erase(ledger: Path, name: str) -> gifters.Erased:
    with opening.open_ledger(ledger) as book:
        with book.writing():
            done, files = gifters.erase(book, name)
        documents.remove_files(files)
    return done


def holding(folder: Path, name: str) -> list[str]:
    """Files below a folder in which a name stands in any form, whole or as its beginning where it is long."""
    needles = forms(name) | forms(name[:60])
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and any(needle in path.read_bytes() for needle in needles):
            found.append(path.name)
    return found


def spoiled(path: Path, name: str, extra: str = "") -> Path:
    """A CSV with good and bad rows of one gifter, spelt in different ways; `extra` makes its bytes other ones."""
    rows = [gift(START, 5, gifter=name), gift(START + 1, 6, gifter=name), gift(START + 2, 7, receiver=name)]
    decomposed = gift(START + 3, 8, gifter=unicodedata.normalize("NFD", name))
    text = as_csv([*rows, decomposed], bad={1: "many", 2: "more", 3: "most"})
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
        # A comma too many: the name stands in a column that is not the gifter's.
        csv.writer(stream, lineterminator="\n").writerow(
            ["2026-10-31T20:15:00Z", "mara", "Rose", "1", "", "", name, "", "", "", "", extra]
        )
    return path


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:12])
def test_no_byte_of_an_erased_name_stays_and_no_import_brings_it_back(tmp_path: Path, name: str) -> None:
    ledger = tmp_path / "ledger"
    imported(ledger, spoiled(tmp_path / "gifts.csv", name), keep_good=True)
    with opening.open_ledger(ledger) as book, book.writing():
        item = Record(
            "adjustment", 0, "mara", "", date(2026, 10, 31), Decimal("-4.20"), "USD", "refund",
            reason=f"taken back from {name}, sorry",
        )  # fmt: skip
        recorded.add(book, item, "2026-11-01 00:00:00")
    before = content(ledger)
    assert holding(ledger, name)
    assert erase(ledger, name).found
    assert holding(ledger, name) == []
    with opening.open_ledger(ledger) as book:
        assert gifters.traces(ledger, name) == []
        assert [item for item in checkup.examine(book) if item.status != "ok"] == []
    after = content(ledger)
    assert after["usage"] == before["usage"]
    assert after["names"] == [(None,)]
    # The same file is known; an overlapping one, and the same one after an undo, bring the name again.
    assert imported(ledger, tmp_path / "gifts.csv").files[0].same_as == "d001"
    imported(ledger, spoiled(tmp_path / "overlapping.csv", name, "more"), keep_good=True)
    assert holding(ledger, name) == []
    undone(ledger, 1, 2)
    imported(ledger, tmp_path / "gifts.csv", keep_good=True)
    assert holding(ledger, name) == []
    assert content(ledger)["usage"] == before["usage"]


@pytest.mark.parametrize("name", NAMES, ids=lambda name: ascii(name)[:12])
@pytest.mark.parametrize("escaped", [True, False])
def test_rejected_json_rows_lose_an_erased_name_however_it_is_escaped(tmp_path: Path, name: str, escaped: bool) -> None:
    ledger = tmp_path / "ledger"
    item = {"timestamp": "2026-10-31T20:15:00Z", "creator": "mara", "gift": "Rose", "coins": "5", "gifter": name}
    text = json.dumps([item, item | {"coins": 5}], ensure_ascii=escaped)
    for number, spelt in enumerate((text, text.replace("\\u00f6", "\\u00F6").replace("\\u00d8", "\\u00D8") + "\n")):
        path = tmp_path / f"{number}.json"
        path.write_text(spelt, "utf-8")
        imported(ledger, path, keep_good=True)
        if not number:
            assert holding(ledger, name)
            erase(ledger, name)
        assert holding(ledger, name) == []


def test_a_repaired_row_of_an_erased_gifter_is_still_that_gifter(tmp_path: Path) -> None:
    """Else the gift would count beside itself when another export holds it."""
    ledger, row = tmp_path / "ledger", gift(START, 5, gifter="Ann")
    path = tmp_path / "gifts.csv"
    path.write_text(as_csv([row._replace(time=START + 1), row], bad={1: "many"}), "utf-8")
    imported(ledger, path, keep_good=True)
    erase(ledger, "Ann")
    imported(ledger, mended(tmp_path / "mend.csv", repairs(ledger), coins="5"))
    assert content(ledger)["names"] == [(None,)]
    other = tmp_path / "other.csv"
    other.write_text(as_csv([row]), "utf-8")
    report = imported(ledger, other)
    assert (report.files[0].new, report.files[0].known) == (0, 1)
    assert [row.gifts for row in content(ledger)["usage"]] == [2]


def test_a_name_that_is_part_of_another_word_or_of_somebody_else_stays(tmp_path: Path) -> None:
    ledger, path = tmp_path / "ledger", tmp_path / "gifts.csv"
    path.write_text(as_csv([gift(START, gifter="Ann", stream="Annual"), gift(START, gifter="Anna")]), "utf-8")
    imported(ledger, path)
    erase(ledger, "Ann")
    assert content(ledger)["names"] == [(None,), ("Anna",)]


def test_erasing_by_alias_is_erasing_by_name(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    imported(ledger, spoiled(tmp_path / "gifts.csv", "Ann"), keep_good=True)
    with opening.open_ledger(ledger) as book:
        alias = book.raw.execute("SELECT alias FROM gifters").fetchone()[0]
    assert erase(ledger, f"fan-{alias[:12]}").name == "Ann"
    assert holding(ledger, "Ann") == []


def test_rows_show_aliases_unless_names_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "gifts.csv"
    path.write_text(as_csv([gift(START, gifter="Ann", receiver="Bea")]), "utf-8")
    arguments = ("--ledger", str(tmp_path / "ledger"))
    assert run("import", str(path), *arguments).code == 0
    for form in names(FORMATS):
        hidden = run("records", "show", "d001", "-f", form, *arguments).out.replace("\\-", "-")
        shown = run("records", "show", "d001", "-f", form, "--names", *arguments).out.replace("\\-", "-")
        assert "fan-" in hidden
        assert "Ann" not in hidden
        assert "Bea" not in hidden
        assert "Ann" in shown
        assert "fan-" not in shown


# Permissions


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_the_folder_is_for_its_owner_only_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    """Every command that writes, as a process that begins with this umask."""
    home = tmp_path / "new" / "ledger"
    spoiled(tmp_path / "gifts.csv", "Ann")
    arguments = ("--ledger", str(home))
    bonus = ("bonus", "1", "USD", "--date", "2026-10-01", "--reason", "x")
    old = os.umask(umask)
    try:
        codes = [
            run("import", str(tmp_path / "gifts.csv"), "--keep-good", *arguments).code,
            run("record", "adjustment", *bonus, *arguments).code,
            run("privacy", "erase", "Ann", *arguments).code,
            run("records", "rejected", "d001", "--repair", str(tmp_path / "mend.csv"), *arguments).code,
            run("backup", str(tmp_path / "a.zip"), *arguments).code,
            run("restore", str(tmp_path / "a.zip"), "--ledger", str(tmp_path / "again")).code,
            run("doctor", *arguments).code,
        ]  # fmt: skip
    finally:
        os.umask(old)
    assert codes == [3, 3, 0, 3, 0, 0, 0]
    for folder in (home, tmp_path / "again"):
        for path in (folder, *folder.rglob("*")):
            wanted = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    for name in ("a.zip", "mend.csv"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600, name


def test_a_folder_that_was_opened_to_others_is_named_and_closed_again(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    imported(ledger, spoiled(tmp_path / "gifts.csv", "Ann"), keep_good=True)
    (ledger / "catalog.sqlite").chmod(0o644)
    (ledger / "documents").chmod(0o755)
    with opening.open_ledger(ledger) as book:
        with book.reading():
            assert gifters.status(book).open_to_others == ("ledger/catalog.sqlite", "ledger/documents")
        checkup.fix(book)
        with book.reading():
            assert gifters.status(book).open_to_others == ()


def test_a_ledger_that_its_owner_closed_to_writing_stays_so(tmp_path: Path) -> None:
    """Taking rights from others gives none to the owner."""
    ledger = tmp_path / "ledger"
    imported(ledger, spoiled(tmp_path / "gifts.csv", "Ann"), keep_good=True)
    document = next((ledger / "documents").iterdir())
    with opening.open_ledger(ledger) as book:
        document.chmod(0o444)
        checkup.fix(book)
    assert stat.S_IMODE(document.stat().st_mode) == 0o400
