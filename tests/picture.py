"""The picture of the README: what the demo prints, drawn as a terminal shows it. `python -m tests.generate` writes it."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.support import run

_LINE, _CHARACTER, _MARGIN = 19, 8.43, 18


def terminal(command: str, output: str) -> str:
    """An SVG of a command and what it printed; the first line of the answer stands out, as on a terminal."""
    lines = [f"$ {command}", *output.rstrip("\n").split("\n")]
    width = round(max(map(len, lines)) * _CHARACTER) + 2 * _MARGIN
    height = len(lines) * _LINE + 2 * _MARGIN
    rows = []
    for number, line in enumerate(lines):
        look = ' class="typed"' if number == 0 else ' class="answer"' if number == 1 else ""
        rows.append(f'<text x="{_MARGIN}" y="{_MARGIN + 14 + number * _LINE}"{look}>{escape(line)}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">\n'
        "<style>text { font: 14px ui-monospace, Menlo, Consolas, monospace; fill: #d8dee9; white-space: pre }"
        " .typed { fill: #8fbcbb; } .answer { font-weight: bold; fill: #eceff4; }</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#2e3440"/>\n' + "\n".join(rows) + "\n</svg>\n"
    )


def picture() -> str:
    """The month of the demo."""
    return terminal("diamondctl summary", run("demo", COLUMNS="88").out)
