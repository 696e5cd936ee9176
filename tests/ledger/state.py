"""What a ledger says, as one comparable value, and small synthetic ledgers to try things on.

`content` opens a ledger as every command does (a journal that was left behind rolls back) and reads all of it, verified:
two ledgers with equal content give equal reports. Random names of files and the clock are no part of it.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from diamondctl.ledger import backups, catalog, checkup, closes, derive, documents, leftovers, opening, recorded, rejects
from diamondctl.records import Finding
from tests import live
from tests.support import Result, run_in

SESSION: Final = live.session(1)  # one stream, on other days than the rows
FAN: Final = "Ünlü Fan"  # a gifter whose name also stands in rejected rows
HEADER: Final = "timestamp,creator,gift,coins,quantity,event_id,gifter,gift_id,stream,receiver,region"


class Content(NamedTuple):
    """Everything that a ledger holds, by value."""

    documents: tuple[Any, ...] = ()
    rows: tuple[Any, ...] = ()
    usage: tuple[Any, ...] = ()
    cross_checks: tuple[Any, ...] = ()
    preferences: tuple[Any, ...] = ()
    names: tuple[Any, ...] = ()
    rejected: tuple[Any, ...] = ()
    rejected_files: tuple[str, ...] = ()
    records: tuple[Any, ...] = ()
    closes: tuple[Any, ...] = ()


EMPTY: Final = Content()


def content(folder: Path) -> Content:
    """Read a ledger whole. A missing one is an empty one."""
    if not os.path.lexists(folder / catalog.FILE):
        return EMPTY
    with opening.open_ledger(folder) as book, book.reading():
        known = dict(book.sql.execute("SELECT alias, name FROM gifters").fetchall())
        held = documents.stored(book)
        usage, cross = derive.read_usage(book, dict.fromkeys(derive.creators(book)))
        numbers = book.sql.execute("SELECT id FROM documents WHERE rejects_sha256 <> '' ORDER BY id").fetchall()
        return Content(
            tuple(item._replace(imported="") for item in held),
            # Under another key everybody has another alias, so names stand for aliases where they are known.
            tuple(
                row._replace(gifter=known.get(row.gifter) or row.gifter, receiver=known.get(row.receiver) or row.receiver)
                for item in held
                for row in documents.rows_of(book, item.number, 0)
            ),
            tuple(usage),
            tuple(cross),
            tuple(sorted(derive.preferences(book).items())),
            tuple(sorted((name or alias, name is None) for alias, name in known.items())),
            tuple(documents.rejected_rows(book)),
            tuple(rejects.get(book, number) for (number,) in numbers),
            tuple(recorded.records(book)),
            (
                *((item._replace(closed=""), closes.seal(book, item.number, item.last)) for item in closes.closes(book)),
                *(item._replace(added="") for item in closes.corrections(book)),
            ),
        )


def findings(folder: Path) -> list[Finding]:
    """What `doctor` says of a ledger."""
    with opening.open_ledger(folder) as book:
        return checkup.examine(book)


def damage(folder: Path) -> list[str]:
    """What `doctor` calls damaged."""
    return [f"{item.what}: {item.detail}" for item in findings(folder) if item.status == "damaged"]


def strangers(folder: Path) -> list[str]:
    """Files below a ledger's folder that neither belong to it nor are swept by its next writer."""
    if not os.path.lexists(folder / catalog.FILE):
        return []
    with opening.open_ledger(folder) as book:
        with book.writing():
            leftovers.sweep(book)
        with book.reading():
            files = checkup.files_of(book)
        named = {str(path.relative_to(folder)) for path in files} | {catalog.FILE}
    return sorted({str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()} - named)


def run_here(*arguments: str, **env: str) -> Result:
    """A command in this process and its folder; what it makes is open to all by the umask, so that it has to close it."""
    mask = os.umask(0o022)
    try:
        return run_in(env, *arguments, cwd=None)
    finally:
        os.umask(mask)


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Commands of this process run in `folder`, for relative names."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def gifts(count: int, *, first: int = 0, day: int = 1, prefix: str = "e", creator: str = "mara") -> str:
    """Rows of a CSV without its header: one gift every ten minutes, with ids from `first` on."""
    lines = []
    for number in range(first, first + count):
        minutes = number * 10
        time = f"2026-10-{day + minutes // 1440:02d}T{minutes // 60 % 24:02d}:{minutes % 60:02d}:00Z"
        fan = FAN if number % 7 == 0 else f"fan {number % 5}"
        lines.append(f"{time},{creator},Rose,{number % 9 + 1},{number % 3 + 1},{prefix}{number},{fan},5655,s{number // 20},,US")
    return "".join(f"{line}\n" for line in lines)


def write_inputs(folder: Path) -> None:
    """Four files over the same days, two of them with rows that are refused; a statement, and who pays by it."""
    bad = (
        f"2026-10-01T10:00:00Z,mara,Rose,x,1,bad1,{FAN},5655,s1,,US\n"
        f"2026-10-01T10:01:00Z,mara,Rose,5,0,bad2,fan 1,5655,s1,,US\n"
    )
    texts = {
        "a.csv": gifts(40),
        "b.csv": gifts(40, first=20),
        "bad.csv": gifts(20, first=70) + bad,
        "worse.csv": gifts(20, first=60) + bad.replace("bad", "worse"),
    }
    for name, rows in texts.items():
        (folder / name).write_text(f"{HEADER}\n{rows}", "utf-8")
    statement = "2026-10-14,TikTok,Completed,USD,1.00,0.00,1.00,T1\n2026-10-15,TikTok,Completed,USD,2.00,0.00,2.00,T2\n"
    (folder / "paypal.csv").write_text(f"Date,Name,Status,Currency,Gross,Fee,Net,Transaction ID\n{statement}", "utf-8")
    (folder / "payer.yaml").write_text("payer: TikTok\n", "utf-8")


def make_world(folder: Path) -> None:
    """A folder with input files, a ledger of two documents (one with rejected rows) and a payout, and a backup of it."""
    folder.mkdir(parents=True)
    write_inputs(folder)
    (folder / "tmp").mkdir()
    with inside(folder):
        for arguments in (
            ("import", "a.csv", "--ledger", "ledger"),
            ("import", "bad.csv", "--keep-good", "--ledger", "ledger"),
            ("record", "payout", "1", "--date", "2026-10-12", "--by", "paypal", "--ledger", "ledger"),
            ("backup", "kept.zip", "--ledger", "ledger"),
        ):
            done = run_here(*arguments)
            assert done.code in (0, 3), done


def crossing() -> list[live.Event]:
    """Frames of three combos of 5 coins: one over noon, one over the end of September in Tokyo, one over that in London."""
    found = []
    for number, (day, taps) in enumerate(
        (
            (20, ("12:14:50", "12:15:05", "12:15:06")),
            (30, ("14:59:50", "15:00:05")),
            (30, ("23:58:00", "23:59:30", "24:00:10", "24:00:20")),
        )
    ):
        times = [_september(day, tap) for tap in taps]
        sent = live.Sent(times[0], number, f"Gift {number}", 5_000 + number, 5, 1, len(times))
        frames = [*((time, count, 0) for count, time in enumerate(times, 1)), (times[-1] + 1_000, len(times), 1)]
        for step, (time, count, end) in enumerate(frames):
            found.append(live.Event(sent, time, count, end, f"73900{number:06}{step:03}10457", f"{number + 1}"))
    return found


def _september(day: int, time: str) -> int:
    """Milliseconds since 1970 of a time in September 2026, UTC."""
    hours, minutes, seconds = map(int, time.split(":"))
    return live.START // 86_400_000 * 86_400_000 + ((day - 21) * 86_400 + hours * 3_600 + minutes * 60 + seconds) * 1_000


def make_crossing_world(folder: Path) -> None:
    """A ledger with combos over quarters of an hour and the end of a month, one of them in two logs; gifts of somebody else,
    rejected rows, totals, an adjustment.
    """
    folder.mkdir(parents=True)
    found = crossing()
    for name, part in (("early.jsonl", found[:-3]), ("late.jsonl", found[-4:])):
        (folder / name).write_text(live.lines(live.connector_2(event) for event in part), "utf-8")
    (folder / "center.csv").write_text("Date,ダイヤモンド\n2026-09-20,15\n", "utf-8")
    (folder / "noor.csv").write_text(f"{HEADER}\n{gifts(30, creator='noor')}2026-10-01,noor,Rose,x,1,bad1,,,,,US\n", "utf-8")
    with inside(folder):
        for arguments in (
            ("import", "early.jsonl", "--creator", "mara", "--ledger", "ledger"),
            ("import", "late.jsonl", "center.csv", "--creator", "mara", "--ledger", "ledger"),
            ("import", "noor.csv", "--keep-good", "--ledger", "ledger"),
            ("record", "adjustment", "refund", "4.20", "USD", "--creator", "mara", "--date", "2026-10-12",
             "--reason", "gift", "--ledger", "ledger"),
            ("backup", "kept.zip", "--ledger", "ledger"),
        ):  # fmt: skip
            done = run_here(*arguments)
            assert done.code in (0, 3), done


def make_rich_world(folder: Path) -> None:
    """A ledger in which every table holds something: two sources, a preference, an erased gifter, an adjustment, two logs of
    one stream, totals.
    """
    make_world(folder)
    rows = [row.split(",") for row in gifts(30, first=5).splitlines()]
    bare = "".join(",".join([*row[:5], "", *row[6:]]) + "\n" for row in rows)
    (folder / "bare.csv").write_text(f"{HEADER}\n{bare}", "utf-8")
    found = live.events(SESSION)
    for name, part in (("early.jsonl", found[:25]), ("late.jsonl", found[20:])):
        (folder / name).write_text(live.lines(live.connector_2(event) for event in part), "utf-8")
    (folder / "center.csv").write_text("Date,ダイヤモンド\n2026-09-21,2188\n", "utf-8")
    with inside(folder):
        for arguments in (
            ("import", "b.csv", "--ledger", "ledger"),
            ("import", "bare.csv", "--prefer", "ids", "--ledger", "ledger"),
            ("import", "early.jsonl", "late.jsonl", "center.csv", "--creator", "mara", "--ledger", "ledger"),
            ("record", "adjustment", "refund", "4.20", "USD", "--date", "2026-10-12", "--reason", "gift",
             "--ledger", "ledger"),
            ("record", "payout", "30", "--date", "2026-10-12", "--by", "paypal", "--ledger", "ledger", "--id", "first"),
            ("record", "payout", "30", "--id", "first", "--arrived", "26.10", "EUR", "--arrived-on", "2026-10-14",
             "--ledger", "ledger"),
            ("record", "balance", "12.50", "--date", "2026-10-13", "--at", "20:15", "--ledger", "ledger"),
            ("record", "income", "250", "EUR", "--from", "Acme", "--invoice", "17", "--invoiced", "2026-10-05",
             "--ledger", "ledger"),
            ("privacy", "erase", "fan 3", "--ledger", "ledger"),
        ):  # fmt: skip
            done = run_here(*arguments)
            assert done.code in (0, 3), done


def tables(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of a catalog, whether or not anything reads it."""
    with opening.open_ledger(folder) as book:
        names = [name for (name,) in book.raw.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")]
        return {name: book.raw.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names}


def raw(folder: Path) -> Content:
    """What the catalog of any version holds as it stands: version, documents, usage and seals. Brings nothing up to date."""
    if not os.path.lexists(folder / catalog.FILE):
        return EMPTY
    with closing(sqlite3.connect(folder / catalog.FILE)) as connection:

        def ask(query: str) -> tuple[Any, ...]:
            return tuple(connection.execute(query).fetchall())

        return Content(
            documents=ask("PRAGMA user_version")[0],
            rows=ask("SELECT id, name, sha256, file FROM documents ORDER BY id"),
            # By creator and, until version 6, by quarter.
            usage=tuple(sorted(ask("SELECT * FROM usage"), key=lambda row: (row[0], row[3], row))),
            cross_checks=ask("SELECT * FROM seals ORDER BY creator, month"),
        )


def unpack(backup: Path, folder: Path) -> None:
    """The ledger of a backup as it was, of whatever version."""
    with zipfile.ZipFile(backup) as archive:
        archive.extractall(folder, [name for name in archive.namelist() if name != backups.MANIFEST])


def content_of_backup(path: Path, scratch: Path) -> Content:
    """What a backup holds; a missing one is an empty one."""
    if not os.path.lexists(path):
        return EMPTY
    backups.restore(path, scratch)
    return content(scratch)


if sys.platform == "win32":
    raise ImportError("these tests use the calls of a POSIX system")
