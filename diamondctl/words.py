"""How texts are written wherever they are: numbers of things, names, cells that a spreadsheet would take for formulas."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Sequence
from typing import Final

# Blanks, then what a spreadsheet takes for the beginning of a formula, plain or full-width.
_FORMULA: Final = re.compile("'*[ \u00a0]*[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")


def counted(number: int, noun: str) -> str:
    """`1 row`, `2,000 rows`, `0 rubies`."""
    return f"{number:,} {noun if number == 1 else plural(noun)}"


def plural(noun: str) -> str:
    """`rows`, `rubies`."""
    return f"{noun[:-1]}ies" if re.search("[^aeiou]y$", noun) else f"{noun}s"


def document_name(number: int) -> str:
    """`d014`."""
    return f"d{number:03d}"


def guarded(cell: str) -> str:
    """A cell behind an apostrophe if it looks like a formula, or like a cell that was put behind one."""
    return "'" + cell if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


# Categories of characters that act instead of being seen: screens show them as `<U+202E>`.
HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def as_meant(shown: str) -> str:
    """A text as it was, from the form in which a screen shows it: `<U+202E>` is that character, where it is a hidden one."""

    def character(match: re.Match[str]) -> str:
        number = int(match[1], 16)
        hidden = number <= sys.maxunicode and unicodedata.category(chr(number)) in HIDDEN
        return chr(number) if hidden and not 0xD800 <= number < 0xE000 else match[0]

    return re.sub("<U\\+([0-9A-F]{4,6})>", character, shown)


def few(names: Sequence[str], most: int = 3) -> str:
    """`a, b, c and 4 more`: some names, and how many others there are."""
    return ", ".join(names[:most]) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def key_text(key: Sequence[str]) -> str:
    """A dotted name of a setting as it is written: a part that holds a dot or a quote stands in double quotes."""
    return ".".join(_quoted(part) if re.search(r'[."\\]', part) or not part else part for part in key)


def _quoted(part: str) -> str:
    return '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'


_PLATFORMS: Final = {
    name.lower(): name for name in ("TikTok", "Twitch", "YouTube", "Facebook", "Instagram", "Kick")
}  # fmt: skip


def platform_name(platform: str) -> str:
    """A platform as it writes itself."""
    return _PLATFORMS.get(platform, platform)


def method_name(method: str) -> str:
    """A payout method as people write it."""
    return {"paypal": "PayPal", "bank": "bank", "payoneer": "Payoneer"}.get(method, method)
