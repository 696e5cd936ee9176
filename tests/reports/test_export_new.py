"""`export --new`: what was not exported yet. All files of it together are books that referees accept, and give our balance."""

from __future__ import annotations

import json
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest

from tests.reports.test_journal import _bean_check
from tests.support import Result, run_in, tool


def at(folder: Path, day: str, *words: str) -> Result:
    names = {"LEDGER": "ledger", "CONFIG": "config.yaml"}
    env = {f"DIAMONDCTL_{key}": str(folder / name) for key, name in names.items()}
    return run_in({**env, "DIAMONDCTL_AS_OF": day}, *words)


# What happens between exports: late gifts, a late record, one that is taken back, another share for days long told.
STORY = (
    ("2026-10-05", [["import", "examples/gb-2026-10.jsonl"]]),
    ("2026-10-20", [["import", "examples/2026-10.csv"]]),
    ("2026-11-05", [["record", "payout", "40", "--date", "2026-10-12", "--by", "paypal", "--arrived", "38", "--arrived-on",
                     "2026-10-14", "--creator", "mara"]]),
    ("2026-12-02", [["record", "adjustment", "refund", "4.20", "--date", "2026-10-10", "--creator", "mara", "--reason", "x"],
                    ["config", "set", "creators.mara.share", "40"]]),
    ("2026-12-20", [["undo", "p001"]]),
)  # fmt: skip


@pytest.mark.parametrize("referee", ["hledger", "beancount"])
def test_all_of_its_files_together_are_accepted_and_give_the_balance(referee: str, tmp_path: Path) -> None:
    program = tool("hledger") if referee == "hledger" else _bean_check()
    (tmp_path / "config.yaml").write_text("region: US\ncreators:\n  mara:\n    share: 48\n")
    notes = str(tmp_path / "notes.jsonl")
    text, ids = "", []
    for number, (day, steps) in enumerate(STORY):
        for words in steps:
            assert at(tmp_path, day, *words).code == 0, words
        out = tmp_path / f"{number}.books"
        export = ("export", "--to", referee, "--new", notes, "-o", str(out))
        done = at(tmp_path, day, *export)
        assert done.code == 0, done.err
        text += out.read_text() + "\n"
        before = Path(notes).read_bytes()
        again = at(tmp_path, day, *export)
        assert (again.code, again.out) == (0, "") and again.err.startswith("0 entries")
        assert Path(notes).read_bytes() == before
        ids += [line for line in out.read_text().splitlines() if "id: " in line or ") " in line]
    assert len(ids) == len(set(ids))
    assert "taken back: " in text and ", of 2026-10-10" in text
    (books := tmp_path / f"all.{referee}").write_text(text)
    command = [program, "-f", str(books), "check", "-s"] if referee == "hledger" else [program, str(books)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", ""), text
    if referee == "hledger":
        shown = subprocess.run(
            [program, "-f", str(books), "bal", "assets:tiktok", "-N", "--flat"], capture_output=True, text=True, check=True
        )
        sums = {line.split()[2].split(":")[2]: Decimal(line.split()[0]) for line in shown.stdout.splitlines()}
        document = json.loads(at(tmp_path, "2026-12-20", "balance", "--json").out)
        ours = {item["creator"]: Decimal(item["balance"]["low"]) for item in document["data"]["wallets"]}
        assert sums == ours


def test_notes_of_other_books_and_other_files_are_refused(tmp_path: Path) -> None:
    words = ("export", "examples/2026-10.csv", "--region", "US", "--share", "48")
    notes = tmp_path / "notes.jsonl"
    first = at(
        tmp_path,
        "2026-11-05",
        *words,
        "--to",
        "csv",
        "--new",
        str(notes),
        "-o",
        str(tmp_path / "a.csv"),
        "--config",
        "/dev/null",
    )
    assert first.code == 0, first.err
    other = at(tmp_path, "2026-11-05", *words, "--to", "hledger", "--new", str(notes), "--config", "/dev/null")
    assert other.code == 2 and "F014 these are notes of what was exported to csv:csv" in other.err
    notes.write_text("{}\n")
    broken = at(tmp_path, "2026-11-05", *words, "--to", "csv", "--new", str(notes), "--config", "/dev/null")
    assert broken.code == 2 and "F014 is no file of notes on what was exported" in broken.err
    both = at(tmp_path, "2026-11-05", *words, "--to", "csv", "--new", str(notes), "--alone", "--config", "/dev/null")
    assert both.code == 2 and "leave -p and --alone out" in both.err
