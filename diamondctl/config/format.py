"""The format of the config: its schema, and how checked YAML becomes a `Config`."""

from __future__ import annotations

import unicodedata
from datetime import date
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from diamondctl.config.values import GENERAL, Config, Setting
from diamondctl.problems import Problem, ProblemLog
from diamondctl.ratebook.missions_format import POINTS
from diamondctl.ratebook.zone_format import METHOD, PERCENT, PLATFORM, REGION, TimeZone
from diamondctl.yamlfile import nodes
from diamondctl.yamlfile.nodes import Mapping, Node, Place, Scalar, Sequence
from diamondctl.yamlfile.schema import SLUG, Day, Fields, Items, ListOf, MapOf, Number, Record, Schema, Text, Word

_OF: Final = MappingProxyType({"of": Word(("reward", "gifts"))})


class _MaybeDated(NamedTuple):
    """One value that always holds, or a list of values that each hold from a day on."""

    always: Schema
    dated: Record

    def check(self, node: Node, log: ProblemLog) -> Any:
        if not isinstance(node, Sequence):
            return self.always.check(node, log)
        items = ListOf(self.dated, 1).check(node, log)
        if items is None:
            return None
        first: dict[date, Place] = {}
        for item in items:
            day, place = item["from"], item.places["from"]
            if day in first:
                hint = f"first on line {first[day].line}; leave one of them out"
                log.add(place.problem("K001", f"a second entry from {day}", hint))
            first.setdefault(day, place)
        return items if len(first) == len(items) else None

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [self.always.json_schema(), ListOf(self.dated, 1).json_schema()]}


# What a creator knows of herself, for a share that is built from missions.
_MISSIONS: Final[dict[str, Schema]] = {
    "active_fans": Number(digits=9),
    "league": Text(SLUG, "a word such as held or none"),
    "penalty": POINTS,
}
_CREATOR: Final = Record(
    {},
    {
        "region": REGION,
        "timezone": TimeZone(),
        "method": METHOD,
        "share": _MaybeDated(PERCENT, Record({"from": Day(), "percent": PERCENT})),
        "agency": _MaybeDated(Record({"percent": PERCENT}, _OF), Record({"from": Day(), "percent": PERCENT}, _OF)),
        "missions": _MaybeDated(Record({}, _MISSIONS), Record({"from": Day()}, _MISSIONS)),
    },
)

CONFIG: Final = Record(
    {},
    {
        "platform": PLATFORM,
        "region": REGION,
        "timezone": TimeZone(),
        "input_timezone": TimeZone(),
        "rates": Text(expected="a folder"),
        "profiles": Text(expected="a folder"),
        "ledger": Text(expected="a folder"),
        "creator": Text(expected="a creator's name"),
        "creators": MapOf(Text(expected="a creator's name"), _CREATOR),
    },
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors (shipped as diamondctl/schemas/config.schema.json)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "diamondctl config",
        **CONFIG.json_schema(),
    }


def is_blank(text: str) -> bool:
    """Nothing but blank lines and comments: a config that sets nothing."""
    return all(not line.strip() or line.lstrip().startswith("#") for line in text.splitlines())


def read(text: str, *, file: str, sha256: str, log: ProblemLog) -> Config | None:
    """A config from its text, or None when problems were logged."""
    if is_blank(text):
        return Config(file, sha256)
    before = log.total
    root = nodes.parse(text, file, log)
    if root is None:
        return None
    if any(problem.message.startswith("alias") for problem in log.problems):
        return None  # an alias stands for a value that is not there to be checked
    # A tree with forbidden parts is still checked, so that one run names everything.
    fields = CONFIG.check(root, log)
    if fields is None or not isinstance(root, Mapping):
        return None
    settings = [Setting((name,), _same(_text(root, name)), fields.places[name]) for (name,) in GENERAL if name in fields]
    names: dict[str, str] = {}
    for written, found in fields.get("creators", {}).items():
        name = unicodedata.normalize("NFC", written)
        if name in names:
            log.add(_twice(written, root, file))
        names[name] = written
        settings += _of_creator(name, found, _below(_below(root, "creators"), written))
    return None if log.total > before else Config(file, sha256, tuple(settings))


def _same(text: str) -> str:
    """Text as readers normalise it."""
    return unicodedata.normalize("NFC", text)


def _twice(written: str, root: Mapping, file: str) -> Problem:
    creators = _below(root, "creators")
    place = creators.items[written][0]
    return place.problem("K005", f"'{written}' is a creator named above in another spelling of Unicode", "keep one of them")


def _below(node: Mapping, name: str) -> Mapping:
    below = node.items[name][1]
    if not isinstance(below, Mapping):
        raise AssertionError("only checked trees are read")
    return below


def _text(node: Node, name: str) -> str:
    found = node.items[name][1] if isinstance(node, Mapping) else node
    if not isinstance(found, Scalar):
        raise AssertionError("only checked trees are read")
    return found.text


def _of_creator(name: str, found: Fields, node: Mapping) -> list[Setting]:
    settings = [
        Setting(("creators", name, key), _text(node, key), found.places[key])
        for key in ("region", "timezone", "method")
        if key in found
    ]
    for key in ("share", "agency", "missions"):
        if key not in found:
            continue
        value, written = found[key], node.items[key][1]
        head = ("creators", name, key)
        if isinstance(written, Scalar):
            settings.append(Setting(head, written.text, written.place))
        elif isinstance(written, Mapping):
            settings += [Setting((*head, part), _text(written, part), value.places[part]) for part in value]
        elif isinstance(value, Items):
            for item, entry in zip(value, written.items, strict=True):
                for part in item:
                    if part != "from":
                        full = head if key == "share" else (*head, part)
                        settings.append(Setting(full, _text(entry, part), item.places[part], item["from"]))
    return settings
