"""Statements computed again from files alone, what explains a difference, and packs that read without this tool."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import shutil
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from tests.reports.test_statement import at, ledger
from tests.support import EXAMPLES, ROOT, Result, run, run_in

__all__ = ["ledger"]
WORDS = ("report", "statement", "-p", "2026-10", "--creator", "mara")


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One creator with an own share, whose gifts came in one file, and her statement."""
    folder: Path = tmp_path_factory.mktemp("verify")
    (folder / "config.yaml").write_text(
        "region: US\ncreators:\n  mara:\n    share:\n      - {from: 2020-01-01, percent: 40}\n"
        "      - {from: 2026-10-10, percent: 48}\n  somebody.else:\n    share: 20\n"
    )
    assert at(folder, "import", "examples/2026-10.csv").code == 0
    assert at(folder, "record", "balance", "118.75", "--date", "2026-10-12", "--creator", "mara").code == 0
    assert at(folder, "record", "payout", "100", "--date", "2026-10-20", "--by", "paypal", "--creator", "mara").code == 0
    assert at(folder, *WORDS, "-o", str(folder / "october.json")).code == 0
    return folder


def elsewhere(*words: str, **env: str) -> Result:
    """On a machine without ledger and settings."""
    return run_in({"DIAMONDCTL_AS_OF": "2027-05-05", **env}, *words)


def test_it_is_the_same_from_the_ledger_and_from_the_file_on_any_machine(own: Path) -> None:
    """Settings, records and options are in the statement, and nobody else is."""
    statement = str(own / "october.json")
    assert "somebody" not in (own / "october.json").read_text()
    here = at(own, "verify", statement)
    there = elsewhere("verify", statement, "examples/2026-10.csv")
    assert (here.code, there.code) == (0, 0), there.err
    assert here.out == there.out
    assert here.out.startswith("Same: 1 file, rates tiktok/us.yaml ") and here.out.endswith(" figures, to the cent.\n")
    figures = int(here.out.split(", ")[2].split()[0])
    assert figures > 80


@pytest.mark.parametrize("command", [["report", "year", "-p", "2026"], ["report", "statement", "-p", "2026-W41"]])
def test_a_year_and_a_week_are_the_same_too(command: list[str], own: Path, tmp_path: Path) -> None:
    statement = str(tmp_path / "statement.json")
    assert at(own, *command, "-o", statement).code == 0
    done = elsewhere("verify", statement, "examples/2026-10.csv")
    assert done.code == 0, done.out + done.err


def test_a_gift_less_is_told_with_the_file(own: Path, tmp_path: Path) -> None:
    lines = (EXAMPLES / "2026-10.csv").read_text().splitlines(keepends=True)
    (shorter := tmp_path / "shorter.csv").write_text("".join(lines[:-1]))
    done = elsewhere("verify", str(own / "october.json"), str(shorter))
    assert done.code == 1
    assert done.out.startswith("Not the same: Gift value (statements[0].lines[0].current.least) was ")
    text = " ".join(done.out.split())
    assert f"{shorter} (SHA-256 " in text and "was not among its files" in text
    assert "examples/2026-10.csv (SHA-256 " in text and "is missing" in text


def test_a_changed_rate_is_told_with_its_entry(own: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "rates" / "tiktok", tmp_path / "rates" / "tiktok")
    file = tmp_path / "rates" / "tiktok" / "us.yaml"
    text = file.read_text()
    assert "cash_per_diamond: 0.01\n" in text
    file.write_text(text.replace("cash_per_diamond: 0.01\n", "cash_per_diamond: 0.011\n"))
    done = elsewhere("verify", str(own / "october.json"), "examples/2026-10.csv", "--rates", str(tmp_path / "rates"))
    assert done.code == 1, done.err
    text = " ".join(done.out.split())
    assert "because: tiktok/us.yaml is another file than " in text
    assert "0.011 USD per diamond" in text and "is used now" in text


def test_a_figure_that_was_altered_is_told_by_the_name_of_its_line(own: Path, tmp_path: Path) -> None:
    """And that somebody may have altered it, where nothing else explains it."""
    document = json.loads((own / "october.json").read_text())
    lines = document["data"]["statements"][0]["lines"]
    (number,) = [index for index, line in enumerate(lines) if line["label"] == "You earned"]
    lines[number]["current"]["least"] = "999.00"
    (altered := tmp_path / "altered.json").write_text(json.dumps(document))
    done = elsewhere("verify", str(altered), "examples/2026-10.csv")
    assert done.code == 1
    assert done.out.startswith(f"Not the same: You earned (statements[0].lines[{number}].current.least) was 999.00, and is ")
    assert "the statement itself may have been altered after it was made" in " ".join(done.out.split())


def test_a_changed_record_is_told_with_its_id(own: Path) -> None:
    shutil.copytree(own, changed := own.with_name("changed"), dirs_exist_ok=True)
    assert at(changed, "undo", "b001").code == 0
    done = at(changed, "verify", str(own / "october.json"), "--json")
    document = json.loads(done.out)
    assert (done.code, document["data"]["same"]) == (1, False)
    assert document["data"]["causes"] == ["the record b001 is another one, or gone, or new"]


_BASIS = (
    '{"schema": "diamondctl.report-statement/1", "data": '
    '{"basis": {"options": %s, "readings": [], "settings": [], "records": %s}}}'
)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"schema": "diamondctl.report-statement/1"}',
        _BASIS % ('{"x": "y"}', "[]"),
        _BASIS % ("{}", '[{"sort": 1}]'),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_refused(text: str, tmp_path: Path) -> None:
    (file := tmp_path / "statement.json").write_text(text)
    done = elsewhere("verify", str(file), "examples/2026-10.csv")
    assert (done.code, done.out) == (2, "")
    assert "F014 is no statement that can be computed again" in done.err


def packed(folder: Path, tmp_path: Path, *more: str) -> dict[str, bytes]:
    """The members of a pack, whose sums hold and whose bytes are the same when it is made again."""
    data = []
    for name in ("a.zip", "b.zip"):
        file = tmp_path / name
        done = at(folder, "report", "pack", "-p", "2026-10", "--creator", "mara", *more, "-o", str(file))
        assert (done.code, done.out) == (0, ""), done.err
        data.append(file.read_bytes())
    assert data[0] == data[1]
    with zipfile.ZipFile(io.BytesIO(data[0])) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for line in members.pop("SHA256SUMS").decode().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256(members[name]).hexdigest() == digest
    return members


def test_a_pack_holds_what_proves_it(ledger: Path, tmp_path: Path) -> None:
    pytest.importorskip("xlsxwriter")
    members = packed(ledger, tmp_path)
    assert set(members) == {
        "README.txt", "documents.csv", "entries.csv", "payouts.csv", "rates.csv", "statement.csv", "statement.html",
        "statement.json", "statement.xlsx",
    }  # fmt: skip
    sums: dict[tuple[str, str], Decimal] = {}
    for row in csv.DictReader(members["entries.csv"].decode().splitlines()):
        for end in ("least", "most"):
            sums[row["id"], end] = sums.get((row["id"], end), Decimal(0)) + Decimal(row[end])
    assert sums and not any(sums.values())
    assert "https://" in members["rates.csv"].decode()
    document = json.loads(members["statement.json"])
    for name in ("statement.json", "README.txt", "statement.html"):
        for other in ("lee", "juno", "gb-2026-10", "de-2026-10"):
            assert other not in members[name].decode(), (name, other)
    text = members["README.txt"].decode()
    assert document["data"]["version"] in text
    assert text.index("Fact:") < text.index("Rated:") < text.index("Unknown")
    (again := tmp_path / "statement.json").write_bytes(members["statement.json"])
    assert run("verify", str(again), "examples/2026-10.csv").code == 0


def test_facts_hold_no_rated_figure(ledger: Path, tmp_path: Path) -> None:
    """Every amount of money in it is one that somebody recorded."""
    members = packed(ledger, tmp_path, "--facts")
    assert set(members) == {"README.txt", "documents.csv", "lives.csv", "records.csv"}
    lives = list(csv.DictReader(members["lives.csv"].decode().splitlines()))
    assert sum(int(row["coins"]) for row in lives) == 20_265
    assert sum(int(row["gifts"]) for row in lives) == 297
    text = "".join(data.decode() for data in members.values())
    for rated in ("202.65", "36.37", "127.61", "us.yaml"):
        assert rated not in text
    assert "118.75" in text and "87.40" in text


def test_a_pack_needs_a_name(ledger: Path) -> None:
    assert "-o is missing" in at(ledger, "report", "pack", "-p", "2026-10", "--creator", "mara").err
    assert at(ledger, "report", "pack", "-p", "2026-10", "--creator", "mara", "-o", "x.tar").code == 2
