"""The format of a profile, of which a `Profile` is made."""

from __future__ import annotations

from typing import Any, Final

from diamondctl import periods
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers.csv_rows import DELIMITERS
from diamondctl.readers.date_formats import UnknownForm, converter
from diamondctl.readers.gift_rows import COLUMNS
from diamondctl.readers.profile import FORMS, KINDS, Profile
from diamondctl.yamlfile import schema as s
from diamondctl.yamlfile.nodes import Node, Scalar
from diamondctl.yamlfile.schema import SLUG, At, ListOf, Number, Record, Text, Version, Word

MARKS: Final = {"point": ".", "comma": ",", "space": " ", "apostrophe": "'", "hard-space": "\u00a0", "thin-space": "\u202f"}
_NEEDED: Final = ("timestamp", "gift", "coins")


class _Names:
    """One column of the file, or several whose texts are joined by a blank."""

    _one = Text(expected="a column of the file")
    _several = ListOf(_one, 1)

    def check(self, node: Node, walk: s.Walk) -> tuple[str, ...] | None:
        if isinstance(node, Scalar):
            name = self._one.check(node, walk)
            return None if name is None else (name,)
        return self._several.check(node, walk)

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [self._one.json_schema(), self._several.json_schema()]}


def _profile(
    at: At,
    schema: str,
    file: str,
    columns: dict[str, tuple[str, ...]],
    values: dict[str, str] | None = None,
    coins_are: str = "each",
    **fields: Any,
) -> Profile:
    profile = Profile(form=file, columns=columns, values=values or {}, coins=coins_are, **fields)
    _contradictions(profile, at)
    return profile


def _contradictions(profile: Profile, at: At) -> None:
    def problem(key: str, message: str, hint: str) -> None:
        at.contradiction(key, "P004", message, hint)

    for name in _NEEDED:
        if name not in profile.columns and name not in profile.values:
            problem("columns", f"no column for {name}", "a gift needs timestamp, gift and coins")
    for name in profile.columns:
        if name in profile.values:
            problem("values", f"{name} is a column and a value", "keep one of them")
    if profile.thousands and profile.thousands == profile.decimal:
        problem("decimal", "the same mark for thousands and decimals", "which of the two is it?")
    for key, form in (("delimiter", "csv"), ("sheet", "xlsx")):
        if getattr(profile, key) and profile.form != form:
            problem(key, f"{key} belongs to file: {form}", "leave it out")
    if profile.form == "json" and profile.header:
        problem("header", "a JSON file has no header", "leave it out")
    if profile.date_format:
        try:
            converter(profile.date_format)
        except UnknownForm:
            hint = "such as DD.MM.YYYY HH:mm:ss, MM/DD/YYYY h:mm A, epoch_ms or excel"
            problem("date_format", f"'{profile.date_format}' is no date format", hint)
    if profile.timezone:
        try:
            periods.zone(profile.timezone)
        except Refusal as refusal:
            unknown = refusal.problems[0]
            at.contradiction("timezone", "R013", unknown.message, unknown.hint)


PROFILE: Final = Record(
    _profile,
    {
        "schema": Version(),
        "name": Text(SLUG, "a name in small letters, such as my-agency"),
        "kind": Word(KINDS),
        "file": Word(FORMS),
        "columns": Record(dict, {}, dict.fromkeys(COLUMNS, _Names())),
    },
    {
        "values": Record(dict, {}, dict.fromkeys(COLUMNS, Text())),
        "delimiter": Word({word: mark for mark, word in DELIMITERS.items()}),
        "header": Number(digits=4, positive=True),
        "sheet": Text(),
        "date_format": Text(),
        "timezone": Text(),
        "thousands": Word(MARKS),
        "decimal": Word({word: MARKS[word] for word in ("point", "comma")}),
        "coins_are": Word(("each", "row")),
    },
    placed=True,
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors."""
    return s.document("diamondctl profile, schema 1", PROFILE)


def build_profile(root: Node, *, sha256: str, origin: str, log: ProblemLog) -> Profile | None:
    """A `Profile` from the tree of one file, or None when problems were logged."""
    profile: Profile | None = s.build(PROFILE, root, log)
    return profile and profile._replace(file=root.place.file, sha256=sha256, origin=origin)
