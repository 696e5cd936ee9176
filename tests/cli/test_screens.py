"""The contract of a screen: the answer first, on 80 x 24, in the words of the app, with commands that are whole."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests import screens
from tests.support import Result, run_in

# Words of our own trade, which a default screen does without; paths of rate files with their lines too.
BANNED = re.compile(r"\b(settlement|rated|imported|pinball|projected)\b|\.yaml:[0-9]")
# Commands that are about rate files, settings and the ledger itself speak of them.
PLAIN = ("summary", "balance", "payout", "fees", "explain reward", "project")
LISTS = ("summary", "balance", "payout check", "fees", "explain reward", "project")


_WHOLE = (
    r"record balance AMOUNT --creator \S+|config set \S+ \S+|explain reward -p \S+|import FILE"
    r"|project (?:FILE )?--streams N|rates new \S+ .*? -o \S+\.yaml"
)


def suggested(text: str) -> list[str]:
    """Commands that a screen tells to type, whole."""
    return re.findall(f"diamondctl ({_WHOLE})", text.replace(" \\\n", " "))


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A ledger of each world."""
    return screens.made(tmp_path_factory.mktemp("worlds"))


@pytest.fixture(scope="module")
def shown(folders: dict[str, Path]) -> dict[tuple[str, str], Result]:
    """Every default screen of every world."""
    return {
        (command, world): screens.look(command, folder) for command in screens.COMMANDS for world, folder in folders.items()
    }


def test_every_screen_has_its_answer_on_it(shown: dict[tuple[str, str], Result], folders: dict[str, Path]) -> None:
    missing = []
    for (command, world), result in shown.items():
        if result.code in (2, 4):
            continue
        lines = result.out.splitlines()
        answer = json.loads(run_in(screens.places(folders[world]), *shlex.split(command), "--json").out).get("answer")
        visible = " ".join(lines[-(screens.ROWS - 1) :])
        if answer is None or " ".join(answer.split()) not in visible or not lines[0]:
            missing.append((command, world, answer, len(lines)))
    assert not missing


def test_no_line_is_wider_than_the_terminal(shown: dict[tuple[str, str], Result]) -> None:
    wide = [
        (command, world, line)
        for (command, world), result in shown.items()
        for line in result.out.splitlines()
        if cell_len(line) > screens.COLUMNS and command not in ("rates check", *screens.PATHS)  # places and folders stay whole
    ]
    assert not wide


def test_the_words_are_those_of_the_app(shown: dict[tuple[str, str], Result]) -> None:
    assert not [
        (command, world, line)
        for (command, world), result in shown.items()
        for line in result.out.splitlines()
        if command.startswith(PLAIN) and BANNED.search(line)
    ]


def test_no_command_is_cut_in_two(shown: dict[tuple[str, str], Result]) -> None:
    """One that fits in a line stands in one; a longer one goes on as a shell reads it."""
    for (command, world), result in shown.items():
        if not command.startswith(PLAIN):
            continue
        assert len(suggested(result.out)) == result.out.count("diamondctl "), (command, world, result.out)


@pytest.mark.parametrize("command", LISTS)
def test_a_list_says_what_it_leaves_out(command: str, shown: dict[tuple[str, str], Result], folders: dict[str, Path]) -> None:
    short = shown[command, "roster"].out
    more = re.search("([0-9]+) more: --limit 0", short)
    assert more is not None
    everything = screens.look(f"{command} --limit 0", folders["roster"]).out
    assert len([line for line in everything.splitlines() if "  US  " in line]) == 20
    assert len([line for line in short.splitlines() if "  US  " in line]) == 20 - int(more[1])
    assert (
        len([line for line in screens.look(f"{command} --limit 4", folders["roster"]).out.splitlines() if "  US  " in line])
        == 4
    )
    piped = run_in(screens.places(folders["roster"]), *shlex.split(command)).out
    assert len([line for line in piped.splitlines() if "  US  " in line]) == 20


@pytest.mark.parametrize("command", LISTS)
def test_a_cause_is_told_once_for_all_creators(command: str, shown: dict[tuple[str, str], Result]) -> None:
    assert shown[command, "roster"].out.count("Why a range") <= 1
    assert shown[command, "roster"].out.count("diamondctl config set creators.NAME.share") <= 1


@pytest.mark.parametrize("command", LISTS)
def test_what_is_not_shown_stands_behind_v(command: str, folders: dict[str, Path]) -> None:
    folder = folders["US"]
    told = json.loads(run_in(screens.places(folder), *shlex.split(command), "--json").out)
    everything = run_in({**screens.places(folder), "COLUMNS": ""}, *shlex.split(command), "-v").out
    for text in (*told["warnings"], *told["notes"]):
        assert text in everything
    assert "Rate used" in everything
    quiet = run_in(screens.places(folder), *shlex.split(command), "-q").out
    assert "more remark" not in quiet
    assert "record balance" not in quiet  # a note


def test_how_many_lines_each_screen_has(folders: dict[str, Path]) -> None:
    assert screens.counts(folders) == screens.TABLE.read_text(encoding="utf-8")


def test_suggested_commands_work_where_they_are_printed(shown: dict[tuple[str, str], Result], tmp_path: Path) -> None:
    """In a fresh copy of the state each, with what a person would put for the words in capitals."""
    for number, world in enumerate(("US", "CA, no rate", "observed")):
        texts = {
            match
            for (command, where), result in shown.items()
            if where == world and command.startswith(PLAIN)
            for match in suggested(result.out)
        }
        assert texts
        for each, text in enumerate(sorted(texts)):
            folder = tmp_path / f"{number}-{each}"
            folder.mkdir()
            screens.WORLDS[world](folder)
            words = shlex.split(
                text.replace("AMOUNT", "300")
                .replace("PERCENT", "48")
                .replace("FILE", str(folder / "gifts.csv"))
                .replace("streams N", "streams 40")
            )
            result = run_in(screens.places(folder), *words, cwd=folder)
            assert result.code in (0, 3), (text, result)


@pytest.mark.parametrize(
    "command",
    ["rates show us", "rates show euro", "compare", *(f"explain {what}" for what in ("balance", "payout", "project"))],
)
def test_an_answer_piped_is_as_short_as_on_a_terminal(command: str, folders: dict[str, Path]) -> None:
    """Nothing cuts a pipe: what stands behind -v is not in it, and with -v it is."""
    where = {**screens.places(folders["observed"]), "COLUMNS": str(screens.COLUMNS)}
    brief, whole = (run_in(where, *shlex.split(command), *more).out.splitlines() for more in ((), ("-v",)))
    assert len(brief) <= screens.ROWS < len(whole)
