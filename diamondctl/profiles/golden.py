"""Testing profiles against samples: beside `NAME.yaml` stand a sample `NAME.csv` (or .json, .xlsx, ...) and what it is read
as, `NAME.expected.csv`, in the plain gift format.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from diamondctl import combos
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.profiles import store
from diamondctl.readers import recognise
from diamondctl.readers.gift_rows import COLUMNS, Settings
from diamondctl.readers.sources import open_source
from diamondctl.records import Frame, Gift, Total

_EXPECTED: Final = ".expected.csv"
CREATOR: Final = "creator"  # where a sample names none


class Tested(NamedTuple):
    """What came of one profile."""

    profile: str
    sample: str
    gifts: int
    answer: str  # ok | differs | written | no sample | refused
    detail: str


def test(folder: Path, *, write: bool) -> list[Tested]:
    """Test every profile of a folder, or write what is expected where it is not there yet. Refuses (P001) none at all."""
    paths = sorted(path for path in folder.glob("*.yaml") if path.is_file())
    if not paths:
        raise Refusal(Problem("P001", "no profile in this folder", "they end in .yaml", str(folder)))
    return [_test(path, write=write) for path in paths]


def _test(path: Path, *, write: bool) -> Tested:
    log = ProblemLog()
    profile = store.load(path, origin="user", log=log)
    if profile is None:
        return Tested(path.stem, "", 0, "refused", str(log.problems[0]))
    expected = path.with_name(path.stem + _EXPECTED)
    samples = sorted(
        other
        for other in path.parent.glob(f"{path.stem}.*")
        if other not in (path, expected) and other.suffix.lower() in (".csv", ".tsv", ".txt", ".json", ".jsonl", ".xlsx")
    )
    if not samples:
        return Tested(profile.name, "", 0, "no sample", f"put one beside it, such as {path.stem}.{profile.form}")
    gifts: list[Gift] = []
    frames: list[Frame] = []
    totals: list[Total] = []
    try:
        with open_source(str(samples[0]), encoding="utf-8", stdin=None) as source:
            settings = Settings(CREATOR, profiles=(profile,))
            # What else a file may hold is no row of this profile, and refused.
            if profile.kind == "events":
                recognise.read(source, settings, log, gifts.append, take_frame=frames.append)
            elif profile.kind == "totals":
                recognise.read(source, settings, log, gifts.append, take_total=totals.append)
            else:
                recognise.read(source, settings, log, gifts.append)
        folded = combos.fold(frames, _unlisted)
        for problem in folded.problems:
            log.add(problem)
        log.refuse_if_any()
    except Refusal as refusal:
        return Tested(profile.name, samples[0].name, len(gifts), "refused", str(refusal.problems[0]))
    gifts += [item.gift for item in folded.gifts]
    text = _totals_csv(totals) if totals else as_csv(gifts)
    if expected.is_file():
        wanted = expected.read_text("utf-8")
        if wanted == text:
            return Tested(profile.name, samples[0].name, len(gifts), "ok", "")
        line = next(
            (
                number
                for number, (one, other) in enumerate(zip(wanted.splitlines(), text.splitlines(), strict=False), 1)
                if one != other
            ),
            min(wanted.count("\n"), text.count("\n")) + 1,
        )
        return Tested(profile.name, samples[0].name, len(gifts), "differs", f"{expected.name} differs from line {line} on")
    if not write:
        return Tested(profile.name, samples[0].name, len(gifts), "no sample", f"{expected.name} is missing; --write writes it")
    expected.write_text(text, "utf-8", newline="")
    return Tested(profile.name, samples[0].name, len(gifts), "written", expected.name)


def _unlisted(gift_id: str, gift: str, time: int) -> int:
    """Coins of what the events do not price; a catalogue would change with the years."""
    return 0


def _totals_csv(totals: list[Total]) -> str:
    """Totals with what they say, in the order of the file."""
    names = [name for name in Total._fields if name not in ("source", "file", "line", "timezone")]
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([getattr(total, name) for name in names] for total in totals)
    return lines.getvalue()


def as_csv(gifts: list[Gift]) -> str:
    """Gifts in the plain format."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(COLUMNS)
    for gift in gifts:
        moment = datetime(1970, 1, 1) + timedelta(microseconds=gift.time)
        row = gift._asdict() | {
            "timestamp": moment.isoformat(timespec="microseconds" if moment.microsecond else "seconds") + "Z"
        }
        writer.writerow([row[name] for name in COLUMNS])
    return lines.getvalue()
