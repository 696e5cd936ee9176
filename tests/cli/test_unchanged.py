"""`-o` with equal bytes is unchanged; with others the file is kept, and the first figure that differs is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import EXAMPLES, run

SUMMARY = ("summary", str(EXAMPLES / "2026-10.csv"), "--region", "US")


@pytest.mark.parametrize(
    "ending, difference",
    [
        (".json", "data.accounts[0].figures.reward.now.low: 99.23 there, 95.16 now"),
        (".csv", "row 2, reward_low: 99.23 there, 95.16 now"),
        (".txt", "line 1: October 2026: you earned 99.23 USD. there, October 2026: you earned 95.16 USD. now"),
    ],
)
def test_the_first_figure_that_differs_is_named(ending: str, difference: str, tmp_path: Path) -> None:
    file = tmp_path / f"report{ending}"
    first = run(*SUMMARY, "--share", "49", "-o", str(file))
    assert (first.code, first.out) == (0, "")
    bytes_there, moment = file.read_bytes(), file.stat().st_mtime_ns
    again = run(*SUMMARY, "--share", "49", "-o", str(file))
    assert (again.code, again.err.splitlines()[-1]) == (0, f"{file}: unchanged")
    assert file.stat().st_mtime_ns == moment
    other = run(*SUMMARY, "--share", "47", "-o", str(file))
    assert other.code == 4
    assert difference in other.err
    assert file.read_bytes() == bytes_there
    assert run(*SUMMARY, "--share", "47", "-o", str(file), "--force").code == 0
    assert file.read_bytes() != bytes_there


def test_a_file_of_another_kind_is_kept(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    file.write_bytes(b"\xff\x00 my notes")
    answer = run(*SUMMARY, "-o", str(file))
    assert (answer.code, answer.out) == (4, "")
    assert "the file exists already and was kept" in answer.err
    assert file.read_bytes() == b"\xff\x00 my notes"


def test_what_stores_something_refuses_before_it_does(tmp_path: Path) -> None:
    file, ledger = tmp_path / "report.json", tmp_path / "ledger"
    file.write_text("{}", "utf-8")
    answer = run("import", str(EXAMPLES / "2026-10.csv"), "--region", "US", "--ledger", str(ledger), "-o", str(file))
    assert answer.code == 4
    assert not ledger.exists()
