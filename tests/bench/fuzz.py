"""Damaged and crafted inputs of every kind that a command reads: each ends with an answer or a refusal, soon, in little memory.

    python -m tests.bench.fuzz --seconds 600           a long run, from today's seed on
    python -m tests.bench.fuzz --count 300 --seed 7    the share that the tests try

Inputs are samples of this repository with pieces changed: bytes, digits, marks, words that look like what a pattern takes
(`ſ`, the Kelvin sign, digits of other scripts, numbers of 14 and of 400 digits), lines doubled, cut or joined. One that
ends as a bug is printed with the seed that makes it again.
"""

from __future__ import annotations

import argparse
import io
import random
import resource
import shutil
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from tests import workbooks
from tests.ledger import state
from tests.support import ROOT

SEED: Final = 20261129
SECONDS_PER_MB: Final = 1.0
MEMORY: Final = 200 << 20
_PIECES: Final = (
    "ſep", "ſA", "K", "٣", "１２", "²", "19700101000000", "99999999999999", "0" * 400, "9" * 400, "1e999", "NaN", "Infinity",
    "-0", "+1", "0x1F", "1_000", "\0", "\x1b[31m", "\u202e", "\u2028", "\ud83d", "=1+1", "'", '"', '""', "\\", "\\u0000",
    "{", "[", "]", "}", ",", ";", "\t", "|", "\r", "\n", ":", "null", "true", "2026-02-30", "2026-13-01T25:61:61Z",
    "9999-12-31T23:59:59Z", "0000-00-00", "1.234.567,89", "2.98K", "99999999999h", "999999999999999", "1000000000000000",
    "%s", "{0}", "&", "<", "]]>", "*a", "&a", "!!python/object", "<<:", "---", "- ", "? ", "| ", "> ", "#", "\ufeff",
    "\u00a0", "31/12/99", "12:60 PM", "24:00",
)  # fmt: skip


class Kind(NamedTuple):
    """One kind of input: where its samples are, and the commands that read it."""

    name: str
    samples: tuple[bytes, ...]
    ending: str
    commands: tuple[tuple[str, ...], ...]  # FILE stands for the input
    mend: Callable[[bytes], bytes] = bytes


class Case(NamedTuple):
    """One input, made again by its kind and seed."""

    kind: Kind
    seed: str
    data: bytes
    command: tuple[str, ...]


def kinds() -> list[Kind]:
    """Every kind of input there is."""
    texts = {path: path.read_bytes() for path in _files()}

    def of(*endings: str, folder: str = "") -> tuple[bytes, ...]:
        chosen = [
            data for path, data in texts.items() if path.suffix in endings and folder in str(path) and len(data) < 200_000
        ]
        return tuple(data[:20_000] for data in chosen)

    gifts = (("summary", "FILE", "--region", "US", "--creator", "mara"), ("profile", "sniff", "FILE"))
    logs = tuple(data for data in of(".jsonl"))
    csvs = of(".csv")
    sheets = tuple(map(_workbook, csvs[:6]))
    packed = tuple(workbooks.archive({"a.csv": data}) for data in csvs[:4])
    return [
        Kind("CSV", csvs, ".csv", gifts),
        Kind("JSON", of(".json"), ".json", gifts),
        Kind("JSON Lines", logs, ".jsonl", gifts),
        Kind("XLSX", sheets, ".xlsx", gifts[:1], _packed_again),
        Kind("ZIP", packed, ".zip", gifts[:1], _packed_again),
        Kind("ZIP, bytes", packed, ".zip", (*gifts[:1], ("restore", "FILE", "--ledger", "restored"))),
        Kind("rates", of(".yaml", folder="/rates/tiktok"), ".yaml", (("rates", "check", "FILE"),)),
        Kind("profiles", of(".yaml", folder="/samples/profiles"), ".yaml",
             (("summary", str(ROOT / "examples" / "2026-10.csv"), "--profile", "FILE", "--region", "US"),)),
        Kind("settings", ((ROOT / "examples" / "config.yaml").read_bytes(),), ".yaml",
             (("summary", str(ROOT / "examples" / "2026-10.csv"), "--config", "FILE"), ("config", "show", "--config", "FILE"))),
    ]  # fmt: skip


def _files() -> list[Path]:
    folders = (ROOT / "examples", ROOT / "tests" / "samples", ROOT / "tests" / "errors", ROOT / "rates")
    return sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def _workbook(data: bytes) -> bytes:
    rows = [line.split(",") for line in data.decode("utf-8", "replace").splitlines()[:30]]
    return workbooks.workbook({"Gifts": workbooks.sheet(rows)})


def _packed_again(data: bytes) -> bytes:
    """An archive whose members were changed and packed well."""
    pick = random.Random(data)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        names = archive.namelist()
        chosen = pick.choice(names)
        for name in names:
            member = archive.read(name)
            again.writestr(zipfile.ZipInfo(name), changed(member, pick) if name == chosen else member)
    return out.getvalue()


def changed(data: bytes, pick: random.Random) -> bytes:
    """One to four pieces of it changed."""
    for _ in range(pick.randrange(1, 5)):
        at = pick.randrange(len(data) + 1)
        piece = pick.choice(_PIECES).encode("utf-8", "surrogatepass")
        how = pick.randrange(8)
        if how == 0:
            data = data[:at] + bytes((pick.randrange(256),)) + data[at + 1 :]
        elif how == 1:
            data = data[:at] + piece + data[at:]
        elif how in (2, 3):  # a run of letters or digits becomes the piece
            end = at
            while end < len(data) and (data[end : end + 1].isalnum() or data[end] > 127):
                end += 1
            data = data[:at] + piece + data[end:]
        elif how == 4:
            lines = data.split(b"\n")
            line = pick.randrange(len(lines))
            data = b"\n".join(
                [*lines[:line], *pick.choice(([], [lines[line]] * 2, [lines[line] + lines[line]])), *lines[line + 1 :]]
            )
        elif how == 5:
            data = data[:at]
        elif how == 6:
            digits = [index for index, byte in enumerate(data[:4_000]) if 48 <= byte <= 57]
            if digits:
                at = pick.choice(digits)
                data = data[:at] + pick.choice((b"", b"-", b"9" * 14, b"0")) + data[at + 1 :]
        else:
            other = pick.randrange(len(data) + 1)
            first, last = sorted((at, other))
            data = data[:first] + data[last:] if pick.random() < 0.3 else data[:last] + data[first:last][:2_000] + data[last:]
    return data


def cases(seed: int) -> Iterator[Case]:
    """Inputs without end, kind by kind."""
    every = kinds()
    number = 0
    while True:
        for kind in every:
            name = f"{seed}:{kind.name}:{number}"
            pick = random.Random(name)
            sample = pick.choice(kind.samples)
            data = kind.mend(sample) if kind.mend is not bytes and pick.random() < 0.7 else changed(sample, pick)
            yield Case(kind, name, data, pick.choice(kind.commands))
        number += 1


def wrong(case: Case, folder: Path) -> str:
    """What a command did with an input that it must not do; blank when all is well."""
    path = folder / f"input{case.kind.ending}"
    path.write_bytes(case.data)
    shutil.rmtree(folder / "restored", ignore_errors=True)
    begun, peak = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with state.inside(folder):
        done = state.run_here(*(path.name if word == "FILE" else word for word in case.command))
    spent = time.process_time() - begun
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak) << 10
    if done.code not in (0, 1, 2, 3, 4):
        return f"exit code {done.code}: {done.err.strip()[:600]}"
    if "\x1b" in done.out + done.err:
        return "an escape character reached the screen"
    if done.code in (2, 4) and not done.err.strip():
        return f"exit code {done.code} without a word"
    if spent > 1 + SECONDS_PER_MB * len(case.data) / 1e6:
        return f"{spent:.1f} s of CPU for {len(case.data):,} bytes"
    if grown > MEMORY + len(case.data):
        return f"{grown >> 20} MB for {len(case.data):,} bytes"
    return ""


def run(count: int, seconds: float, seed: int, folder: Path) -> tuple[Counter[str], list[str]]:
    """Try so many inputs, or as many as the time allows; counts by kind, and what went wrong."""
    counts: Counter[str] = Counter()
    found: list[str] = []
    end = time.monotonic() + seconds
    for number, case in enumerate(cases(seed)):
        if (count and number >= count) or (seconds and time.monotonic() > end):
            break
        counts[case.kind.name] += 1
        if what := wrong(case, folder):
            found.append(f"{case.seed} {' '.join(case.command)}: {what}")
    return counts, found


def again(name: str) -> Case:
    """The case of a seed that was printed."""
    seed, _, rest = name.partition(":")
    return next(case for case in cases(int(seed)) if case.seed == f"{seed}:{rest}")


def main() -> int:
    """Try them; print what went wrong, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        counts, found = run(given.count, given.seconds, given.seed, Path(folder).resolve())
    print("\n".join(found))
    print(f"seed {given.seed}: {counts.total():,} inputs ({dict(counts)}), {len(found)} wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
