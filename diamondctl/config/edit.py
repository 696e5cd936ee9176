"""Changing one setting in the text of a config, and nothing else: comments, order and line ends stay as they are.

The place is found by the positions of YAML's own parser; the one line is changed or added as text. Then the result is read
again and has to say exactly what was meant. Where that cannot be had the change is refused (K003).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from diamondctl.config import format as config_format
from diamondctl.config.values import ITEM, Config, Key
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.words import key_text
from diamondctl.yamlfile import nodes

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_PLAIN = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*")
# Plain words that other YAML readers take for something else than text.
_TAKEN = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_FIRST = date(2000, 1, 1)  # of all days there are
_BY_HAND = "`diamondctl config path` names the file"

# A setting in a tree: names of keys, and a day for the item of a dated list.
_Path = tuple[str | date, ...]


class _Unsafe(Exception):
    """What stands at the place cannot be changed as lines."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A node and the part of the text it takes; `end` is after its last character, comments not counted."""

    start: int
    end: int
    column: int
    style: str  # of a scalar: its quote, | or >; of a collection: flow or block
    inside: dict[str, _Span] | list[_Span] | None
    last: str = ""  # style of the last scalar inside

    @property
    def block_text(self) -> bool:
        return (self.style if self.inside is None else self.last) in ("|", ">")


def change(text: str, key: Key, value: str, start: date | None, *, file: str) -> str:
    """The text in which `key` is `value`, from `start` on where a day is given.

    Refuses a text that is not a valid config, a value that would leave it so (both with every problem), and a change that
    would touch other settings (K003).
    """
    log = ProblemLog()
    config = config_format.read(text, file=file, sha256="", log=log)
    log.refuse_if_any()
    if config is None:
        raise AssertionError("no config, and yet no problem")
    _refuse_mixture(config, key, start)
    tree: Any = {} if config_format.is_blank(text) else _tree_of(text, file)
    path = _path(_as_written(tree, key), start)
    put: Any = value
    always = config.get(*key)
    if start is not None and always is not None and always.start is None:  # it holds until then
        path, put = path[:3], [{"from": str(day), ITEM[key[2]]: text} for day, text in ((_FIRST, always.text), (start, value))]
    meant = _with(tree, path, put)
    try:
        changed = _changed(text, _spans(text), path, put)
    except (_Unsafe, yaml.YAMLError):  # the pure parser refuses what libyaml lets pass
        raise Refusal(_refused(config, key, file)) from None
    if _tree_of(changed, file) != meant:
        raise Refusal(_refused(config, key, file))
    config_format.read(changed, file="", sha256="", log=log)
    if log.total:
        # The places are those of a text that will not be written.
        raise Refusal([Problem(item.code, f"{key_text(key)}: {item.message}", item.hint) for item in log.problems])
    return changed


def clear(text: str, key: Key, start: date | None, *, file: str) -> str:
    """The text without a setting, without that of one day where it is given; an entry that is empty then goes with it.

    Refuses as `change` does.
    """
    log = ProblemLog()
    config = config_format.read(text, file=file, sha256="", log=log)
    log.refuse_if_any()
    if config is None:
        raise AssertionError("no config, and yet no problem")
    tree: Any = _tree_of(text, file)
    path = _path(_as_written(tree, key), start)
    meant, last = _without(tree, path)
    try:
        changed = _cut(text, _spans(text), path[: last + 1])
    except (_Unsafe, yaml.YAMLError):
        raise Refusal(_refused(config, key, file)) from None
    left = {} if config_format.is_blank(changed) else _tree_of(changed, file)
    if left != meant:
        raise Refusal(_refused(config, key, file))
    config_format.read(changed, file="", sha256="", log=log)
    if log.total:
        raise Refusal([Problem(item.code, f"{key_text(key)}: {item.message}", item.hint) for item in log.problems])
    return changed


def _without(tree: Any, path: _Path) -> tuple[Any, int]:
    """The tree without what is at the path, and without what holds nothing else; and how far down the path that is."""
    head, rest = path[0], path[1:]
    inner = next(item for item in tree if item["from"] == str(head)) if isinstance(head, date) else tree[head]
    if rest:
        left, depth = _without(inner, rest)
        if left and not (isinstance(head, date) and set(left) == {"from"}):
            if isinstance(head, date):
                return [left if item is inner else item for item in tree], depth + 1
            return {**tree, head: left}, depth + 1
    if isinstance(head, date):
        return [item for item in tree if item is not inner], 0
    return {name: value for name, value in tree.items() if name != head}, 0


def _cut(text: str, root: _Span | None, path: _Path) -> str:
    """The text without the lines of an entry, from that of its name to that of its last character."""
    at = root
    for part in path:
        at = None if at is None else _step(text, at, part)
    if at is None:
        raise _Unsafe
    end = _BREAK.search(text, at.end)
    start = max((match.end() for match in _BREAK.finditer(text, 0, at.start)), default=0)
    if isinstance(path[-1], str) and at.inside is not None:  # the name may stand on a line before
        names = list(re.finditer(rf"^[ \t]*['\"]?{re.escape(path[-1])}['\"]?[ \t]*:", text[: at.start], re.MULTILINE))
        start = names[-1].start() if names else start
    return text[:start] + text[end.end() if end else len(text) :]


def _refused(config: Config, key: Key, file: str) -> Problem:
    setting = config.get(*key)
    line = setting.place.line if setting else 0
    return Problem(
        "K003",
        f"{key_text(key)} cannot be changed here without touching other settings",
        f"by hand, please: {_BY_HAND}",
        file,
        line,
    )


def _tree_of(text: str, file: str) -> object:
    node = nodes.parse(text, file, ProblemLog())
    return None if node is None else nodes.plain(node)


def _as_written(tree: dict[str, Any], key: Key) -> Key:
    """The key with the creator's name as the file spells it."""
    if key[0] != "creators":
        return key
    creators = tree.get("creators", {})
    same = [name for name in creators if unicodedata.normalize("NFC", name) == key[1]]
    return ("creators", same[0] if same else key[1], *key[2:])


def _refuse_mixture(config: Config, key: Key, start: date | None) -> None:
    """What always holds and what begins on a day cannot stand beside each other (K003); only who moves was somewhere before."""
    there = next((setting for setting in config.settings if setting.key[:3] == key[:3]), None)
    if there is None or (there.start is None) == (start is None) or (start is not None and key[2] == "region"):
        return
    text = key_text(key)
    if start is None:
        raise Refusal(there.place.problem("K003", f"{text} has dates", "say from which day on: --from DATE"))
    hint = f"make it a list with a first day there: [{{from: DATE, {ITEM.get(key[2], 'percent')}: ...}}]"
    raise Refusal(there.place.problem("K003", f"{text} always holds, so no day can begin beside it", hint))


def _path(key: Key, start: date | None) -> _Path:
    """Where a setting is in the tree."""
    if start is None:
        return key
    return (*key[:3], start, key[3] if len(key) > 3 else ITEM[key[2]])


def _with(tree: Any, path: _Path, value: Any) -> Any:
    """The tree with the value at its path."""
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(head, date):
        items = list(tree or [])
        for index, item in enumerate(items):
            if item["from"] == str(head):
                items[index] = _with(item, rest, value)
                return items
        return [*items, _with({"from": str(head)}, rest, value)]
    return {**(tree or {}), head: _with((tree or {}).get(head), rest, value)}


def _changed(text: str, root: _Span | None, path: _Path, value: Any) -> str:
    if root is None:
        line_break = _line_break(text)
        begun = text + line_break if text and not _BREAK.search(text[-1]) else text
        return begun + line_break.join(_block(str(path[0]), _with(None, path[1:], value), "")) + line_break
    at = root
    for index, part in enumerate(path):
        below = _step(text, at, part)
        if below is None:
            return _insert(text, at, part, _with(None, path[index:], value))
        at = below
    if at.inside is not None or at.block_text:
        raise _Unsafe
    return text[: at.start] + _flow(value) + text[at.end :]


def _step(text: str, at: _Span, part: str | date) -> _Span | None:
    if isinstance(part, str):
        if not isinstance(at.inside, dict):
            raise _Unsafe
        return at.inside.get(part)
    if not isinstance(at.inside, list):
        raise _Unsafe
    for item in at.inside:
        day = _step(text, item, "from")
        if day is not None and text[day.start : day.end].strip("'\"") == str(part):
            return item
    return None


def _insert(text: str, at: _Span, part: str | date, tree: Any) -> str:
    """Add an entry to a mapping or an item to a list, after the last one; `tree` is the mapping or the list of it alone."""
    new = tree[part] if isinstance(part, str) else tree[0]
    inside = at.inside
    if inside is None or at.block_text:
        raise _Unsafe
    if at.style == "flow":
        entry = f"{_token(part)}: {_flow(new)}" if isinstance(part, str) else _flow(new)
        ends = [item.end for item in (inside.values() if isinstance(inside, dict) else inside)]
        where = ends[-1] if ends else at.start + 1
        return f"{text[:where]}{', ' if ends else ''}{entry}{text[where:]}"
    indent = " " * at.column
    lines = _block(part, new, indent) if isinstance(part, str) else [f"{indent}- {_flow(new)}"]
    end = _BREAK.search(text, at.end)
    where = end.start() if end else len(text)
    line_break = _line_break(text)
    return text[:where] + "".join(line_break + line for line in lines) + text[where:]


def _line_break(text: str) -> str:
    first = _BREAK.search(text)
    return first[0] if first and first[0] in ("\r\n", "\r") else "\n"


def _block(key: str, value: Any, indent: str) -> list[str]:
    """Lines of an entry in block style."""
    head = f"{indent}{_token(key)}:"
    if isinstance(value, str):
        return [f"{head} {_token(value)}"]
    if isinstance(value, list):
        return [head, *(f"{indent}  - {_flow(item)}" for item in value)]
    return [head, *(line for name, item in value.items() for line in _block(name, item, indent + "  "))]


def _flow(value: Any) -> str:
    if isinstance(value, str):
        return _token(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return "{" + ", ".join(f"{_token(name)}: {_flow(item)}" for name, item in value.items()) + "}"


def _token(text: str) -> str:
    """A scalar as it is written: plain where every reader takes it for this text, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _TAKEN:
        return text
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    return character if character.isprintable() else f"\\U{ord(character):08X}"


def rename(text: str, old: str, new: str, *, file: str) -> str:
    """The text in which a creator has another name. Refuses (K003) where the name is not written plainly."""
    root = nodes.parse(text, file, ProblemLog())
    creators = root.items["creators"][1] if isinstance(root, nodes.Mapping) and "creators" in root.items else None
    place = creators.items[old][0] if isinstance(creators, nodes.Mapping) and old in creators.items else None
    lines = text.splitlines(keepends=True)
    if (
        place is None
        or not lines[place.line - 1][place.column - 1 :].startswith(f"{old}:")
        or not new.replace("_", "").isalnum()
    ):
        hint = "rename it there by hand: diamondctl config path"
        raise Refusal(
            Problem("K003", f"the name '{old}' cannot be changed in the file", hint, file, place.line if place else 0)
        )
    line, column = lines[place.line - 1], place.column - 1
    lines[place.line - 1] = line[:column] + new + line[column + len(old) :]
    made = "".join(lines)
    log = ProblemLog()
    config = config_format.read(made, file=file, sha256="", log=log)
    log.refuse_if_any()
    usual = config is not None and config.text("creator") == old
    return change(made, ("creator",), new, None, file=file) if usual else made


def new_text(head: str, settings: list[tuple[Key, str]]) -> str:
    """A whole config of undated settings, below a comment; `change` has the last word on every one of them."""
    text = head
    for key, value in settings:
        text = change(text, key, value, None, file="")
    return text


def _spans(text: str) -> _Span | None:
    # The pure parser: its marks count characters of the text.
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    for event in events:
        if isinstance(event, yaml.NodeEvent):
            return _span(event, events)
    return None


def _span(event: yaml.Event, events: Iterator[yaml.Event]) -> _Span:
    start, end = _index(event.start_mark), _index(event.end_mark)
    column: int = event.start_mark.column  # type: ignore[union-attr]
    if isinstance(event, yaml.ScalarEvent):
        return _Span(start, end, column, event.style or "", None)
    flow = "flow" if getattr(event, "flow_style", False) else "block"
    spans: list[_Span] = []
    keys: list[str] = []
    is_mapping = isinstance(event, yaml.MappingStartEvent)
    while not isinstance(event := next(events), yaml.CollectionEndEvent):
        if is_mapping:
            keys.append(getattr(event, "value", ""))
            _span(event, events)
            event = next(events)
        spans.append(_span(event, events))
    if flow == "flow":
        end = _index(event.end_mark)
    elif spans:
        end = spans[-1].end
    last = (spans[-1].last or spans[-1].style) if spans else ""
    return _Span(start, end, column, flow, dict(zip(keys, spans, strict=True)) if is_mapping else spans, last)


def _index(mark: Any) -> int:
    index: int = mark.index
    return index
