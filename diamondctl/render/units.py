"""The names of a platform's units in what a report says: where reports say coins and diamonds, a Twitch creator reads bits.

Reports are written in the words of TikTok and told in those of the platform here, at one place for every screen. What came in
from outside keeps its words: of a table only headers, labels and amounts with their unit are touched, of sentences only whole
words, never a part of a name, a path or a command.
"""

from __future__ import annotations

import re
from typing import Final

from diamondctl.ratebook.entries import COINS, Units
from diamondctl.words import plural

# Not inside a path, a quotation, an option or a longer word.
_WORD: Final = re.compile(r"(?<![\w./'\"`=-])([Cc]oins?|[Dd]iamonds?)(?![\w/'\"`=-]|\.\w)")
_AMOUNT: Final = re.compile(r"[0-9.,% -]*[0-9] (coins?|diamonds?)\b.*|(one|a|per|Per) (coin|diamond)")


def said(text: str, units: Units) -> str:
    """A sentence, a title or a header in the words of a platform."""
    return text if units == COINS else _WORD.sub(lambda match: _name(match[0], units), text)


def cell(text: str, units: Units, *, label: bool = False) -> str:
    """A cell of a table: a `label` of ours, an amount with its unit; anything else stays as it is."""
    return said(text, units) if units != COINS and (label or _AMOUNT.fullmatch(text)) else text


def _name(word: str, units: Units) -> str:
    name = units.fan if word.lower().startswith("coin") else units.creator
    name = plural(name) if word.endswith("s") else name
    return name.capitalize() if word[0].isupper() else name
