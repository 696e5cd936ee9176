"""Attacks on commands from outside the ledger: what a file, a name or a folder can be made of."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from diamondctl import columns
from diamondctl.ledger import catalog, schemas
from tests import workbooks
from tests.bench import fuzz
from tests.ledger import state
from tests.ledger.test_foreign import forging
from tests.support import ROOT, environment, run
from tests.work import calls_of

ESC = "\x1b[31m"
FUZZED = 135
HEADER = "timestamp,creator,gift,coins,quantity,event_id,gifter,gift_id,stream,receiver,region"
READING = (
    ("summary", "--region", "US"), ("balance", "--region", "US"), ("fees", "--region", "US"), ("records", "list"),
    ("records", "show", "d001", "--names"), ("records", "rejected"), ("records", "show", "p001"), ("privacy", "status"),
    ("doctor",), ("explain", "reward", "--region", "US"), ("undo", "d001", "--dry-run"), ("undo", "p001", "--dry-run"),
)  # fmt: skip


# --- every path of text to a terminal


def text_columns() -> list[tuple[str, str]]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(schemas.text(catalog.VERSION))
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return [
            (table, name)
            for table in tables
            for _, name, kind, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall()
            if kind == "TEXT"
        ]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("trust").resolve() / "world"
    state.make_rich_world(folder)
    return folder


def test_no_text_of_the_catalog_reaches_a_terminal_as_it_is(world: Path, tmp_path: Path) -> None:
    """ESC in every column of text, one column after the other, sealed."""
    for number, (table, column) in enumerate(text_columns()):
        shutil.rmtree(tmp_path / "ledger", ignore_errors=True)
        shutil.copytree(world / "ledger", tmp_path / "ledger")
        with forging(tmp_path / "ledger") as connection:
            try:
                connection.execute(f'UPDATE {table} SET "{column}" = ? || "{column}"', (ESC,))
            except sqlite3.IntegrityError:
                continue  # the schema itself forbids it
        with state.inside(tmp_path):
            for command in (READING[number % len(READING)], ("records", "show", "d001", "--names")):
                done = state.run_here(*command, "--ledger", "ledger")
                assert "\x1b" not in done.out + done.err, (table, column, command)
                assert done.code != 70, (table, column, command, done)


def test_no_field_of_an_input_reaches_a_terminal_as_it_is(tmp_path: Path) -> None:
    """ESC in every field of every kind of input, also where it makes the row a bad one."""
    good = ["2026-10-01T10:00:00Z", "mara", "Rose", "5", "1", "e1", "Ann", "5655", "s1", "", "US"]
    names = HEADER.split(",")
    for at in range(len(names) * 2):
        row, header = list(good), list(names)
        if at < len(names):
            row[at] = ESC + row[at]
        else:
            header[at - len(names)] += ESC
        (tmp_path / "a.csv").write_text(f"{','.join(header)}\n{','.join(row)}\n", "utf-8")
        (tmp_path / "a.json").write_text(json.dumps([dict(zip(header, row, strict=True))]), "utf-8")
        (tmp_path / "a.xlsx").write_bytes(
            workbooks.workbook({"S": workbooks.sheet([header, [cell.replace(ESC, "\u202e") for cell in row]])})
        )
        for name in ("a.csv", "a.json", "a.xlsx"):
            for command in (("summary", "--region", "US"), ("import", "--dry-run"), ("profile", "sniff"))[at % 3 : at % 3 + 1]:
                done = run(
                    *command[:2] if command[0] == "profile" else command[:1],
                    name,
                    *command[1 if command[0] != "profile" else 2 :],
                    cwd=tmp_path,
                )
                assert "\x1b" not in done.out + done.err, (names[at % len(names)], name, command)
                assert "\u202e" not in done.out + done.err
                assert done.code != 70, done


# --- every file argument is a regular file


ARGUMENTS = (
    ("restore", "FILE", "--ledger", "new"),
    ("summary", "FILE"),
    ("import", "FILE", "--ledger", "new"),
    ("summary", "g.csv", "--profile", "FILE"),
    ("summary", "g.csv", "--config", "FILE"),
    ("summary", "g.csv", "--rates", "FILE"),
    ("rates", "check", "FILE"),
    ("profile", "sniff", "FILE"),
    ("config", "show", "--config", "FILE"),
    ("config", "set", "region", "US", "--config", "FILE"),
)


@pytest.mark.parametrize("arguments", ARGUMENTS, ids=lambda arguments: " ".join(arguments[:4]))
def test_a_file_argument_is_a_regular_file_or_refused_at_once(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    shutil.copy(ROOT / "diamondctl" / "sample_gifts.csv", tmp_path / "g.csv")
    os.mkfifo(tmp_path / "fifo")
    for name in ("fifo", "/dev/zero"):
        command = [name if word == "FILE" else word for word in arguments]
        done = subprocess.run(
            [sys.executable, "-m", "diamondctl", *command],
            cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=30, check=False,
        )  # fmt: skip
        assert done.returncode in (1, 2, 4), (name, done)
        assert "regular file" in done.stdout + done.stderr, (name, done)


# --- work grows with the input


def table(rows: int = 1, columns: int = 0, creators: int = 1, streams: int = 1, bad: bool = False) -> str:
    """A CSV of so many of each."""
    header = ",".join([HEADER, *(f"extra {number}" for number in range(columns))])
    lines = [
        f"2026-10-{number % 28 + 1:02d}T10:00:00Z,m{number % creators},Rose,{'x' if bad else 5},1,e{number},,,"
        f"s{number % streams},,US" + "," * columns
        for number in range(rows)
    ]
    return "\n".join([header, *lines, ""])


def files_of(count: int, folder: Path) -> tuple[str, ...]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for number in range(count):
        row = table().splitlines()[1].replace("e0", f"e{number}")
        (folder / f"{number}.csv").write_text(f"{HEADER}\n{row}\n", "utf-8")
    return ("summary", folder.name)


def one_file(text: str, folder: Path, name: str = "t.csv") -> tuple[str, ...]:
    (folder / name).write_text(text, "utf-8")
    return ("summary", name)


def keyed(count: int) -> str:
    """A JSON list of one gift with so many keys that nobody knows."""
    gift = {"timestamp": "2026-10-01T10:00:00Z", "creator": "m", "gift": "Rose", "coins": 5, "region": "US"}
    return json.dumps([gift | {f"key {number}": "x" for number in range(count)}])


GROWTH: dict[str, tuple[int, Callable[[int, Path], tuple[str, ...]]]] = {
    "rows": (400, lambda count, folder: one_file(table(rows=count), folder)),
    "bad rows": (400, lambda count, folder: one_file(table(rows=count, bad=True), folder)),
    "columns": (400, lambda count, folder: one_file(table(columns=count), folder)),
    "keys": (400, lambda count, folder: one_file(keyed(count), folder, "t.json")),
    "creators": (60, lambda count, folder: one_file(table(rows=count, creators=count), folder)),
    "streams": (200, lambda count, folder: one_file(table(rows=count, streams=count), folder)),
    "files": (60, lambda count, folder: files_of(count, folder / "many")),
}


@pytest.mark.parametrize("dimension", GROWTH)
def test_work_grows_no_faster_than_what_is_read(tmp_path: Path, dimension: str) -> None:
    """Calls are counted, not seconds: four times as much of anything is at most about four times the work."""
    count, make = GROWTH[dimension]
    calls = []
    for times in (1, 1, 4):  # the first run imports
        arguments = make(count * times, tmp_path)
        calls.append(calls_of(partial(run, *arguments, cwd=tmp_path)))
    assert calls[2] <= 4.6 * calls[1], (dimension, calls)


def test_documents_of_a_ledger_cost_what_they_hold(tmp_path: Path) -> None:
    calls = []
    for count in (3, 3, 12):
        files_of(count, tmp_path / "many")
        shutil.rmtree(tmp_path / "ledger", ignore_errors=True)
        assert run("import", "many", "--ledger", "ledger", cwd=tmp_path).code == 0
        calls.append(calls_of(lambda: run("records", "list", "--ledger", "ledger", cwd=tmp_path)))
    assert calls[2] <= 4.6 * calls[1], calls


def test_a_line_without_end_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(table().replace("Rose", "R" * 40_000_000), "utf-8")
    done = run("summary", "t.csv", cwd=tmp_path)
    assert (done.code, "F010" in done.err, "t.csv:2" in done.err) == (2, True, True), done


# --- no bug from data


@pytest.mark.parametrize(
    "text", ["5 ſep 2026 10:00", "99999999999999", "17886000001234", "9" * 5_000, "5 ſep 99999 25:61", "²"]
)
def test_what_a_pattern_takes_and_no_conversion_does_is_a_problem_of_the_row(tmp_path: Path, text: str) -> None:
    profile = (
        'schema: 1\nname: p\nkind: {kind}\nfile: csv\n{more}date_format: "{form}"\n'
        "columns: {{timestamp: When, {columns}}}\nvalues: {{creator: m}}\n"
    )
    kinds = {
        "gifts": ("", "gift: Gift, coins: Coins, quantity: Count"),
        "totals": ("span: stream\n", "diamonds: Coins, seconds: Count"),
    }
    for kind, (more, names) in kinds.items():
        for form in ("D MMM YYYY HH:mm", "epoch_ms", "epoch_us", "YYYYMMDDHHmmss"):
            (tmp_path / "p.yaml").write_text(profile.format(kind=kind, more=more, form=form, columns=names), "utf-8")
            for row in (f"{text},Rose,5,1", f"5 Sep 2026 10:00,Rose,{text},1", f"1788600000000,Rose,5,{text}"):
                (tmp_path / "t.csv").write_text(f"When,Gift,Coins,Count\n{row}\n", "utf-8")
                done = run("summary", "t.csv", "--profile", "p.yaml", "--region", "US", cwd=tmp_path)
                assert done.code in (0, 2, 3), (row, form, done)


def test_a_seeded_share_of_fuzzed_inputs(tmp_path: Path) -> None:
    """The rest: `python -m tests.bench.fuzz --seconds 600`."""
    counts, found = fuzz.run(FUZZED, 0, fuzz.SEED, tmp_path.resolve())
    assert found == []
    assert counts.total() == FUZZED
    assert len(counts) == len(fuzz.kinds())


# --- names and folders


def test_an_erased_name_leaves_the_name_of_its_file_and_does_not_come_back(tmp_path: Path) -> None:
    name = "gifts_Zoë Fan_2026.csv"
    (tmp_path / name).write_text(f"{HEADER}\n2026-10-01T10:00:00Z,mara,Rose,5,1,e1,Zoë Fan,5655,s1,,US\n", "utf-8")
    book = ("--ledger", "ledger")
    assert run("import", name, *book, cwd=tmp_path).code == 0
    assert run("privacy", "erase", "Zoë Fan", *book, cwd=tmp_path).code == 0
    for _ in range(2):
        assert "Zoë" not in run("records", "list", "--json", *book, cwd=tmp_path).out
        assert "Zoë".encode() not in (tmp_path / "ledger" / "catalog.sqlite").read_bytes()
        assert run("undo", "d001", *book, cwd=tmp_path).code in (0, 2)
        assert run("import", name, *book, cwd=tmp_path).code == 0


def test_an_undo_that_has_to_keep_names_says_so(world: Path, tmp_path: Path) -> None:
    shutil.copytree(world, tmp_path / "world")
    here = tmp_path / "world"
    with closing(sqlite3.connect(here / "ledger" / "catalog.sqlite")) as connection:
        (file,) = connection.execute("SELECT file FROM documents WHERE name = 'center.csv'").fetchone()
    (here / "ledger" / "documents" / file).write_bytes(b"x")
    with state.inside(here):
        done = state.run_here("undo", "d006", "--ledger", "ledger")
    assert (done.code, "stay: whom d007 holds cannot be read" in done.out) == (0, True), done


def test_a_refused_first_import_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(table(bad=True), "utf-8")
    assert run("import", "bad.csv", "--ledger", "a/b/ledger", cwd=tmp_path).code == 2
    assert sorted(os.listdir(tmp_path)) == ["bad.csv"]


def test_a_folder_of_the_ledger_that_is_a_link_is_refused(world: Path, tmp_path: Path) -> None:
    shutil.copytree(world / "ledger", tmp_path / "ledger")
    (tmp_path / "ledger" / "documents").rename(tmp_path / "elsewhere")
    (tmp_path / "ledger" / "documents").symlink_to(tmp_path / "elsewhere")
    done = run("records", "list", "--ledger", "ledger", cwd=tmp_path)
    assert (done.code, "L002" in done.err) == (4, True), done


def test_doctor_says_whose_ledger_it_is_and_names_go_to_files_of_their_owner(world: Path, tmp_path: Path) -> None:
    shutil.copytree(world / "ledger", tmp_path / "ledger")
    findings = json.loads(run("doctor", "--json", "--ledger", "ledger", cwd=tmp_path).out)["data"]["findings"]
    assert [item["status"] for item in findings if item["what"] == "owner"] == ["ok"]
    mask = os.umask(0o022)
    try:
        assert run("records", "show", "d001", "--names", "-o", "names.csv", "--ledger", "ledger", cwd=tmp_path).code == 0
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "names.csv").stat().st_mode) == 0o600


def test_what_a_killed_command_left_in_the_temporary_folder_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "diamondctl-0123456789abcdef"
    left.mkdir()
    (left / "rows.csv").write_text("Ann", "utf-8")
    with columns.workshop() as folder, columns.workshop() as other:
        assert sorted(os.listdir(tmp_path)) == sorted((Path(folder).name, Path(other).name))
    assert os.listdir(tmp_path) == []


def test_no_name_stands_anywhere_after_a_long_session(tmp_path: Path) -> None:
    """Aliases are shown, names are asked for: in outputs, temporary files and all files of the ledger but its catalog."""
    here = tmp_path.resolve() / "world"
    state.make_world(here)
    secret = state.FAN
    with state.inside(here):
        for command in (
            ("import", "b.csv"), ("records", "list"), ("records", "show", "d001"), ("records", "show", "d001", "--csv"),
            ("summary", "--region", "US", "--json"), ("undo", "d003"), ("doctor",), ("import", "b.csv"),
            ("privacy", "status"), ("balance", "--region", "US"), ("records", "rejected", "--dismiss", "no gifts", "d002"),
        ):  # fmt: skip
            done = state.run_here(*command, "--ledger", "ledger", TMPDIR=str(here / "tmp"))
            assert secret not in done.out + done.err, command
        assert os.listdir("tmp") == []
        holding = [path for path in Path("ledger").rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
        assert {path.name.partition("-")[0] for path in holding} <= {"catalog.sqlite", "d002"}
        assert state.run_here("privacy", "erase", secret, "--ledger", "ledger").code == 0
        assert [path for path in Path("ledger").rglob("*") if path.is_file() and secret.encode() in path.read_bytes()] == []


# --- settings


def test_a_setting_can_be_taken_out_and_everything_else_stays(tmp_path: Path) -> None:
    shutil.copy(ROOT / "examples" / "config.yaml", tmp_path / "c.yaml")
    before = (tmp_path / "c.yaml").read_text("utf-8")
    config = ("--config", "c.yaml")
    for key, value in (("creators.zoe.region", "GB"), ("timezone", "Europe/Berlin"), ("creators.mara.league", "A1")):
        if run("config", "set", key, value, *config, cwd=tmp_path).code == 0:
            assert run("config", "unset", key, *config, cwd=tmp_path).code == 0
            assert (tmp_path / "c.yaml").read_text("utf-8") == before
    assert run("config", "set", "creators.mara.share", "50", "--from", "2027-01-01", *config, cwd=tmp_path).code == 0
    assert run("config", "unset", "creators.mara.share", *config, cwd=tmp_path).code == 1
    assert run("config", "unset", "creators.mara.share", "--from", "2027-01-01", *config, cwd=tmp_path).code == 0
    assert (tmp_path / "c.yaml").read_text("utf-8") == before
    assert run("config", "unset", "region", *config, cwd=tmp_path).code == 1


def test_changes_of_settings_at_once_are_all_kept(tmp_path: Path) -> None:
    (tmp_path / "c.yaml").write_text("creators:\n  mara:\n    region: US\n", "utf-8")
    names = [f"c{number}" for number in range(6)]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "diamondctl", "config", "set", f"creators.{name}.region", "GB", "--config", "c.yaml"],
            cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )
        for name in names
    ]  # fmt: skip
    assert [process.wait(60) for process in running] == [0] * len(names)
    for process in running:
        process.communicate()
    assert all(f"  {name}:" in (tmp_path / "c.yaml").read_text("utf-8") for name in names)
