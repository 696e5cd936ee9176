"""Mapping files: the samples write what they say, and a wrong one is refused with every problem and its place."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from diamondctl.desk.mapping import load
from diamondctl.problems import Refusal
from diamondctl.reports.posting import Target
from tests.support import EXAMPLES, run

GIFTS = ("examples/2026-10.csv", "--region", "US", "--share", "48")
SAMPLES = sorted((EXAMPLES / "books").glob("*.yaml"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_gives_a_journal_that_balances_and_says_that_it_was_not_tried(sample: Path, tmp_path: Path) -> None:
    target = load(str(sample))
    assert "NOT TRIED" in sample.read_text()
    out = tmp_path / "books.csv"
    assert run("export", *GIFTS, "--to", str(sample), "-o", str(out)).code == 0
    first = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert run("export", *GIFTS, "--to", str(sample), "-o", str(out)).code == 0, "the same bytes again"
    assert first == {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode(target.encoding)), delimiter=target.delimiter))
    assert list(rows[0]) == list(target.columns)
    assert sum(_amount(row, target) for row in rows) == 0
    assert sum(abs(_amount(row, target)) for row in rows) == 2 * Decimal("175.61")


def _amount(row: dict[str, str], target: Target) -> Decimal:
    signs = {"{amount}": 1, "{debit}": 1, "{credit}": -1}
    cells = [(row[name].replace(target.decimal, "."), signs[text]) for name, text in target.columns.items() if text in signs]
    return sum((sign * Decimal(cell) for cell, sign in cells if cell), Decimal(0))


def test_lines_of_a_file_are_limited_and_no_entry_is_cut(tmp_path: Path) -> None:
    text = 'schema: 1\nname: few\nform: csv\nlines: 7\ncolumns: {Id: "{id}", Amount: "{amount}"}\n'
    (mapping := tmp_path / "few.yaml").write_text(text)
    assert run("export", *GIFTS, "--to", str(mapping)).code == 2, "several files are none for a screen"
    out = tmp_path / "out.csv"
    assert run("export", *GIFTS, "--to", str(mapping), "-o", str(out)).code == 0
    parts = [list(csv.DictReader(path.read_text().splitlines())) for path in tmp_path.glob("out-*.csv")]
    assert len(parts) > 1 and not out.exists()
    for rows in parts:
        assert 0 < len(rows) <= 7
        assert sum(Decimal(row["Amount"]) for row in rows) == 0


def test_a_wrong_mapping_is_refused_with_every_problem_at_once(tmp_path: Path) -> None:
    text = (
        "schema: 1\nname: Wrong Name\nform: csv\naccounts: {wallet: 'a  b', purse: x}\ndate: D.M.Y\ncolumns: {A: '{amount}'}\n"
    )
    (mapping := tmp_path / "wrong.yaml").write_text(text)
    with pytest.raises(Refusal) as refused:
        load(str(mapping))
    assert [(item.line, item.code) for item in refused.value.problems] == [(2, "R008"), (4, "R008"), (4, "R006"), (5, "R008")]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("form: csv\n", "R007"),
        ("form: hledger\ncolumns: {A: x}\n", "R006"),
        ("form: csv\ncolumns: {A: '{amuont}'}\n", "R009"),
        ("form: csv\ncolumns: {A: '{amount'}\n", "R008"),
        ("form: beancount\naccounts: {wallet: 'assets:wallet'}\n", "R008"),
    ],
)
def test_values_that_do_not_go_together_are_refused(more: str, code: str, tmp_path: Path) -> None:
    (mapping := tmp_path / "wrong.yaml").write_text("schema: 1\nname: wrong\n" + more)
    with pytest.raises(Refusal) as refused:
        load(str(mapping))
    assert [item.code for item in refused.value.problems] == [code]


def test_a_mapping_of_hledger_renames_accounts(tmp_path: Path) -> None:
    (mapping := tmp_path / "mine.yaml").write_text(
        "schema: 1\nname: mine\nform: hledger\n"
        "accounts: {wallet: 'assets:live:{creator}:{currency}', platform: 'income:{kind}'}\n"
    )
    done = run("export", *GIFTS, "--to", str(mapping))
    assert "assets:live:mara:usd  4.22 USD" in done.out and "income:reward  -4.22 USD" in done.out
