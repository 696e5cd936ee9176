"""Problems as people read them: the sentence, its code and place, what to do; and what is to be done works as it is printed."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.support import run, run_in
from tests.test_errors import CASES, ERRORS, golden, prepare

REFUSED = [code for code in CASES if golden(code).err]
# What a person puts for words in capitals.
FILLED = {"CODE": "US", "NAME": "mara", "AMOUNT": "10", "DIR": ".", "FILE": "x.csv", "DATE": "2026-10-01", "VALUE": "US"}


def in_full(code: str, folder: Path, width: int = 80) -> list[str]:
    """What a person sees of a case."""
    words = shlex.split((ERRORS / code / "cmd").read_text("utf-8"))
    result = run(*words, "--errors", "full", cwd=folder, COLUMNS=str(width))
    assert (result.code, result.out) == (golden(code).code, "")
    return result.err.splitlines()


def commands(lines: list[str]) -> list[str]:
    """Commands to copy: those that begin a line, to where the sentence goes on."""
    return [re.split("[,;] ", line[4:])[0] for line in lines if re.match(r"(Do: |    )diamondctl ", line)]


@pytest.mark.parametrize("code", REFUSED)
def test_the_sentence_comes_first_then_the_place_and_nothing_is_cut(code: str, tmp_path: Path) -> None:
    prepare(code, tmp_path)
    lines = in_full(code, tmp_path)
    assert lines[0].endswith(f" [{code}]")
    concise = golden(code).err
    told = " ".join(lines).replace(f" [{code}]", "")
    for problem in concise.splitlines()[:1]:
        words = problem.partition(f"{code} ")[2]
        message = words.partition(" (")[0]
        assert message.lower().rstrip(".") in told.lower()
        if place := problem.partition(f"{code} ")[0].strip():
            assert place in lines
    for line in lines:
        assert len(line) <= 80 or line[4:].startswith("diamondctl ") or " " not in line.strip()


@pytest.mark.parametrize("code", REFUSED)
def test_what_is_to_be_done_works_in_that_state(code: str, tmp_path: Path) -> None:
    """No command to copy is refused for its words, and none falls into a bug."""
    prepare(code, tmp_path / "first")
    for number, command in enumerate(commands(in_full(code, tmp_path / "first"))):
        folder = tmp_path / str(number)
        prepare(code, folder)
        words = [FILLED.get(word, word) for word in shlex.split(command)]
        assert words[0] == "diamondctl"
        result = run(*words[1:], cwd=folder, HOME=str(folder))
        assert result.code != 70 and "See: diamondctl" not in result.err, (command, result.err)
        assert f" {code} " not in f" {result.err}" or re.search("NAME|DIR", command), (command, result.err)


def test_one_cause_in_many_rows_is_one_problem_with_their_number(tmp_path: Path) -> None:
    rows = [f"2026-10-31T20:15:00Z,mara,Rose,1,7.5{number}E+18" for number in range(189)]
    lines = ["timestamp,creator,gift,coins,event_id", *rows, "2026-10-31T20:15:00Z,mara,,1,a"]
    (tmp_path / "gifts.csv").write_text("\n".join(lines) + "\n", "utf-8")
    for command in ("summary", "import"):
        result = run(
            command, "gifts.csv", "--region", "US", "--errors", "full", cwd=tmp_path, DIAMONDCTL_LEDGER="led", COLUMNS="80"
        )
        assert result.err == (
            "event_id: '7.50E+18' is an id that a spreadsheet turned into a number. [G032]\n"
            "gifts.csv:2:34, and 188 more like it up to line 190:34\n"
            "Do: export the ids as text; digits that are lost cannot be restored\n"
            "\n"
            "Gift is blank. [G010]\n"
            "gifts.csv:191:27\n"
            "Do: fill it in, or remove the row\n"
        )


def test_a_pipe_gets_a_line_a_problem_and_a_variable_decides(tmp_path: Path) -> None:
    words = ("help", "evidenz")
    concise, full = golden("A023").err, "There is no topic 'evidenz'. [A023]\nDo: diamondctl help evidence\n"
    assert run(*words).err == run(*words, "--errors", "concise", DIAMONDCTL_ERRORS="full").err == concise
    assert run(*words, DIAMONDCTL_ERRORS="full").err == run(*words, "--errors=full").err == full
    wrong = run(*words, "--errors", "loud")
    assert wrong.code == 2 and "'loud' is not full or concise" in wrong.err


def test_a_setting_without_its_creator_is_filled_in(tmp_path: Path) -> None:
    """From the settings, or from the ledger; of several nobody is guessed."""
    place = {"DIAMONDCTL_LEDGER": str(tmp_path / "led"), "DIAMONDCTL_ERRORS": "full", "XDG_CONFIG_HOME": str(tmp_path)}
    assert run_in(place, "config", "set", "share", "48").err.endswith("Do: diamondctl config set creators.NAME.share 48\n")
    assert run_in(place, "import", "examples/2026-10.csv").code == 0
    assert run_in(place, "config", "set", "share", "48").err.endswith("Do: diamondctl config set creators.mara.share 48\n")
    assert run_in(place, "config", "set", "creators.lee.region", "GB").code == 0
    assert run_in(place, "config", "set", "penalty", "0").err.endswith("config set creators.lee.missions.penalty 0\n")
    assert run_in(place, "config", "set", "creators.mara.region", "US").code == 0
    assert "One of: creators.lee.share, creators.mara.share." in run_in(place, "config", "set", "share", "48").err


def test_a_file_that_is_not_there_is_answered_by_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "gifts-2026-10.csv").write_text("x", "utf-8")
    result = run("summary", "gift-2026-10.csv", "--region", "US", "--errors", "full", cwd=tmp_path)
    assert result.err.splitlines()[-1] == "Do: diamondctl summary gifts-2026-10.csv --region US"
