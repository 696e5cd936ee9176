"""A statement that the library makes is the command's to the byte, and both verify it alike."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import diamondctl
from diamondctl import Report
from tests.reports.test_statement import at, ledger
from tests.support import EXAMPLES, ROOT, run

__all__ = ["ledger"]
FILE = str(EXAMPLES / "2026-10.csv")
WORDS = ("-p", "2026-10", "--creator", "mara", "--share", "48")
NOW = "2026-11-01"  # the day of every command in tests


@pytest.fixture(autouse=True)
def _at_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def october(folder: Path) -> Report[Any]:
    """The statement of the ledger's first creator. Its options are named in another order than the command has them."""
    return diamondctl.statement(
        ledger=folder / "ledger", config=folder / "config.yaml", share=48, as_of=NOW, period="2026-10", creator="mara"
    )  # fmt: skip


@pytest.mark.parametrize("ending", ["json", "csv", "md", "txt", "html", "xlsx"])
def test_a_statement_is_the_command_s_to_the_byte(ending: str, ledger: Path, tmp_path: Path) -> None:
    """In every format that has an ending."""
    if ending == "xlsx":
        pytest.importorskip("xlsxwriter")
    mine, other = (tmp_path / f"{name}.{ending}" for name in ("library", "command"))
    report = october(ledger)
    report.save(mine)
    done = at(ledger, "report", "statement", *WORDS, "-o", str(other))
    assert (done.code, mine.read_bytes()) == (report.exit_code, other.read_bytes())


def test_a_year_is_too(ledger: Path, tmp_path: Path) -> None:
    mine, other = tmp_path / "library.json", tmp_path / "command.json"
    where = {"ledger": ledger / "ledger", "config": ledger / "config.yaml"}
    diamondctl.year(form=100, period="2026", creator="mara", as_of=NOW, **where).save(mine)  # type: ignore[arg-type]
    assert at(ledger, "report", "year", "-p", "2026", "--creator", "mara", "--form", "100", "-o", str(other)).code in (0, 3)
    assert mine.read_bytes() == other.read_bytes()


def test_what_read_the_files_is_no_part_of_it() -> None:
    """Else no other machine could compute it again."""
    made = [diamondctl.statement(FILE, region="US", period="2026-10", engine=engine) for engine in ("", "duckdb")]
    assert made[0].json() == made[1].json()


def test_both_verify_it_alike(ledger: Path, tmp_path: Path) -> None:
    """From the ledger and from the file alone; with a figure that somebody changed, with a gift too few."""
    october(ledger).save(statement := tmp_path / "october.json")
    text = statement.read_text("utf-8")
    changed = tmp_path / "changed.json"
    changed.write_text(text.replace('"least": "', '"least": "1', 1), "utf-8")
    shorter = tmp_path / "shorter.csv"
    shorter.write_text("".join(Path(FILE).read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    for name, files in ((statement, [FILE]), (changed, [FILE]), (statement, [str(shorter)])):
        made = diamondctl.verify(name, *files)
        done = run("verify", str(name), *files, "--json")
        assert (made.exit_code, made.json()) == (done.code, json.loads(done.out))
        assert made.exit_code == (0 if (name, files) == (statement, [FILE]) else 1)
        told = "Same: 1 file" if made.value.same else "Not the same: Gift value (statements[0].lines[0]."
        assert made.answer.startswith(told)
    made = diamondctl.verify(statement, ledger=ledger / "ledger")
    assert made.json() == json.loads(at(ledger, "verify", str(statement), "--json").out)
    assert made.value.same


def test_what_is_saved_is_not_overwritten(tmp_path: Path) -> None:
    """The same bytes may be saved again."""
    report = diamondctl.summary(FILE, region="US", share=48, period="2026-10")
    for _ in range(2):
        report.save(file := tmp_path / "october.csv")
    with pytest.raises(diamondctl.Refusal, match="A009"):
        diamondctl.summary(FILE, region="US", share=40, period="2026-10").save(file)
    with pytest.raises(diamondctl.Refusal, match="A008"):
        report.save(tmp_path / "october")
    assert [path.name for path in tmp_path.iterdir()] == ["october.csv"]


def test_several_creators_are_asked_whose(ledger: Path) -> None:
    with pytest.raises(diamondctl.Misuse, match="a statement is of one creator"):
        diamondctl.statement(ledger=ledger / "ledger", config=ledger / "config.yaml", period="2026-10")
    with pytest.raises(diamondctl.Misuse, match="2026-10 is no year"):
        diamondctl.year(FILE, region="US", period="2026-10")
