"""The manual: every topic is listed, printed, and named nowhere that it is not."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from diamondctl.topics import Topic, topics
from tests.support import ROOT, environment, run

TOPICS = topics()


def test_the_topics_that_begin_the_manual() -> None:
    wanted = (
        "files months payouts missions projections ledger settings scripts rates evidence data spec ci privacy formulas unknown"
    )
    assert {*wanted.split()} <= {topic.name for topic in TOPICS}
    listed = run("help")
    assert listed.code == 0
    for topic in TOPICS:
        assert f"{topic.name} " in listed.out and topic.title in listed.out


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_is_printed_as_it_stands(topic: Topic) -> None:
    text = topic.text
    assert run("help", topic.name, COLUMNS="") == (0, text, "")  # a terminal wraps it
    assert text.startswith("# ") and text.endswith("\n")


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_names_commands_and_files_that_exist(topic: Topic) -> None:
    text = topic.text
    for words in re.findall(r"`diamondctl ([a-z ]+?)(?: [A-Z-].*?| [a-z]+\.[a-z]+.*?)?`", text):
        assert run(*words.split(), "--help").code == 0 or run(*words.split()).code == 0, words
    for name in re.findall(r"`((?:rates|tests)/[a-z./-]+)`", text):
        assert (ROOT / name.rstrip("/")).exists(), name


def test_a_long_page_goes_through_the_pager_on_a_terminal(tmp_path: Path) -> None:
    """And a short one does not."""
    pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
    (tmp_path / "pager").write_text("#!/bin/sh\necho PAGED; cat\n", "utf-8")
    (tmp_path / "pager").chmod(0o755)
    for lines, paged in ((10, True), (2000, False)):
        master, slave = pty.openpty()
        env = environment(PAGER=str(tmp_path / "pager"), LINES=str(lines), TERM="xterm")
        with subprocess.Popen(
            [sys.executable, "-m", "diamondctl", "help", "files"], stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=env
        ) as process:
            os.close(slave)
            shown = b""
            while True:
                try:
                    data = os.read(master, 1 << 16)
                except OSError:
                    break
                if not data:
                    break
                shown += data
        os.close(master)
        assert process.returncode == 0
        assert (b"PAGED" in shown) == paged and b"Where it comes from" in shown


def test_where_files_come_from_is_the_first_screen_of_its_page() -> None:
    """22 lines of 80 columns, before the details."""
    lines = next(topic.text for topic in TOPICS if topic.name == "files").split("\n## ")[0].splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 80
    for what in ("LIVE events", "LIVE Center", "Backstage", "user_data.json", "statement", "screenshot", "number of coins"):
        assert any(what in line for line in lines), what


def test_the_open_questions_each_say_what_settles_them_and_who_could() -> None:
    (page,) = [topic.text for topic in TOPICS if topic.name == "unknown"]
    questions = [line for line in page.splitlines() if line.startswith("| ")][2:]
    assert len(questions) >= 10
    assert all(len([cell for cell in line.strip("|").split("|") if cell.strip()]) == 3 for line in questions)


def test_the_formulas_are_computed() -> None:
    """20,265 coins by the commonest chain, the half taken twice: 50.66 USD, about half of ours."""
    (page,) = [topic.text for topic in TOPICS if topic.name == "formulas"]
    rows = [line for line in page.splitlines() if line.startswith("| [")]
    assert len(rows) >= 6
    assert all("](https://" in row for row in rows)
    (row,) = [row for row in rows if "calculatecreator.com" in row]
    assert row.endswith("| coins / 2 x 0.005 | 50.66 | 0.47 to 0.54 |")
