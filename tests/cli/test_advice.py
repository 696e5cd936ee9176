"""What is advised can be followed as it is printed, fits the terminal, and one unknown does not silence the rest."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from rich.cells import cell_len

from diamondctl.cli.texts import MEANT_OPTIONS
from diamondctl.render.differs import first_difference
from diamondctl.topics import topics
from tests.support import EXAMPLES, run, run_in

HEAD = "timestamp,creator,gift,coins,gifter\n"
ROW = "2026-10-11T12:00:00Z,{},Lion,{},bo\n"
SET = re.compile("diamondctl (config set .* CODE)")


def world(folder: Path) -> dict[str, str]:
    """A ledger and settings of one's own, in a terminal of 80."""
    return {
        "HOME": str(folder),
        "DIAMONDCTL_LEDGER": str(folder / "ledger"),
        "DIAMONDCTL_AS_OF": "2026-11-01",
        "COLUMNS": "80",
    }


def test_a_name_with_hidden_characters_gets_its_region_as_printed(tmp_path: Path) -> None:
    env = world(tmp_path)
    said = run_in(env, "import", str(EXAMPLES / "hostile-2026-10.csv")).out
    found = SET.search(said)
    assert found is not None and "<U+202E>" in found[1]
    assert run_in(env, *shlex.split(found[1].replace("CODE", "US"))).code == 0
    shown = run_in(env, "summary").out
    assert shown.startswith("October 2026: you earned ")
    command = re.search("diamondctl (record balance AMOUNT .*)", shown)
    assert command is not None
    assert run_in(env, *shlex.split(command[1].replace("AMOUNT", "30"))).code == 0


@pytest.mark.parametrize(
    "command", ["summary", "balance", "streams", "gifters", "gifts", "payout check", "report month -o m.html"]
)
def test_one_creator_without_a_region_silences_nobody_else(command: str, tmp_path: Path) -> None:
    """The figures are those of the others alone; the report is incomplete and says how to mend it."""
    env, gifts = world(tmp_path), tmp_path / "gifts.csv"
    run_in(env, "config", "set", "creators.mara.region", "US")
    gifts.write_text(HEAD + ROW.format("mara", 40_000), "utf-8")
    run_in(env, "import", str(gifts))
    gifts.write_text(HEAD + ROW.format("lee", 1_000), "utf-8")
    run_in(env, "import", str(gifts))
    if "-o" in command:
        assert run_in(env, *shlex.split(command), "--force", cwd=tmp_path).code == 3
        assert "config set creators.lee.region CODE" in (tmp_path / "m.html").read_text("utf-8")
        return
    with_lee = run_in(env, *shlex.split(command))
    assert with_lee.code == 3
    assert with_lee.out.count("diamondctl config set creators.lee.region CODE\n") == 1
    data = json.loads(run_in(env, *shlex.split(command), "--json").out)
    mine = json.loads(run_in(env, *shlex.split(command), "--creator", "mara", "--json").out)
    assert (data["complete"], data["data"]) == (False, mine["data"])
    run_in(env, "config", "set", "creators.lee.region", "US")
    assert "creators.lee.region" not in run_in(env, *shlex.split(command)).out


def test_where_it_is_of_nobody_the_region_is_asked_for(tmp_path: Path) -> None:
    env, gifts = world(tmp_path), tmp_path / "gifts.csv"
    gifts.write_text(HEAD + ROW.format("lee", 1_000), "utf-8")
    run_in(env, "import", str(gifts))
    shown = run_in(env, "summary")
    assert (shown.code, shown.out) == (2, "") and "G051" in shown.err


@pytest.mark.parametrize("words", ["summary examples/2026-10.csv --region CA", "estimate 20265 --region CA"])
def test_two_commands_stand_on_lines_of_their_own(words: str) -> None:
    lines = run(*shlex.split(words), COLUMNS="80").out.replace(" \\\n", " ").splitlines()
    (new,) = (line for line in lines if "rates new" in line)
    assert new.startswith("diamondctl rates new CA ") and new.endswith(" -o my-rates/tiktok/ca.yaml")
    assert "Then: diamondctl config set rates my-rates" in lines


def test_what_is_written_is_said_unless_quiet(tmp_path: Path) -> None:
    words = ("summary", str(EXAMPLES / "2026-10.csv"), "--region", "US", "-o", "m.csv")
    assert "Written: m.csv\n" in run(*words, cwd=tmp_path).err
    assert "Written" not in run(*words, "-q", "--force", cwd=tmp_path).err
    assert "Written" not in run(*words, cwd=tmp_path).err  # unchanged


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("balance --date 2026-10-01", "--as-of"), ("summary --month 2026-10", "--period"), ("fees --country US", "--region")],
)
def test_an_option_is_answered_by_what_it_means(typed: str, meant: str) -> None:
    shown = run(*typed.split())
    assert shown.code == 2
    assert meant in shown.err.splitlines()[0]


def test_every_meaning_is_an_option_of_some_command() -> None:
    known = set(re.findall(r'"(--[a-z-]+)', run("help", "--json").out))
    assert {option for options in MEANT_OPTIONS.values() for option in options} <= known


@pytest.mark.parametrize("first", [0, 5, 70, 200])
def test_where_two_texts_differ_is_shown(first: int) -> None:
    """However long what they have in common is."""
    same = "<p class='lead'>" * 20
    there, now = same[:first] + "OLD" + same[first:], same[:first] + "NEW" + same[first:]
    text = first_difference(there.encode(), now, "page")
    assert "OLD" in text.split(" there, ")[0] and "NEW" in text.split(" there, ")[1]
    assert len(text) < 180


def test_a_pdf_is_answered_as_a_picture_is(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n")
    assert "diamondctl record balance AMOUNT" in run("import", "a.pdf", cwd=tmp_path).err


@pytest.mark.parametrize("width", [40, 60, 80])
def test_the_first_screen_fits_the_terminal(width: int, tmp_path: Path) -> None:
    shown = run_in({**world(tmp_path), "COLUMNS": str(width)}).out.splitlines()
    assert not [line for line in shown if cell_len(line) > width and "    diamondctl" not in line]


@pytest.mark.parametrize("topic", ["", *(page.name for page in topics())])
def test_the_manual_fits_the_terminal(topic: str) -> None:
    """Words and order stay; what is between fences is for copying, and a word is never broken."""
    whole, fitted = (run("help", *topic.split(), COLUMNS=columns).out for columns in ("", "60"))
    assert whole.split() == fitted.split()
    fenced = False
    for line in fitted.splitlines():
        fenced ^= line.startswith("```")
        assert fenced or line.startswith("```") or cell_len(line) <= 60 or " " not in line.strip("| "), line


def test_an_estimate_has_its_answer_in_json() -> None:
    words = ("estimate", "20265", "--region", "US")
    assert json.loads(run(*words, "--json").out)["answer"] == run(*words).out.splitlines()[0]


@pytest.mark.parametrize(
    ("platform", "unit"), [("tiktok", "coin"), ("twitch", "bit"), ("youtube", "rubie"), ("facebook", "star")]
)
def test_an_estimate_is_in_the_unit_of_its_platform_and_shows_what_it_rests_on(platform: str, unit: str) -> None:
    done = run("estimate", "20000", "--platform", platform, "--region", "US", "-v")
    assert done.out.lower().startswith(f"20,000 {unit}s are "), done.out
    assert f"rates {platform}/us.yaml" in done.out
    assert "Rate used" in done.out


def test_one_coin_is_one(tmp_path: Path) -> None:
    (tmp_path / "g.csv").write_text(HEAD + ROW.format("lee", 1), "utf-8")
    assert "1 gift (1 coin) " in run_in(world(tmp_path), "import", str(tmp_path / "g.csv")).out
