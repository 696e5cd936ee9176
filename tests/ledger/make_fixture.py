"""Write the fixture of a ledger for later versions: `tests/ledger/fixtures/v1/`, synthetic, a few kilobytes.

    python -m tests.ledger.make_fixture            refuses while there is one
    python -m tests.ledger.make_fixture --anew     before a release only

A released fixture is never made anew: it stands for the ledgers that people have. Another version of the catalog gets a
folder of its own beside it. What must come out of it is worked out here from the rows of the files, not by the ledger.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from diamondctl.ledger import catalog
from tests import live
from tests.ledger import state

FIXTURES: Final = Path(__file__).parent / "fixtures"
EXPECTED: Final = "expected.json"
BACKUP: Final = "kept.zip"  # of a ledger with combos over the end of a month; since version 3
FILES: Final = ("a.csv", "b.csv", "bad.csv")  # that count; bare.csv is a cross-check


def expected(folder: Path) -> dict[str, Any]:
    """Gifts and coins that count, with each of the files that count and without it; by id, each once."""
    texts = {name: (folder / name).read_text("utf-8") for name in (*FILES, "bare.csv")}
    return {
        "whole": _sums([texts[name] for name in FILES]),
        "without": {name: _sums([texts[other] for other in FILES if other != name]) for name in FILES},
        "cross_check": _sums([texts["bare.csv"]], logs=False),
        "names": sorted(
            ({row["gifter"] for text in texts.values() for row in _rows(text)} - {"fan 3"})
            | {live.fan_id(item.sender) for item in state.SESSION}
            | {live.HOST}
        ),
        "rejected": 2,
        "records": ["250.00 EUR", "-4.20 USD", "1.00 USD", "30.00 USD", "12.50 USD"],
        "files": texts,
    }


def _rows(text: str) -> list[dict[str, str]]:
    """Rows without the two that are refused."""
    return [row for row in csv.DictReader(io.StringIO(text)) if not row["event_id"].startswith("bad")]


def _sums(texts: list[str], *, logs: bool = True) -> dict[str, int]:
    gifts = {
        row["event_id"] or str(number): int(row["coins"]) * int(row["quantity"])
        for text in texts
        for number, row in enumerate(_rows(text))
    }
    logged = sum(item.coins * item.times for item in state.SESSION)
    sums = {"gifts": len(gifts), "coins": sum(gifts.values())}
    return {"gifts": sums["gifts"] + len(state.SESSION), "coins": sums["coins"] + logged} if logs else sums


def main() -> int:
    """Make the ledger and what is expected of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--anew", action="store_true")
    given = parser.parse_args()
    target = FIXTURES / f"v{catalog.VERSION}"
    if target.exists() and not given.anew:
        print(f"{target} is there already", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        world = Path(scratch).resolve() / "world"
        state.make_rich_world(world)
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(world / "ledger", target / "ledger")
        state.make_crossing_world(world.with_name("crossing"))
        shutil.copy(world.with_name("crossing") / BACKUP, target / BACKUP)
        text = json.dumps(expected(world), indent=1, ensure_ascii=False) + "\n"
        (target / EXPECTED).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
