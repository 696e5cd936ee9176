"""Beside flat records: warnings and notes on standard error; options of output are checked before any work."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.support import run

LISTS = ("csv", "tsv", "md", "jsonl")
REPORTS = (("summary",), ("balance",), ("fees",), ("payout", "check"))
# Some gifts before the first rate, and a time without a zone.
GIFTS = """timestamp,creator,gift,coins
2022-10-01T20:15:00Z,mara,Rose,5
2022-10-31T20:15:00,mara,Rose,70000
"""


@pytest.fixture
def gifts(tmp_path: Path) -> str:
    path = tmp_path / "gifts.csv"
    path.write_text(GIFTS, "utf-8")
    return str(path)


@pytest.mark.parametrize("report", REPORTS, ids=" ".join)
@pytest.mark.parametrize("form", LISTS)
def test_warnings_and_notes_of_every_report_stand_on_standard_error(report: tuple[str, ...], form: str, gifts: str) -> None:
    said = json.loads(run(*report, gifts, "--region", "GB", "--json").out)
    assert said["warnings"] and said["notes"]
    answer = run(*report, gifts, "--region", "GB", "-f", form)
    assert answer.err.splitlines() == [*(f"! {text}" for text in said["warnings"]), *(f"- {text}" for text in said["notes"])]
    quiet = run(*report, gifts, "--region", "GB", "-f", form, "-q")
    assert quiet.err.splitlines() == [f"! {text}" for text in said["warnings"]]
    assert quiet.out == answer.out


def test_a_file_of_records_is_announced_with_its_warnings_too(gifts: str, tmp_path: Path) -> None:
    answer = run("summary", gifts, "--region", "GB", "-o", str(tmp_path / "a.csv"))
    assert (answer.code, answer.out) == (3, "")
    assert answer.err.startswith("! Incomplete: ")


def test_what_is_said_passes_the_gate(tmp_path: Path) -> None:
    path = tmp_path / "g\x1b[2J.csv"
    path.write_text("timestamp,creator,gift,coins\n2026-10-31T20:15:00,mara,Rose,5\n", "utf-8")
    answer = run("summary", str(path), "--region", "GB", "--csv")
    assert "<U+001B>[2J.csv: 1 time names no zone" in answer.err
    assert "\x1b" not in answer.err


@pytest.mark.parametrize("report", REPORTS, ids=" ".join)
def test_every_flat_row_says_whether_the_whole_report_is_complete(report: tuple[str, ...], tmp_path: Path) -> None:
    """Juno's own rows lack nothing, but a total of all rows would."""
    path = tmp_path / "two.csv"
    path.write_text(GIFTS + "2022-10-31T20:15:00Z,juno,Rose,70000\n", "utf-8")
    answer = run(*report, str(path), "--region", "GB", "--csv")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert {row["creator"] for row in rows} == {"juno", "mara"}
    assert {row["complete"] for row in rows} == {"false"}


def test_the_end_of_a_waterfall_from_which_something_is_missing_says_so(gifts: str, tmp_path: Path) -> None:
    for form in ("table", "csv"):
        answer = run("fees", gifts, "--region", "GB", "-f", form, COLUMNS="60")
        assert "Reaches your bank (incomplete)" in " ".join(answer.out.split())
    whole = run("fees", "examples/gb-2026-10.jsonl", "--csv").out
    assert "Reaches your bank," in whole and "incomplete" not in whole
    assert "Fans paid, if all through in-app" in whole, "the words of the table"


@pytest.mark.parametrize("report", REPORTS, ids=" ".join)
@pytest.mark.parametrize("option", [("--columns", "creator,rewrad"), ("--sort", "-rewrad")], ids=["columns", "sort"])
def test_names_of_columns_are_checked_before_a_file_is_read(report: tuple[str, ...], option: tuple[str, str]) -> None:
    answer = run(*report, "/nonexistent/gifts.csv", "--region", "US", "--csv", *option)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("A014 there is no column 'rewrad'")


@pytest.mark.parametrize("command", ["list", "show", "which", "check"])
def test_they_are_for_rate_files_too(command: str) -> None:
    more = {"show": ["US"], "which": ["--region", "US"], "check": ["/nonexistent"]}.get(command, ["--rates", "/nonexistent"])
    answer = run("rates", command, *more, "--csv", "--sort", "rewrad")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("A014 there is no column 'rewrad'")
