"""Writes `examples/`: synthetic gift exports, seeded, about nobody (`python -m tests.generate` writes them).

Gift prices are those of well-known gifts (coins of one unit); names, times and ids are invented.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

GIFTS = (
    ("Rose", 5655, 1, 400),
    ("TikTok", 5269, 1, 150),
    ("Ice Cream Cone", 5827, 1, 90),
    ("Finger Heart", 5487, 5, 120),
    ("Perfume", 5658, 20, 60),
    ("Doughnut", 5879, 30, 50),
    ("Hand Hearts", 5660, 100, 30),
    ("Corgi", 6267, 299, 9),
    ("Money Gun", 7168, 500, 6),
    ("Galaxy", 5886, 1000, 5),
    ("Sports Car", 6089, 7000, 1),
    ("Lion", 6369, 29999, 1),
)
FANS = [f"fan{number:03d}" for number in range(60)]
COLUMNS = ("timestamp", "creator", "gift", "coins", "quantity", "event_id", "gifter", "gift_id", "stream")
HOSTILE_NAMES = (
    "=HYPERLINK(1)",
    "+1-555",
    "@everyone",
    "[bold red]not red[/]",
    ":smile:",
    "back\\slash",
    "a, b",
    'says "hi"',
    "two\nlines",
    "\u202egnp.exe",
    "zero\u200bwidth",
    "esc\x1b[31mred",
    "bell\x07",
    "</td><script>",
    "; rm -rf",
    "ＮＵＬＬ",
    "𝕞𝕒𝕣𝕒",
    "اسم",
    "名前",
    "👩‍👩‍👧",
    "é",
    "-1",
    "'",
    "%s%n",
)


def gifts(seed: int, first: datetime, days: int, creator: str) -> Iterator[dict[str, str | int]]:
    """Gifts of one creator: two streams in three days, three hours each, more gifts near the end of a stream."""
    random_ = random.Random(seed)
    number = random_.randrange(7_400_000_000_000_000_000, 7_500_000_000_000_000_000)
    for day in range(days):
        if random_.random() < 1 / 3:
            continue
        start = first + timedelta(days=day, hours=random_.choice((1, 2, 3)), minutes=random_.randrange(60))
        number += random_.randrange(10**12, 10**13)
        stream = str(number)
        times = sorted(start + timedelta(seconds=10_800 * random_.random() ** 0.7) for _ in range(random_.randrange(8, 24)))
        for time in times:
            name, gift_id, coins, _ = random_.choices(GIFTS, [weight for *_, weight in GIFTS])[0]
            number += random_.randrange(10**9, 10**10)
            yield {
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
                "creator": creator,
                "gift": name,
                "coins": coins,
                "quantity": random_.choice((1, 1, 1, 2, 3, 5, 10, 25)) if coins < 30 else 1,
                "event_id": str(number + 1 if number % 1000 == 0 else number),
                "gifter": random_.choice(FANS),
                "gift_id": str(gift_id),
                "stream": stream,
            }


def as_csv(rows: list[dict[str, str | int]], columns: tuple[str, ...] = COLUMNS) -> str:
    """Rows as CSV with LF line ends."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def hostile() -> list[dict[str, str | int]]:
    """A valid month whose names attack terminals, spreadsheets, markup and parsers."""
    rows = list(gifts(13, datetime(2026, 10, 1, tzinfo=UTC), 20, "mara"))
    for index, row in enumerate(rows):
        row["gifter"] = HOSTILE_NAMES[index % len(HOSTILE_NAMES)]
        row["gift"] = f"{row['gift']} [/]" if index % 3 == 0 else row["gift"]
        row["creator"] = "mara [red]\u202e\x1b[2J"
        row["note"] = '=cmd|"/c calc"!A0'
    return rows


# Month, first day, and how many Lions make it large: rewards lie on both sides of 100 USD and of 1,000 USD.
SAMPLE_MONTHS = ((2023, 5, 20, 0), (2023, 7, 8, 1), (2024, 6, 5, 3), (2025, 2, 7, 4), (2026, 11, 23, 9))


def sample() -> str:
    """The gifts that `rates impact` prices when none are given: a week in each of five months, no region, no gifters.

    The months are chosen so that every entry of the shipped files is in force at a gift or at the end of a month.
    """
    rows = []
    for seed, (year, month, day, lions) in enumerate(SAMPLE_MONTHS, 20):
        week = list(gifts(seed, datetime(year, month, day, tzinfo=UTC), 7, "sample"))
        for row in week[5 : 5 + 7 * lions : 7]:
            row |= {"gift": "Lion", "coins": 29999, "quantity": 1}
        rows += week
    return as_csv(rows, tuple(column for column in COLUMNS if column not in ("gifter", "gift_id")))


def year() -> list[dict[str, str | int]]:
    """A year of one creator, three streams a week, few and small gifts: enough to project from."""
    random_ = random.Random(7)
    rows: list[dict[str, str | int]] = []
    small = GIFTS[:7]
    for day in range(365):
        start = datetime(2025, 11, 1, 19, tzinfo=UTC) + timedelta(days=day)
        if start.weekday() not in (1, 4, 6) or random_.random() < 0.12:
            continue
        stream = f"74{day:04}000000000117"
        for number in range(random_.randrange(2, 7)):
            name, gift_id, coins, _ = random_.choices(small, [weight for *_, weight in small])[0]
            time = start + timedelta(minutes=random_.randrange(150))
            rows.append(
                {
                    "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
                    "creator": "noor",
                    "gift": name,
                    "coins": coins,
                    "quantity": random_.choice((1, 5, 10, 25, 50)) if coins < 30 else random_.choice((1, 2, 5)),
                    "event_id": f"75{day:04}{number:02}0000000211",
                    "gifter": random_.choice(FANS[:12]),
                    "gift_id": str(gift_id),
                    "stream": stream,
                    "region": "GB",
                }
            )
    return sorted(rows, key=lambda row: str(row["timestamp"]))


def files() -> dict[str, str]:
    """Every example export: its name and its text."""
    october = list(gifts(1, datetime(2026, 9, 1, tzinfo=UTC), 61, "mara"))
    crossing = list(gifts(2, datetime(2025, 1, 27, tzinfo=UTC), 28, "mara"))
    london = [{**row, "region": "GB"} for row in gifts(3, datetime(2026, 10, 1, tzinfo=UTC), 31, "lee")]
    berlin = [{**row, "region": "DE"} for row in gifts(4, datetime(2026, 10, 1, tzinfo=UTC), 31, "juno")]
    for row in berlin:
        del row["stream"], row["event_id"]
    return {
        "2026-10.csv": as_csv(october),
        "2025-02.csv": as_csv(crossing),
        "hostile-2026-10.csv": as_csv(hostile(), (*COLUMNS, "note")),
        "gb-2026-10.jsonl": "".join(json.dumps(row) + "\n" for row in london),
        "de-2026-10.json": json.dumps(berlin, indent=1) + "\n",
        "year/gb-2026.csv": as_csv(year(), (*COLUMNS, "region")),
    }
