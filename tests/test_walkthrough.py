"""The walk-through of the library prints what it printed. `python -m tests.test_walkthrough` writes it again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from diamondctl.topics import topics
from tests.support import EXAMPLES, ROOT, environment

SCRIPT = EXAMPLES / "walkthrough.py"
GOLDEN = ROOT / "tests/walkthrough.txt"


def printed() -> str:
    """What it prints, in a folder that has nothing to do with it."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], cwd="/", env=environment(), capture_output=True, text=True, check=True, timeout=120
    )
    assert not done.stderr
    return done.stdout


def test_the_walk_through_is_true() -> None:
    assert printed() == GOLDEN.read_text("utf-8")


def test_the_manual_names_it() -> None:
    (page,) = [topic for topic in topics() if topic.name == "api"]
    assert f"`{Path('examples', SCRIPT.name)}`" in page.text


if __name__ == "__main__":
    GOLDEN.write_text(printed(), "utf-8")
