"""Help: what fits a screen fits it, what is hidden is said, and a word that is no command leads to one."""

from __future__ import annotations

import json
import re
import shlex
from functools import cache
from typing import Any

import jsonschema
import pytest

from diamondctl.cli.app import HEADINGS, command
from diamondctl.cli.help import ENDS, ends
from diamondctl.cli.helping import SHOWN, exit_codes, usual
from diamondctl.cli.texts import MEANT
from tests.support import ROOT, run


@cache
def commands() -> dict[str, Any]:
    """Every command that does something, loaded."""
    return dict(command().commands_below())


def test_the_root_help_is_one_screen_and_names_every_command() -> None:
    lines = run("--help", COLUMNS="80").out.splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    for heading, places in HEADINGS.items():
        assert not places or any(line.startswith(heading) for line in lines)
        for name in places:
            assert any(name in line.replace(",", " ").split() for line in lines), name


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("words", ["--help-all", "rates --help", "record --help"])
def test_no_description_is_cut(words: str, width: int) -> None:
    assert "..." not in run(*words.split(), COLUMNS=str(width)).out.partition("Commands:")[2]


@pytest.mark.parametrize("name", commands())
def test_a_command_shows_ten_options_and_says_how_many_more(name: str) -> None:
    short, whole = run(*name.split(), "--help"), run(*name.split(), "--help-all")
    assert (short.code, short.err, whole.code, whole.err) == (0, "", 0, "")
    shown, hidden = usual(commands()[name])
    assert len(shown) <= SHOWN
    options = short.out.partition("Options:")[2]
    for item in shown:
        assert item.opts[-1] in options
    for item in hidden:
        assert item.opts[-1] in whole.out.partition("Options:")[2]
    last = f"{len(hidden)} more options: diamondctl {name} --help-all\n"
    assert short.out.endswith(last) == bool(hidden)


@pytest.mark.parametrize("word", MEANT)
def test_a_word_of_others_leads_to_a_command(word: str) -> None:
    assert MEANT[word] in commands()
    assert word not in command().commands
    result = run(word, "--flag")
    assert (result.code, result.out) == (2, "")
    assert f"\nDo: diamondctl {MEANT[word]} " in result.err


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ("sumary", ["summary"]),
        ("Balances", ["balance"]),
        ("rates shwo", ["rates show"]),
        ("check", ["payout check", "period check", "rates check"]),
        ("xyzzy", []),
        ("records withdraw", []),
    ],
)
def test_the_nearest_command_is_named(words: str, nearest: list[str]) -> None:
    result = run(*words.split())
    assert (result.code, result.out) == (2, "")
    first, *rest, last = result.err.splitlines()
    assert first == f"There is no command '{words}'." and last.startswith("See: diamondctl ")
    found = [line.partition("diamondctl ")[2].partition("   ")[0].strip() for line in rest]
    assert found == nearest


def test_a_command_has_its_help_in_the_manual_too() -> None:
    assert run("help", "rates", "diff") == run("rates", "diff", "--help")


def test_the_tree_for_programs_has_every_command_option_and_exit_code() -> None:
    document = json.loads(run("help", "--json").out)
    jsonschema.validate(document, json.loads(run("schema", "help").out))
    told = {item["command"]: item for item in document["data"]["commands"]}
    assert told.keys() == commands().keys()
    for name, item in told.items():
        options = {name for option in item["options"] for name in option["names"]}
        params = [one for one in commands()[name].params if one.param_type_name == "option"]
        assert options == {name for one in params for name in one.opts}
    assert {item["code"]: item["meaning"] for item in told["project"]["exit_codes"]} == {
        0: "it is together, even at the low end",
        1: "not even at the high end",
        2: "wrong usage, or input that was refused",
        3: "it depends, or is only probable",
        4: "refused by state: the ledger or an output file",
    }
    assert [item["code"] for item in document["data"]["exit_codes"]] == [0, 1, 2, 3, 4, 70, 130, 141]


def recorded() -> set[tuple[str, int]]:
    """Every command of the goldens and what it ended with."""
    found = set()
    for folder in (ROOT / "tests/errors").iterdir():
        if (folder / "cmd").is_file() and (folder / "exit").is_file():
            found.add(((folder / "cmd").read_text("utf-8"), int((folder / "exit").read_text("utf-8"))))
    for path in (ROOT / "tests/transcripts").glob("*.txt"):
        for part in re.split(r"(?m)^\$ diamondctl ", path.read_text("utf-8"))[1:]:
            code = re.search(r"(?m)^--- exit ([0-9]+)$", part)
            found.add((part.partition("\n")[0], int(code[1]) if code else 0))
    return found


def test_what_a_command_was_seen_to_end_with_is_among_its_exit_codes() -> None:
    listed = {name: ends(name, command.help or "") for name, command in commands().items()}
    seen = set()
    for line, code in recorded():
        names = [name for name in listed if f"{line} ".startswith(f"{name} ")]
        if names and "| diamondctl" not in line:
            seen.add((max(names, key=len), code))
    assert ("rates which", 3) in seen
    assert not [(name, code) for name, code in sorted(seen) if code not in listed[name]]


@pytest.mark.parametrize("name", commands())
def test_every_command_lists_exit_codes_and_those_that_its_help_speaks_of(name: str) -> None:
    text = commands()[name].help or ""
    listed = ends(name, text)
    assert {0, 2, 4} <= listed.keys()
    assert "" not in listed.values()
    assert {int(code) for code in re.findall(r"[Ee]xit code ([0-9])", text)} <= listed.keys()
    assert {code: listed[code] for code in exit_codes(text)} == exit_codes(text)
    assert not set(ENDS.get(name, ())) & exit_codes(text).keys(), "said in one place"
    assert ENDS.keys() <= commands().keys()


@pytest.mark.parametrize("name", commands())
def test_exit_codes_of_a_text_are_read(name: str) -> None:
    """Where a help says `Exit codes:` a program gets some."""
    text = commands()[name].help or ""
    assert ("\nExit codes" in text) == bool(exit_codes(text)), name


def test_every_json_has_its_schema_by_the_words_of_its_command() -> None:
    listed = run("schema").out.split()
    assert listed == sorted(listed) and {"summary", "rates-check", "rate-file", "gift-log"} <= set(listed)
    for name in listed:
        shown = run("schema", name)
        assert shown.code == 0, name
        jsonschema.Draft202012Validator.check_schema(json.loads(shown.out))
    assert run("schema", *shlex.split("rates check")) == run("schema", "rates-check")
    assert run("schema", "rate-file").out == (ROOT / "rates/rates.schema.json").read_text("utf-8")
