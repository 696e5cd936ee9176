"""How the CSV of rejected rows is told from any other file, and how texts in it are kept from being formulas."""

from __future__ import annotations

import re
from typing import Final

COLUMNS: Final = ("ledger_document", "ledger_line")
OURS: Final = (*COLUMNS, "problem", "fix", "whole_row")  # of each row: where it belongs, what is wrong, and all of its text
ERASED: Final = re.compile("alias:([0-9a-f]{32})")  # a gifter whose name was erased

# Blanks, then what a spreadsheet takes for the beginning of a formula, plain or full-width (quality.md section 2).
_FORMULA: Final = re.compile("'*[ \u00a0]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def guarded(cell: str) -> str:
    """A cell behind an apostrophe if it looks like a formula, or like a cell that was put behind one."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
