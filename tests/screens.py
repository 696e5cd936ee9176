"""Worlds on whose ledgers default screens are looked at, and how many lines each screen has on a terminal of 80 x 24.

`python -m tests.screens` writes `tests/transcripts/screens.lines` again, so that growth shows in a diff.
"""

from __future__ import annotations

import csv
import random
import shlex
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tests.support import EXAMPLES, ROOT, Result, on_terminal, run_in

TABLE: Final = ROOT / "tests" / "transcripts" / "screens.lines"
ROWS: Final = 24
COLUMNS: Final = 80
_CREATORS: Final = "ada ben cleo dan eve finn gus hana ivo jade kai lea milo nora otis pia quin rosa sam tess".split()  # noqa: SIM905

# Each command as it is typed without an option; the words behind `#` name worlds in which it is looked at, all if none.
COMMANDS: Final = (
    "summary",
    "summary -p september",
    "balance",
    "payout check",
    "fees",
    "explain reward",
    "explain balance",
    "explain payout",
    "explain project",
    "project",
    "streams",
    "schedule",
    "gifters",
    "report month",
    "report share",
    "records list",
    "records rejected",
    "privacy consent",
    "rates list",
    "rates which --region US",
    *(f"rates show {zone}" for zone in ("us", "gb", "euro")),
    "rates coverage",
    "compare",
    "rates check",
    "profile list",
    *(PATHS := ("doctor", "config show", "privacy status")),  # they name folders, whose names are longer here and there
)


def _gifts(path: Path, creators: list[str], region: str, gifts: int = 12) -> Path:
    """Two months of gifts, seeded."""
    chance = random.Random(f"{region} {creators}")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("timestamp", "creator", "gift", "coins", "quantity", "gifter", "stream", "region"))
        for number, creator in enumerate(creators, 1):
            for live in range(14):
                begin = datetime(2026, 9, 2, 18) + timedelta(days=4 * live + chance.randrange(2), minutes=chance.randrange(60))
                for _ in range(gifts):
                    moment = begin + timedelta(seconds=chance.randrange(6_000))
                    coins = chance.choice((1, 5, 30, 99, 199)) * number
                    fan, live_id = f"fan{chance.randrange(9)}", f"{creator}-{live}"
                    writer.writerow((f"{moment:%Y-%m-%dT%H:%M:%SZ}", creator, "Rose", coins, 1, fan, live_id, region))
    return path


def _one(region: str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        _do(folder, "import", str(_gifts(folder / "gifts.csv", ["mara"], region)))

    return make


def _us(folder: Path) -> None:
    _do(folder, "import", str(EXAMPLES / "2026-10.csv"), "--region", "US")


def _observed(folder: Path) -> None:
    _us(folder)
    _do(folder, "record", "balance", "318.75", "--date", "2026-10-12")
    _do(
        folder,
        "record",
        "payout",
        "300",
        "--date",
        "2026-10-12",
        "--by",
        "paypal",
        "--arrived",
        "287.40",
        "--arrived-on",
        "2026-10-15",
    )


def _roster(folder: Path) -> None:
    _do(folder, "import", str(_gifts(folder / "gifts.csv", list(_CREATORS), "US", 4)))


WORLDS: Final[dict[str, Callable[[Path], None]]] = {
    "US": _us,
    "GB": _one("GB"),
    "FR, assumed": _one("FR"),
    "CA, no rate": _one("CA"),
    "roster": _roster,
    "observed": _observed,
    "nothing": lambda folder: None,
}


def places(folder: Path) -> dict[str, str]:
    """The environment of a world."""
    return {"DIAMONDCTL_LEDGER": str(folder / "ledger"), "DIAMONDCTL_CONFIG": "", "HOME": str(folder)}


def _do(folder: Path, *arguments: str) -> None:
    result = run_in(places(folder), *arguments)
    assert result.code == 0, result


def look(command: str, folder: Path, rows: int = ROWS, columns: int = COLUMNS) -> Result:
    """A command on a terminal."""
    return on_terminal(shlex.split(command), places(folder), rows, columns)


def counts(folders: dict[str, Path]) -> str:
    """How many lines each command has in each world; `-` where it refuses."""
    width = max(map(len, COMMANDS))
    lines = [f"{'':{width}}" + "".join(f"  {name:>11}" for name in folders)]
    for command in (command for command in COMMANDS if command not in PATHS):
        results = [look(command, folder) for folder in folders.values()]
        numbers = ("-" if result.code in (2, 4) else str(len(result.out.splitlines())) for result in results)
        lines.append(f"{command:{width}}" + "".join(f"  {number:>11}" for number in numbers))
    return "\n".join(lines) + "\n"


def made(parent: Path) -> dict[str, Path]:
    """A folder with the ledger of each world."""
    folders = {}
    for number, (name, make) in enumerate(WORLDS.items()):
        folders[name] = parent / str(number)
        folders[name].mkdir()
        make(folders[name])
    return folders


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        TABLE.write_text(counts(made(Path(name))), encoding="utf-8")
