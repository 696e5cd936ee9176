"""YAML text to a tree of nodes that remember their place. Every scalar stays text, so `NO` is Norway and `0.10` is exact.

Works on the event stream: size and depth are capped before a tree exists (libyaml's own composer crashes on deep
nesting), and anchors, aliases, tags, merge keys, duplicate keys and second documents are problems, not features.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from diamondctl.problems import Problem, ProblemLog

MAX_BYTES = 2_000_000
MAX_DEPTH = 24

# libyaml's parser where PyYAML was built with it, else the pure one: same events, same positions.
LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Place(NamedTuple):
    """Where a node begins; lines and columns count from 1."""

    file: str
    line: int
    column: int

    def problem(self, code: str, message: str, hint: str = "") -> Problem:
        """A problem at this place."""
        return Problem(code, message, hint, self.file, self.line, self.column)


class Scalar(NamedTuple):
    """A leaf, as the text that stands in the file."""

    text: str
    place: Place


class Mapping(NamedTuple):
    """Keys are unique; order is the file's."""

    items: dict[str, tuple[Place, Node]]
    place: Place


class Sequence(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    place: Place


Node = Scalar | Mapping | Sequence


class _Stop(Exception):
    """The rest of the file cannot be read; the problem is in the log."""


def decode(data: bytes, file: str, log: ProblemLog) -> str | None:
    """Bytes as UTF-8, with or without its mark (R001), of a file that is not too large (R005)."""
    if len(data) > MAX_BYTES * 4:
        log.add(Problem("R005", f"more than {MAX_BYTES} characters", "split the file, or leave out what is not needed", file))
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        log.add(Problem("R001", f"byte {error.start + 1} is not UTF-8", "save the file as UTF-8", file, line))
        return None


def parse(text: str, file: str, log: ProblemLog) -> Node | None:
    """The tree of one YAML document, or None when problems (R001 to R005) stop it."""
    if len(text) > MAX_BYTES:
        log.add(Problem("R005", f"more than {MAX_BYTES} characters", "split the file, or leave out what is not needed", file))
        return None
    if odd := yaml.reader.Reader.NON_PRINTABLE.search(text):
        place = _position(text, odd.start())
        log.add(Problem("R001", f"a character that YAML does not allow: U+{ord(odd[0]):04X}", "remove it", file, *place))
        return None
    try:
        return _document(yaml.parse(text, Loader=LOADER), file, log)
    except _Stop:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if error.context_mark is not None and any(word in str(error.context) for word in ("quoted", "flow")):
            mark = error.context_mark  # where it was opened, not where the file ended
            error.problem = f"{error.context}, {error.problem}"
        line, column = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
        log.add(Problem("R001", f"not YAML: {error.problem or error.context}", "", file, line, column))
    return None


def _position(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def _document(events: Iterator[yaml.Event], file: str, log: ProblemLog) -> Node | None:
    root: Node | None = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent) and root is not None:
            log.add(_place(event, file).problem("R004", "a second document", "one file holds one document: remove it"))
            raise _Stop
        if isinstance(event, yaml.NodeEvent):
            root = _node(event, events, file, log, 1)
    if root is None:
        log.add(Problem("R001", "nothing but comments", "see rates/README.md for the format", file, 1, 1))
    return root


def _place(event: yaml.Event, file: str) -> Place:
    mark: Any = event.start_mark  # PyYAML's types allow None; its parsers always set it
    return Place(file, mark.line + 1, mark.column + 1)


def _node(event: yaml.Event, events: Iterator[yaml.Event], file: str, log: ProblemLog, depth: int) -> Node:
    place = _place(event, file)
    if depth > MAX_DEPTH:
        log.add(place.problem("R005", f"nested deeper than {MAX_DEPTH} levels"))
        raise _Stop
    anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
    if isinstance(event, yaml.AliasEvent):
        log.add(place.problem("R002", f"alias *{anchor}", "write the value out: what is printed is what runs"))
        return Scalar("", place)
    if anchor:
        log.add(place.problem("R002", f"anchor &{anchor}", "write the value out where it is used"))
    if tag:
        log.add(place.problem("R002", f"tag {tag}", "values are plain text, numbers and dates"))
    if isinstance(event, yaml.ScalarEvent):
        return Scalar(event.value, place)
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_node(event, events, file, log, depth + 1))
        return Sequence(tuple(items), place)
    return _mapping(events, place, log, depth)


def _mapping(events: Iterator[yaml.Event], place: Place, log: ProblemLog, depth: int) -> Mapping:
    entries: dict[str, tuple[Place, Node]] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        key = _node(event, events, place.file, log, depth + 1)
        value = _node(next(events), events, place.file, log, depth + 1)
        if not isinstance(key, Scalar):
            log.add(key.place.problem("R008", "a key must be a single word"))
        elif key.text == "<<":
            log.add(key.place.problem("R002", "merge key <<", "write the values out where they are used"))
        elif key.text in entries:
            first = entries[key.text][0]
            log.add(key.place.problem("R003", f"'{key.text}' appears twice", f"first on line {first.line}"))
        else:
            entries[key.text] = (key.place, value)
    return Mapping(entries, place)


def plain(node: Node) -> object:
    """The tree as dicts, lists and text: what an editor's JSON Schema validator sees, with every scalar as text."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key: plain(value) for key, (_, value) in node.items.items()}
