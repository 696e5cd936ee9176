"""The first hour: what `diamondctl` alone says in each state works in it; demo, estimate and the question after an import."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import EXAMPLES, ROOT, environment, run, run_in

FILLED = {"FILE": str(EXAMPLES / "gb-2026-10.jsonl"), "COINS": "20265", "CODE": "US", "AMOUNT": "318.75"}
MONTH = str(EXAMPLES / "2026-10.csv")
BROKEN = "timestamp,creator,gift,coins\n2026-10-31T20:15:00Z,noor,Rose,1\n2026-10-31T20:15:01Z,noor,Rose,x\n"
# How a user came to each state.
STATES = {
    "nothing": [],
    "imported": [f"import {MONTH}"],
    "with a region": [f"import {MONTH}", "config set creators.mara.region US"],
    "recorded": [f"import {MONTH}", "config set creators.mara.region US", "record balance 318.75"],
    "rows left out": ["import broken.csv --keep-good"],
    "two creators": [f"import {MONTH} {FILLED['FILE']}", "config set region US"],
    "undone": [f"import {MONTH}", "undo d001"],
    "only totals": [f"import {ROOT}/tests/samples/totals/live-center-revenue.csv --creator mara"],
    "only a record": ["record income 250 USD --from Acme --date 2026-10-20 --creator mara"],
}


def at(folder: Path, state: str) -> dict[str, str]:
    """Bring about a state in a folder; the environment in which it is."""
    env = {"HOME": str(folder), "DIAMONDCTL_LEDGER": str(folder / "ledger"), "DIAMONDCTL_AS_OF": "2026-11-01"}
    (folder / "broken.csv").write_text(BROKEN, "utf-8")
    for line in STATES[state]:
        result = run_in(env, *shlex.split(line), cwd=folder)
        assert result.code in (0, 3), (line, result.err)
    return env


def suggested(text: str) -> list[str]:
    """Commands that a text says, each to the end of its line or to where the sentence goes on."""
    return [match[0].strip() for match in re.finditer(r"diamondctl [a-z-]+(?: (?!\s)[^\s;()]+)*", text)]


@pytest.mark.parametrize("state", STATES)
def test_every_command_of_the_first_screen_works(state: str, tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    screen = run_in(at(tmp_path / "first", state) | {"COLUMNS": "80"})
    assert (screen.code, screen.err) == (0, "")
    lines = screen.out.splitlines()
    assert len(lines) <= 14 and lines[0].startswith("diamondctl: what LIVE gifts earn")
    found = suggested("\n".join(lines[1:]))
    assert len(found) >= 3
    for number, command in enumerate(found):
        folder = tmp_path / str(number)
        folder.mkdir()
        words = [FILLED.get(word, word) for word in shlex.split(command)[1:]]
        result = run_in(at(folder, state), *words, cwd=folder)
        assert result.code in (0, 1, 3), (command, result.err)


def test_the_hints_of_an_import_work(tmp_path: Path) -> None:
    """Without a region, `Next:` says how to give one; then the summary."""
    env = at(tmp_path, "nothing")
    said = run_in(env, "import", MONTH).out
    (following,) = re.findall("^Next: (diamondctl .*)$", said, re.M)
    assert following == "diamondctl config set creators.mara.region CODE"
    assert run_in(env, *[FILLED.get(word, word) for word in following.split()[1:]]).code == 0
    more = run_in(env, "import", FILLED["FILE"]).out
    (following,) = re.findall("^Next: (diamondctl .*)$", more, re.M)
    assert run_in(env, *following.split()[1:]).code in (0, 3)
    (back,) = re.findall("^Undo: (diamondctl .*)$", more, re.M)
    assert run_in(env, *back.split()[1:]).code == 0


def on_a_terminal(folder: Path, answers: str, *arguments: str) -> tuple[int, str, str]:
    """Exit code and both streams of a command at whose terminal somebody answers."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    master, slave = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "diamondctl", *arguments],
            stdin=slave,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=environment(HOME=str(folder), DIAMONDCTL_LEDGER=str(folder / "ledger")),
            start_new_session=True,
        )
        os.write(master, answers.encode())
        out, err = process.communicate(timeout=30)
    finally:
        os.close(master)
        os.close(slave)
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize(("answers", "region"), [("XX\nus\n", "US"), ("\n", "")])
def test_an_import_asks_where_the_creator_is_paid(answers: str, region: str, tmp_path: Path) -> None:
    code, out, asked = on_a_terminal(tmp_path, answers, "import", MONTH)
    assert code == 0 and "Where is mara paid?" in asked
    assert ("no country is called XX" in asked) == bool(region)
    value = run("config", "get", "creators.mara.region", HOME=str(tmp_path)).out.strip()
    assert value == region
    assert ("Next: diamondctl summary" in out) == bool(region)


@pytest.mark.parametrize(("answer", "name"), [("y", "Mara"), ("n", "mara"), ("", "mara")])
def test_an_import_asks_whether_two_spellings_are_one_person(answer: str, name: str, tmp_path: Path) -> None:
    """Nobody is taken for another unasked; where they are one, the settings get the spelling of the files."""
    config = tmp_path / ".config/diamondctl/config.yaml"
    config.parent.mkdir(parents=True)
    config.write_text("# mine\ncreator: mara\ncreators:\n  mara:\n    region: US  # hers\n    share: 48\n", "utf-8")
    gifts = tmp_path / "gifts.csv"
    gifts.write_text("timestamp,creator,gift,coins\n2026-10-31T20:15:00Z,Mara,Lion,29999\n", "utf-8")
    code, _, asked = on_a_terminal(tmp_path, f"{answer}\nUS\n", "import", str(gifts))
    assert code == 0 and "The files say Mara, your settings mara." in asked
    assert config.read_text("utf-8").startswith(
        f"# mine\ncreator: {name}\ncreators:\n  {name}:\n    region: US  # hers\n    share: 48\n"
    )


def test_a_report_says_that_settings_of_another_spelling_do_not_hold(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("creators:\n  mara:\n    region: US\n    share: 48\n", "utf-8")
    gifts = b"timestamp,creator,gift,coins\n2026-10-31T20:15:00Z,Mara,Lion,29999\n"
    words = ("summary", "-", "--region", "US", "--config", str(config), "--json")
    for data, said in ((gifts, True), (gifts.replace(b"Mara", b"mara"), False), (gifts.replace(b"Mara", b"noor"), False)):
        notes = json.loads(run(*words, stdin=data).out)["notes"]
        assert any("The gifts are of Mara, the settings of mara" in note for note in notes) == said


def test_a_demo_shows_a_month_and_leaves_nothing(tmp_path: Path) -> None:
    """Neither the user's ledger nor the settings are read, and the temporary place is empty again."""
    (tmp_path / "config.yaml").write_text("no: config\n", "utf-8")
    (tmp_path / "tmp").mkdir()
    env = {"TMPDIR": str(tmp_path / "tmp"), "DIAMONDCTL_CONFIG": str(tmp_path / "config.yaml"), "DIAMONDCTL_LEDGER": "/nowhere"}
    shown = run_in({**env, "COLUMNS": "80"}, "demo")
    assert shown.code == 0
    assert shown.out.startswith("October 2026: you earned 93.11 to 107.28 USD.\n")
    assert "invented month" in shown.err and len((shown.out + shown.err).splitlines()) <= 22
    assert len(shown.err) <= 80
    assert not list((tmp_path / "tmp").iterdir())
    assert run_in(env, "demo", "payout", "check").out.startswith("Yes, probably: on ")
    assert json.loads(run_in(env, "demo", "balance", "--json").out)["schema"] == "diamondctl.balance/1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["config.yaml", "tmp"]


def estimated(*words: str) -> dict[str, dict[str, str] | None]:
    """The data of an estimate."""
    result = run("estimate", *words, "--json")
    assert result.code == 0, result.err
    data: dict[str, dict[str, str] | None] = json.loads(result.out)["data"]
    return data


@settings(max_examples=15, deadline=None)
@given(coins=st.integers(1, 10**7), region=st.sampled_from(["US", "GB", "DE", "JP", "VN"]))
def test_an_estimate_says_what_a_file_with_one_gift_would_say(coins: int, region: str) -> None:
    """To the cent, as wide, as sure."""
    file = f"timestamp,creator,gift,coins\n2026-11-01T12:00:00Z,you,Lion,{coins}\n".encode()
    said = estimated(str(coins), "--region", region)
    read = run("summary", "-", "--region", region, "-p", "2026-11", "--as-of", "2026-11-30", "--json", stdin=file)
    (account,) = json.loads(read.out)["data"]["accounts"]
    assert said["reward"] == account["figures"]["reward"]["now"]
    if (usual := said["usual_reward"]) is not None and said["reward"] is not None:
        low, high = (Decimal(said["reward"][end]) for end in ("low", "high"))
        assert low <= Decimal(usual["low"]) <= Decimal(usual["high"]) <= high


def test_an_estimate_is_one_sentence_and_says_what_it_cannot_know() -> None:
    first, *_ = run("estimate", "20265", "--region", "US").out.splitlines()
    assert first == "20,265 coins are at most 127.66 USD for you in US, November 2026; often 89.15 to 107.40."
    assert run("estimate", "20,265", "--region", "US", "--share", "48").out.startswith("20,265 coins are 97.27 USD for you")
    assert run("estimate", "20265", "--region", "CA").code == 3
    for words, code in ((("20265",), "G051"), (("many", "--region", "US"), "G020"), (("9" * 16, "--region", "US"), "G021")):
        result = run("estimate", *words)
        assert result.code == 2 and result.err.startswith(f"{code} ")
