"""Dotted names of settings: `creators.mara.region`. A part that holds a dot or a quote stands in double quotes, in which
`\\"` and `\\\\` are the quote and the backslash: `creators."mara.b".region`. Blanks need no quotes of ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from diamondctl.config.values import GENERAL, OF_CREATOR, Key
from diamondctl.problems import Problem, Refusal
from diamondctl.words import as_meant, key_text
from diamondctl.yamlfile.schema import did_you_mean, short

_PART = re.compile(r'"((?:[^"\\]|\\["\\])*)"|([^."]+)')


def parse_key(text: str, creators: Collection[str] = ()) -> Key:
    """The key of a setting; refuses what is not one (K002), and names what is meant of the creators that are known."""
    parts: list[str] = []
    at = 0
    while match := _PART.match(text, at):
        parts.append(match[2] if match[1] is None else re.sub(r"\\(.)", r"\1", match[1]))
        at = match.end()
        if at == len(text):
            return _known(tuple(parts), text, creators)
        if text[at] != ".":
            break
        at += 1
    hint = """parts are joined by dots; one that holds a dot stands in double quotes: 'creators."mara.b".region'"""
    raise Refusal(Problem("K002", f"'{short(text)}' is not the name of a setting", hint))


def _known(key: Key, text: str, creators: Collection[str]) -> Key:
    if key in GENERAL:
        return key
    if key[0] == "creators" and len(key) >= 2:
        name = key[1] if key[1] in creators else as_meant(key[1])
        key = ("creators", unicodedata.normalize("NFC", name), *key[2:])
        if key[2:] in OF_CREATOR:
            return key
        head = key_text(key[:2])
        names = [f"{head}.{key_text(below)}" for below in OF_CREATOR]
        if len(key) == 2 or key[2:] == ("agency",):
            names = [name for name in names if name.startswith(text)] or names
            hint = "one of: " + ", ".join(names)
        else:
            hint = did_you_mean(text, names)
    elif key in OF_CREATOR or key in (("agency",), ("active_fans",), ("league",), ("penalty",)):
        # A setting of a creator, without the creator.
        below = next(item for item in OF_CREATOR if item == key or item[-1:] == key or item[:1] == key)
        names = [key_text(("creators", name, *below)) for name in (*creators,) or ("NAME",)]
        hint = f"did you mean {names[0]}?" if len(names) == 1 else "one of: " + ", ".join(names[:6])
    else:
        hint = did_you_mean(text, [*(name for (name,) in GENERAL), "creators.NAME.region"])
    raise Refusal(Problem("K002", f"there is no setting '{short(text)}'", hint))
