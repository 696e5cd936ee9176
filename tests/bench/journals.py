"""A generated file as journals of plain-text accounting: one transaction a gift, for hledger and for beancount.

`python -m tests.bench.journals gifts.csv hledger|beancount` writes `gifts.csv.journal` or `gifts.csv.beancount`.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path


def write(path: Path, kind: str) -> Path:
    """Write the journal beside the file, unless it is there already, and say where."""
    target = path.with_name(f"{path.name}.{'journal' if kind == 'hledger' else 'beancount'}")
    if target.exists() and target.stat().st_mtime_ns > path.stat().st_mtime_ns:
        return target
    with path.open(encoding="utf-8", newline="") as rows, target.open("w", encoding="utf-8") as out:
        if kind == "beancount":
            out.write("2016-01-01 open Income:Gifts\n")
            creators = sorted({row["creator"] for row in csv.DictReader(rows)})
            out.writelines(f"2016-01-01 open Assets:{account(creator)}\n" for creator in creators)
            rows.seek(0)
        for row in csv.DictReader(rows):
            day, coins = row["timestamp"][:10], int(row["coins"]) * int(row["quantity"])
            if kind == "beancount":
                out.write(
                    f'{day} * "gift" "{row["event_id"]}"\n  Assets:{account(row["creator"])}  {coins} COIN\n  Income:Gifts\n\n'
                )
            else:
                out.write(f"{day} ({row['event_id']}) gift\n    assets:{row['creator']}  {coins} COIN\n    income:gifts\n\n")
    return target


def account(creator: str) -> str:
    """A creator as the part of an account's name that beancount takes."""
    return "".join(letter for letter in creator.title() if letter.isalnum())


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), sys.argv[2]))
