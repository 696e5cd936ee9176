"""Every transcript is what the tool prints today, and no figure in it is ever cut."""

from __future__ import annotations

import re

import pytest

from tests.support import run
from tests.transcript import TRANSCRIPTS, execute, parse, show

STEPS = [
    pytest.param(step.line, step.expected, id=f"{path.stem}-{number}")
    for path in sorted(TRANSCRIPTS.glob("*.txt"))
    for number, step in enumerate(parse(path.read_text(encoding="utf-8")), 1)
]


@pytest.mark.parametrize(("line", "expected"), STEPS)
def test_a_transcript_is_what_is_printed(line: str, expected: str) -> None:
    """Standard output, standard error and exit code, whole."""
    assert show(execute(line)) == expected


WIDTHS = (40, 47, 60, 80, 100, 160)
COMMANDS = (
    ("summary", "examples/2026-10.csv", "--region", "US"),
    ("summary", "examples", "--region", "US"),
    ("summary", "examples/hostile-2026-10.csv", "--region", "US", "--share", "48"),
    ("rates", "list", "--date", "2026-11-22"),
    ("rates", "show", "US"),
)
NUMBER = re.compile(r"[0-9][0-9,]*\.[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+")


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_figure_of_the_unlimited_table_stands_at_every_width(command: tuple[str, ...]) -> None:
    """Narrow screens drop texts or switch to blocks; figures stay whole and nothing is abbreviated."""
    unlimited = run(*command, COLUMNS="")
    assert unlimited.code == 0
    figures = sorted(NUMBER.findall(unlimited.out.partition("Sources\n")[0]))
    assert figures
    for width in WIDTHS:
        narrow = run(*command, COLUMNS=str(width))
        assert sorted(set(NUMBER.findall(narrow.out.partition("Sources\n")[0]))) == sorted(set(figures))
        assert "…" not in narrow.out
        long = [line for line in narrow.out.splitlines() if len(line) > width and " " in line.strip()]
        assert not [line for line in long if len(line.split()) > 2], width
