"""The manual: a page a topic, `NAME.md` in this folder. `diamondctl help TOPIC` prints it; a test runs its examples."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple


class Topic(NamedTuple):
    """One page."""

    name: str
    title: str  # its first heading
    text: str  # Markdown


def topics() -> list[Topic]:
    """All of them, by name."""
    return [_topic(path) for path in sorted(Path(__file__).parent.glob("*.md"))]


def _topic(path: Path) -> Topic:
    text = path.read_text("utf-8")
    return Topic(path.stem, text.partition("\n")[0].removeprefix("# "), text)
