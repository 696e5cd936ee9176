"""The format of the config, of which a `Config` is made."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from diamondctl.config.values import GENERAL, ITEM, OF_CREATOR, Config, Key, Setting
from diamondctl.problems import ProblemLog
from diamondctl.ratebook.missions_format import POINTS
from diamondctl.ratebook.zone_format import METHOD, PERCENT, PLATFORM, REGION, TimeZone
from diamondctl.yamlfile import nodes
from diamondctl.yamlfile import schema as s
from diamondctl.yamlfile.nodes import Node, Place, Scalar, Sequence
from diamondctl.yamlfile.schema import SLUG, At, Day, ListOf, MapOf, Number, Record, Schema, Text, Word

# What a part of the tree sets; keys begin where the part does.
_Settings = list[Setting]


@dataclass(frozen=True)
class _Set:
    """One setting, as the text of the file."""

    leaf: Schema

    def check(self, node: Node, walk: s.Walk) -> _Settings | None:
        if self.leaf.check(node, walk) is None or not isinstance(node, Scalar):
            return None
        return [Setting((), node.text, node.place)]

    def json_schema(self) -> dict[str, Any]:
        return self.leaf.json_schema()


@dataclass(frozen=True)
class _SetList:
    """One setting, or a list of several of the same name."""

    leaf: Schema

    def check(self, node: Node, walk: s.Walk) -> _Settings | None:
        if not isinstance(node, Sequence):
            return _Set(self.leaf).check(node, walk)
        items = ListOf(_Set(self.leaf), 1).check(node, walk)
        return None if items is None else [setting for item in items for setting in item]

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [self.leaf.json_schema(), ListOf(self.leaf, 1).json_schema()]}


def _below(**parts: _Settings) -> _Settings:
    return [setting._replace(key=(name, *setting.key)) for name, part in parts.items() for setting in part]


def _in_order(keys: tuple[Key, ...], parts: dict[str, _Settings]) -> _Settings:
    """The same in the order of keys, whatever the file's."""
    return _below(**{name: parts[name] for name in dict.fromkeys(key[0] for key in keys) if name in parts})


def _dated(at: At, **parts: Any) -> tuple[date, Place, _Settings]:
    day = parts.pop("from")
    return day, at.place("from"), [setting._replace(start=day) for setting in _below(**parts)]


@dataclass(frozen=True)
class _MaybeDated:
    """One value that always holds, or a list of values that each hold from a day on."""

    always: Schema
    keys: dict[str, Schema]
    optional: dict[str, Schema]

    @property
    def _list(self) -> ListOf:
        return ListOf(Record(_dated, {"from": Day(), **self.keys}, self.optional, placed=True), 1)

    def check(self, node: Node, walk: s.Walk) -> _Settings | None:
        if not isinstance(node, Sequence):
            always: _Settings | None = self.always.check(node, walk)
            return always
        items = self._list.check(node, walk)
        if items is None:
            return None
        first: dict[date, Place] = {}
        for day, place, _ in items:
            if day in first:
                hint = f"first on line {first[day].line}; leave one of them out"
                walk.refuse(place, "K001", f"a second entry from {day}", hint)
            first.setdefault(day, place)
        return [setting for _, _, settings in items for setting in settings] if len(first) == len(items) else None

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [self.always.json_schema(), self._list.json_schema()]}


def _maybe_dated(keys: dict[str, Schema], optional: dict[str, Schema]) -> _MaybeDated:
    return _MaybeDated(Record(_below, keys, optional), keys, optional)


def _creator(at: At, **parts: _Settings) -> _Settings:
    since, until = (parts[name][0].text if name in parts else "" for name in ("since", "until"))
    if since and until and until < since:
        at.contradiction("until", "K007", f"the last day, {until}, is before the first, {since}", "correct one of them")
    for name in ITEM.keys() & parts.keys():  # what a dated one calls its value is no part of its name
        parts[name] = [setting._replace(key=()) for setting in parts[name]]
    return _in_order(OF_CREATOR, parts)


def _creators(at: At, creators: dict[str, _Settings]) -> _Settings:
    settings: dict[str, _Settings] = {}
    for written, of_creator in creators.items():
        name = unicodedata.normalize("NFC", written)
        if name in settings:
            message = f"'{written}' is a creator named above in another spelling of Unicode"
            at.contradiction(at.node.items[written][0], "K005", message, "keep one of them")
        settings[name] = of_creator
    return _below(**settings)


def _config(creators: _Settings | None = None, **general: _Settings) -> tuple[Setting, ...]:
    settings = _in_order(GENERAL, general)
    normal = [setting._replace(text=unicodedata.normalize("NFC", setting.text)) for setting in settings]
    return (*normal, *_below(creators=creators or []))


# What a creator knows of herself, for a share that is built from missions.
_MISSIONS: Final[dict[str, Schema]] = {
    "active_fans": _Set(Number(digits=9)),
    "league": _Set(Text(SLUG, "a word such as held or none")),
    "penalty": _Set(POINTS),
}
# When a creator means to be live.
_SLOT: Final = r"(mon|tue|wed|thu|fri|sat|sun) ([01][0-9]|2[0-3]):[0-5][0-9]"
_SLOTS: Final = rf"{_SLOT}(, *{_SLOT})*"
# With whom a LIVE was: its id or day, the partner, and what the partner gets of its reward.
_PARTNER: Final = r"[^\s,]+ [^\s,%]+( (100|[0-9]{1,2}(\.[0-9]{1,2})?)%)?"
_PARTNERS: Final = rf"{_PARTNER}(, *{_PARTNER})*"
_PERCENT: Final = _Set(PERCENT)
_PAYER: Final = _SetList(Text(expected="a part of the name under which the platform pays"))
_REGION: Final = _Set(REGION)
_YES: Final = _Set(Word(("yes", "no")))
_SCHEME: Final = _Set(Word(("missions", "flat")))
_CREATOR: Final = Record(
    _creator,
    {},
    {
        "files": _SetList(Text(expected="a pattern of file names")),
        "profile": _Set(Text(expected="a profile")),
        "input_timezone": _Set(TimeZone()),
        "since": _Set(Day()),
        "until": _Set(Day()),
        "payee": _Set(Text(expected="a name")),
        "payer": _PAYER,
        "deposits": _PERCENT,
        "region": _MaybeDated(_REGION, {ITEM["region"]: _REGION}, {}),
        "timezone": _Set(TimeZone()),
        "method": _Set(METHOD),
        "share": _MaybeDated(_PERCENT, {ITEM["share"]: _PERCENT}, {}),
        "tax_form": _MaybeDated(_YES, {ITEM["tax_form"]: _YES}, {}),
        "scheme": _MaybeDated(_SCHEME, {ITEM["scheme"]: _SCHEME}, {}),
        "agency": _maybe_dated({"percent": _PERCENT}, {"of": _Set(Word(("reward", "gifts")))}),
        "missions": _maybe_dated({}, _MISSIONS),
        "partners": _SetList(
            Text(_PARTNERS, "a LIVE or its day, a name, and perhaps a percent, such as '2026-10-23 lena 50%'")
        ),
        "schedule": _SetList(Text(_SLOTS, "times of the week such as 'mon 19:00, thu 20:30'")),
    },
    placed=True,
)
_FOLDER: Final = _Set(Text(expected="a folder"))
_NAME: Final = Text(expected="a creator's name")
CONFIG: Final = Record(
    _config,
    {},
    {
        "platform": _Set(PLATFORM),
        "region": _REGION,
        "timezone": _Set(TimeZone()),
        "input_timezone": _Set(TimeZone()),
        "rates": _FOLDER,
        "profiles": _FOLDER,
        "ledger": _FOLDER,
        "creator": _Set(_NAME),
        "payer": _PAYER,
        "creators": MapOf(_NAME, _CREATOR, make=_creators),
    },
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors (shipped as diamondctl/schemas/config.schema.json)."""
    return s.document("diamondctl config", CONFIG)


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
    settings = s.build(CONFIG, root, log)
    return None if log.total > before else Config(file, sha256, settings)
