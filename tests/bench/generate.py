"""Gift exports of any size for the benchmark: seeded, streamed to disk a day at a time, 10 M rows in about half a minute.

The **creator shape** is 20 creators with 25 streams a month, over a year from 100 k rows on and over one month below; the
**roster shape** has one creator for every 400 gifts; the **quarters shape** is the creator shape with streams of a whole day
and gifts evenly over them: 1 M rows have one in each of 576,000 quarters of an hour. All lie in 2025, ordered by time, streams
of a day interleaved.
Nothing is drawn at random per row: gifts and gifters come from shuffled tables of prime length that are walked round and
round, ids from a permutation.

`python -m tests.bench.generate creator 10000 [--folder DIR] [--json-lines]` prints the file it made or found.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import tempfile
from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate, cycle, pairwise
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from tests.make_examples import COLUMNS, GIFTS

SHAPES: Final = ("creator", "roster", "quarters")
PERIOD: Final = "2025"

_SEED: Final = 20_251_031
_FIRST_DAY: Final = date(2025, 1, 1)
_CREATORS: Final = 20
_STREAMS_A_MONTH: Final = 25
_YEAR_FROM: Final = 100_000  # fewer rows of 20 creators fill one month, as one export of such an agency would
_GIFTS_A_ROSTER_CREATOR: Final = 400
_STREAMS_A_ROSTER_CREATOR: Final = 10
# How often each of GIFTS occurs among 100,000: three in four are the cheapest, a Lion comes once in 25,000.
_FREQUENCIES: Final = (75_000, 9_000, 5_000, 6_000, 2_000, 1_800, 800, 200, 100, 85, 11, 4)
# Primes, so that no two tables ever meet in the same place twice.
_GIFT_TABLE: Final = 65_521
_GIFTER_TABLE: Final = 99_991
_GIFTERS: Final = 30_000
_ODD_NAMES: Final = (
    "Zoë {}",
    "名前{}",
    "اسم {}",
    "🌹 rose {}",
    "Smith, Ana {}",
    'the "king" {}',
    '"{}", he said',
    "𝕞𝕒𝕣𝕒{}",
    "👩‍👩‍👧 {}",
)
# Ids are 19 digits: a base, 15 digits permuted modulo a prime, and a tail of 001 to 999, for an id that ends in 000 looks
# like one that a spreadsheet has damaged.
_ID_PRIME: Final = 10**15 + 37
_ID_STEP: Final = 618_033_988_749_895
_EVENT_IDS: Final = 7 * 10**18
_STREAM_IDS: Final = 8 * 10**18


class Made(NamedTuple):
    """A generated file, and what it must add up to."""

    path: Path
    rows: int
    coins: int  # coins x quantity of all rows


class _Stream(NamedTuple):
    start: int  # seconds since the first day
    seconds: int
    creator: str
    id: str
    gifts: int


def default_folder() -> Path:
    """Where files go unless a folder is given."""
    return Path(tempfile.gettempdir()) / "diamondctl-bench"


def make(folder: Path, shape: str, rows: int, *, json_lines: bool = False) -> Made:
    """The file of this shape and size, generated unless it is there already, whole and by this very generator."""
    path = folder / f"{shape}-{rows}.{'jsonl' if json_lines else 'csv'}"
    marker = path.with_suffix(path.suffix + ".made")
    generator = hashlib.sha256(Path(__file__).read_bytes() + repr(GIFTS).encode()).hexdigest()
    try:
        found = json.loads(marker.read_text())
        if found["generator"] == generator and found["bytes"] == path.stat().st_size:
            return Made(path, rows, found["coins"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    folder.mkdir(parents=True, exist_ok=True)
    marker.unlink(missing_ok=True)
    unfinished = path.with_suffix(f"{path.suffix}.{os.getpid()}")
    if json_lines:
        plain = make(folder, shape, rows)
        coins = plain.coins
        _write_json_lines(plain.path, unfinished)
    else:
        coins = _write_csv(unfinished, shape, rows)
    unfinished.replace(path)
    marker.write_text(json.dumps({"generator": generator, "bytes": path.stat().st_size, "coins": coins}) + "\n")
    return Made(path, rows, coins)


def _write_csv(path: Path, shape: str, rows: int) -> int:
    """Write the file and return its coins."""
    random = Random(_SEED)
    gifts, gifters = _gift_table(random), _gifter_table(random)
    by_day: dict[int, list[_Stream]] = {}
    for stream in _streams(random, shape, rows):
        by_day.setdefault(stream.start // 86_400, []).append(stream)
    days = [(_FIRST_DAY + timedelta(days=day)).isoformat() for day in range(368)]
    clock = [f"T{second // 3_600:02d}:{second // 60 % 60:02d}:{second % 60:02d}Z" for second in range(86_400)]
    next_gift, next_gifter = cycle(gifts), cycle(gifters)
    written = 0
    with path.open("wb", buffering=1 << 20) as file:
        file.write((",".join(COLUMNS) + "\n").encode())
        lines: list[str] = []
        for day, next_day in pairwise(range(len(days))):
            for start, seconds, creator, stream_id, count in by_day.get(day, ()):
                # Evenly over the stream, in steps that are no whole seconds.
                times = (time // count for time in range(start * count, (start + seconds) * count, seconds))
                # The cycles stand last: zip takes nothing from them once the times have run out.
                lines += [
                    f"{days[time // 86_400]}{clock[time % 86_400]},{creator},{gift},{event_id},{gifter},{gift_id},{stream_id}\n"
                    for time, event_id, (gift, gift_id, _), gifter in zip(
                        times, _ids(_EVENT_IDS, written, count), next_gift, next_gifter, strict=False
                    )
                ]
                written += count
            lines.sort()
            midnight = bisect_left(lines, days[next_day])
            file.write("".join(lines[:midnight]).encode())
            lines = lines[midnight:]
    assert not lines
    assert written == rows
    rounds, rest = divmod(rows, _GIFT_TABLE)
    return rounds * sum(coins for *_, coins in gifts) + sum(coins for *_, coins in gifts[:rest])


def _write_json_lines(plain: Path, path: Path) -> None:
    """The same rows as JSON Lines."""
    with plain.open(encoding="utf-8", newline="") as rows, path.open("w", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(rows):
            numbers = {"coins": int(row["coins"]), "quantity": int(row["quantity"])}
            file.write(json.dumps({**row, **numbers}, ensure_ascii=False) + "\n")


def _streams(random: Random, shape: str, rows: int) -> Iterator[_Stream]:
    """Every stream of the year with its part of the rows; a few streams get most of them, but in the quarters shape. All end
    before 08:00 of 2026 UTC.
    """
    plan: list[tuple[int, str]] = []  # day of the year, creator
    if shape != "roster":
        for creator in range(_CREATORS):
            for month in range(1, 13 if rows >= _YEAR_FROM else 2):
                first = (date(2025, month, 1) - _FIRST_DAY).days
                plan += [(first + day, f"creator{creator:02d}") for day in random.sample(range(28), _STREAMS_A_MONTH)]
    else:
        for creator in range(max(2, rows // _GIFTS_A_ROSTER_CREATOR)):
            plan += [(day, f"host.{creator:05d}") for day in random.sample(range(365), _STREAMS_A_ROSTER_CREATOR)]
    all_day = shape == "quarters"
    bounds = [0, *accumulate(1 if all_day else int(1_000 * min(random.paretovariate(1.2), 50)) for _ in plan)]
    for (day, creator_name), id_, low, high in zip(plan, _ids(_STREAM_IDS, 0, len(plan)), bounds[:-1], bounds[1:], strict=True):
        count = high * rows // bounds[-1] - low * rows // bounds[-1]
        start = day * 86_400 + (8 * 3_600 if all_day else random.randrange(16 * 3_600, 24 * 3_600))
        seconds = 86_400 if all_day else random.randrange(1_800, 4 * 3_600)
        if count:
            yield _Stream(start, seconds, creator_name, str(id_), count)


def _ids(base: int, first: int, count: int) -> Iterator[int]:
    """Ids number `first` to `first + count`, unique for one base."""
    for number in range((first + 1) * _ID_STEP, (first + count + 1) * _ID_STEP, _ID_STEP):
        middle = number % _ID_PRIME
        yield base + middle * 1_000 + 1 + middle % 999


def _gift_table(random: Random) -> list[tuple[str, int, int]]:
    """The cells gift, coins and quantity as CSV; the gift id; the coins of the row."""
    table = []
    for name, gift_id, coins, _ in random.choices(GIFTS, _FREQUENCIES, k=_GIFT_TABLE):
        quantity = random.choice((1, 1, 1, 1, 2, 3, 5, 10, 25)) if coins < 30 else 1
        table.append((f"{name},{coins},{quantity}", gift_id, coins * quantity))
    return table


def _gifter_table(random: Random) -> list[str]:
    """Gifters as CSV cells; the first thousand send a third of all gifts, and every eighth name is an unusual one."""
    names = [
        _cell(random.choice(_ODD_NAMES).format(number)) if number % 8 == 0 else f"fan{number}" for number in range(_GIFTERS)
    ]
    return [names[int(_GIFTERS * random.random() ** 3)] for _ in range(_GIFTER_TABLE)]


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if "," in text or '"' in text else text


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.generate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("shape", choices=SHAPES)
    parser.add_argument("rows", type=int)
    parser.add_argument("--folder", type=Path, default=default_folder())
    parser.add_argument("--json-lines", action="store_true")
    options = parser.parse_args()
    print(make(options.folder, options.shape, options.rows, json_lines=options.json_lines).path)
