"""diamondctl as a program under test: `summary` on one file, and its sums."""

import json

from tests.conformance.advice import main
from tests.support import run

WORDS = ("--creator", "mara", "--region", "US", "--share", "48", "-p", "2026", "--json")


def answer(path: str) -> dict[str, int] | None:
    """Gifts and coins; None where it refuses."""
    result = run("summary", path, *WORDS)
    if result.code not in (0, 3):
        return None
    figures = [account["figures"] for account in json.loads(result.out)["data"]["accounts"]]
    return {name: sum(int(item[name]["now"]["low"]) for item in figures) for name in ("gifts", "coins")}


if __name__ == "__main__":
    main(answer)
