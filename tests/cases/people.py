"""What a person does with a file: sniff, read it, import it and read the ledger. Files and ledger must agree on every one."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from tests.support import run

REPORT = ("--region", "US", "--share", "48", "--json")


class Told(NamedTuple):
    """What a report says: exit code, gifts and coins over all creators, and everything it tells beside."""

    code: int
    gifts: int
    coins: int
    said: str


def told(code: int, out: str, err: str) -> Told:
    """The same of what a command printed."""
    if code not in (0, 3) or not out:
        assert not out, "a refusal prints nothing"
        return Told(code, 0, 0, err)
    report = json.loads(out)
    notices = [notice for file in report["inputs"]["files"] for notice in file["notices"]]
    sums = {
        name: sum(
            int(account["figures"][name]["now"]["low"])
            for account in report["data"]["accounts"]
            if account["figures"][name]["now"]
        )
        for name in ("gifts", "coins")
    }
    return Told(code, sums["gifts"], sums["coins"], "\n".join([err, *map(str, report["warnings"] + report["notes"] + notices)]))


def read(files: dict[str, str | bytes], *options: str, creator: str = "mara", period: str = "") -> Told:
    """Files in a folder of their own, read by `summary` and by `import` with the same options; they must agree.

    A file `p.yaml` is the profile; `sniff` proposes one.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, data in files.items():
            (folder / file).parent.mkdir(exist_ok=True)
            (folder / file).write_bytes(data if isinstance(data, bytes) else data.encode())
        named = [file for file in files if not file.endswith(".yaml")]
        given = ["--profile", "p.yaml"] if "p.yaml" in files else []
        given += ["--creator", creator] if creator else []
        report = [*REPORT, *(["-p", period] if period else [])]
        made = run("summary", *named, *given, *options, *report, cwd=folder)
        of_files = told(made.code, made.out, made.err)
        brought = run("import", *named, *given, *options, "--ledger", "L", cwd=folder)
        if of_files.code in (0, 3):
            assert brought.code in (0, 3), brought.err
            kept = run("summary", "--ledger", "L", *report, cwd=folder)
            of_ledger = told(kept.code, kept.out, kept.err)
            assert (of_ledger.gifts, of_ledger.coins) == (of_files.gifts, of_files.coins)
        else:
            # A ledger may hold gifts to others; a report of nothing is none.
            assert brought.code != 0 or "F009" in of_files.said, f"refused, but imported: {of_files.said}"
        return of_files


def sniff(data: str | bytes, name: str = "x.csv") -> tuple[int, str]:
    """Exit code and proposal, or problems."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(data if isinstance(data, bytes) else data.encode())
        made = run("profile", "sniff", name, cwd=Path(folder))
        return made.code, made.out or made.err


def sniffed(data: str | bytes, name: str = "x.csv", *, creator: str = "mara", period: str = "") -> Told:
    """What a file is read as with the profile that is proposed for it; exit code 3 and the open points where it asks."""
    code, proposal = sniff(data, name)
    if code:
        return Told(code, 0, 0, proposal)
    return read({name: data, "p.yaml": proposal}, creator=creator, period=period)


def row(*cells: Any) -> str:
    """A line of CSV."""
    return ",".join(map(str, cells)) + "\n"


def read_folder(files: dict[str, str | bytes]) -> Told:
    """The same for a folder with these files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "d").mkdir()
        for file, data in files.items():
            (folder / "d" / file).write_bytes(data if isinstance(data, bytes) else data.encode())
        made = run("summary", "d", "--creator", "mara", *REPORT, cwd=folder)
        of_files = told(made.code, made.out, made.err)
        brought = run("import", "d", "--creator", "mara", "--ledger", "L", cwd=folder)
        assert brought.code == of_files.code
        if not of_files.code:
            kept = run("summary", "--ledger", "L", *REPORT, cwd=folder)
            assert told(kept.code, kept.out, kept.err)[1:3] == of_files[1:3]
        return of_files
