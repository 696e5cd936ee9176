"""Options whose text is not what it seems."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import pytest

from diamondctl.cli import app
from tests.support import ROOT, run

SUMMARY = ("summary", "examples/2026-10.csv", "--region", "US")


@pytest.mark.parametrize("arguments", [(*SUMMARY, "--share", ""), ("fees", *SUMMARY[1:], "--share=")], ids=["summary", "fees"])
def test_an_empty_share_is_refused(arguments: tuple[str, ...]) -> None:
    """A shell variable that is not set must not make a range of what was to be exact."""
    answer = run(*arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "A004 --share: '' is not a percentage (write it as 48 or 36.5)\n"


def test_an_empty_share_is_not_written_into_the_settings_either(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    answer = run("init", "--region", "US", "--creator", "mara", "--share", "", "--yes", "--config", str(path))
    assert (answer.code, path.exists()) == (2, False)
    assert answer.err.startswith("A004 --share: '' is not a percentage")


def test_an_empty_agency_is_refused() -> None:
    answer = run("fees", *SUMMARY[1:], "--share", "48", "--agency", "")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == "A004 --agency: '' is not a percentage (write it as 48 or 36.5)\n"


@pytest.mark.parametrize("option", ["--salvage", "--infer-streams=2h", "--earning-unit=diamonds"])
def test_an_option_of_files_is_not_passed_over_where_the_ledger_is_read(tmp_path: Path, option: str) -> None:
    answer = run("balance", "--ledger", str(tmp_path / "ledger"), option)
    assert (answer.code, answer.out) == (2, "")
    assert f"{option.partition('=')[0]} is for files: name some" in answer.err


@pytest.mark.parametrize("name", ["unicode-escape", "unicode_escape", "raw-unicode-escape", "punycode", "undefined", "rot13"])
def test_what_is_no_encoding_of_files_is_refused(name: str) -> None:
    answer = run(*SUMMARY, "--encoding", name)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(f"A007 --encoding: '{name}' is not a text encoding")


@pytest.mark.parametrize("width", ["9" * 5_000, "10001", "0", "-5", "x", "99999999999"])
def test_an_absurd_width_is_no_width(width: str) -> None:
    piped = run(*SUMMARY, COLUMNS="")
    assert piped.code == 0
    assert run(*SUMMARY, COLUMNS=width) == piped


def test_commands_that_a_report_names_can_be_typed(tmp_path: Path) -> None:
    """Also for a zone of one's own, in a folder with a blank, and for several zones."""
    folder = tmp_path / "my rates"
    folder.mkdir()
    shipped = ROOT / "rates" / "tiktok" / "us.yaml"
    (folder / "mine.yaml").write_text(shipped.read_text("utf-8"), "utf-8")
    answer = run("summary", "examples", "--region", "US", "--rates", str(folder), "-v", COLUMNS="")
    lines = [line.partition(": ")[2] for line in answer.out.splitlines() if line.startswith("Sources in full: ")]
    assert lines == [
        "diamondctl rates show mine --rates DIR -v",
        "diamondctl rates show euro -v",
        "diamondctl rates show gb -v",
    ]
    for line in lines:
        shown = run(*(str(folder) if word == "DIR" else word for word in shlex.split(line)[1:]))
        assert (shown.code, shown.err) == (0, "")
    (warning,) = [line for line in answer.out.splitlines() if "last seen to hold more" in line]
    assert warning.endswith(". See: " + "; ".join(line.removesuffix(" -v") for line in lines))


def test_one_of_a_thing_is_said_in_the_singular(tmp_path: Path) -> None:
    path = tmp_path / "gifts.csv"
    path.write_text(
        "timestamp,creator,gift,coins,event_id\n"
        "2022-10-01T20:15:00Z,mara,Rose,1,a\n"
        "2022-10-31T20:15:00Z,mara,Rose,1,b\n"
        "2022-10-31T20:15:00Z,mara,Rose,1,b\n"
        "2022-10-31T20:15:00Z,juno,Rose,1,c\n",
        "utf-8",
    )
    said = run("summary", str(path), "--region", "GB", "--creator", "mara", "-v", COLUMNS="").out
    assert "1 row repeats a gift that another row holds; it counts once (1 coin)." in said
    assert "other is not shown" not in said and "juno" not in said  # a report of one creator says nothing of others
    assert "Incomplete: 1 gift (1 coin) is left out of the money: " in said


def test_an_option_that_says_two_things_is_refused_by_name_with_both() -> None:
    """Every option of every command that may be given once; the last would win in silence. The same thing twice is one."""
    for path, command in app.command().commands_below():
        params: list[Any] = command.params
        for item in params:
            if item.param_type_name != "option" or item.is_flag or item.multiple:
                continue
            name = item.opts[-1]
            answer = run(*path.split(), name, "1", f"{name}=2")
            assert (answer.code, answer.out) == (2, ""), (path, name)
            assert f"{name}: given as '1' and as '2'; say it once" in answer.err, (path, name, answer.err)


def test_the_same_twice_is_said_once(tmp_path: Path) -> None:
    twice = ("-p", "2026-10", "--period=2026-10", "-o", "a.csv", "-o", "a.csv", "-q", "-q")
    made = run("summary", str(ROOT / SUMMARY[1]), *SUMMARY[2:], *twice, cwd=tmp_path)
    assert (made.code, (tmp_path / "a.csv").exists()) == (0, True)
    several = run("summary", str(ROOT / SUMMARY[1]), *SUMMARY[2:], "-o", "b.csv", "-o", "c.csv", cwd=tmp_path)
    assert several.err.startswith("Invalid value: --output: given as 'b.csv' and as 'c.csv'; say it once")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]
