"""The format of a profile: its schema, and how checked YAML becomes a `Profile`."""

from __future__ import annotations

from typing import Any, Final

from diamondctl import periods
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers.date_formats import UnknownForm, converter
from diamondctl.readers.gift_rows import COLUMNS
from diamondctl.readers.profile import FORMS, KINDS, Profile
from diamondctl.readers.tables import DELIMITERS
from diamondctl.yamlfile.nodes import Node, Scalar
from diamondctl.yamlfile.schema import SLUG, Fields, ListOf, Number, Record, Schema, Text, Version, Word

MARKS: Final = {"point": ".", "comma": ",", "space": " ", "apostrophe": "'", "hard-space": "\u00a0", "thin-space": "\u202f"}
_NEEDED: Final = ("timestamp", "gift", "coins")


class _Names:
    """One column of the file, or several whose texts are joined by a blank."""

    _one = Text(expected="a column of the file")
    _several = ListOf(_one, 1)

    def check(self, node: Node, log: ProblemLog) -> tuple[str, ...] | None:
        if isinstance(node, Scalar):
            name = self._one.check(node, log)
            return None if name is None else (name,)
        names = self._several.check(node, log)
        return None if names is None else tuple(names)

    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [self._one.json_schema(), self._several.json_schema()]}


_COLUMNS: dict[str, Schema] = dict.fromkeys(COLUMNS, _Names())
_VALUES: dict[str, Schema] = dict.fromkeys(COLUMNS, Text())
PROFILE: Final = Record(
    {
        "schema": Version(),
        "name": Text(SLUG, "a name in small letters, such as my-agency"),
        "kind": Word(KINDS),
        "file": Word(FORMS),
        "columns": Record({}, _COLUMNS),
    },
    {
        "values": Record({}, _VALUES),
        "delimiter": Word(tuple(DELIMITERS.values())),
        "header": Number(digits=4, positive=True),
        "sheet": Text(),
        "date_format": Text(),
        "timezone": Text(),
        "thousands": Word(tuple(MARKS)),
        "decimal": Word(("point", "comma")),
        "coins_are": Word(("each", "row")),
    },
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "diamondctl profile, schema 1",
        **PROFILE.json_schema(),
    }


def build_profile(root: Node, *, file: str, sha256: str, origin: str, log: ProblemLog) -> Profile | None:
    """A `Profile` from the tree of one file, or None when problems were logged."""
    fields = PROFILE.check(root, log)
    if fields is None:
        return None
    before = log.total
    columns, values = dict(fields["columns"]), dict(fields.get("values", {}))
    _contradictions(fields, columns, values, log)
    if log.total > before:
        return None
    delimiters = {word: mark for mark, word in DELIMITERS.items()}
    return Profile(
        name=fields["name"],
        kind=fields["kind"],
        form=fields["file"],
        columns=columns,
        values=values,
        delimiter=delimiters.get(fields.get("delimiter", ""), ""),
        header=int(fields.get("header", 0)),
        sheet=fields.get("sheet", ""),
        date_format=fields.get("date_format", ""),
        timezone=fields.get("timezone", ""),
        thousands=MARKS.get(fields.get("thousands", ""), ""),
        decimal=MARKS.get(fields.get("decimal", ""), ""),
        coins=fields.get("coins_are", "each"),
        file=file,
        sha256=sha256,
        origin=origin,
    )


def _contradictions(fields: Fields, columns: dict[str, Any], values: dict[str, Any], log: ProblemLog) -> None:
    def problem(key: str, message: str, hint: str) -> None:
        log.add(fields.places[key].problem("P004", message, hint))

    for name in _NEEDED:
        if name not in columns and name not in values:
            problem("columns", f"no column for {name}", "a gift needs timestamp, gift and coins")
    for name in columns.keys() & values.keys():
        problem("values", f"{name} is a column and a value", "keep one of them")
    if fields.get("thousands") and fields.get("thousands") == fields.get("decimal"):
        problem("decimal", "the same mark for thousands and decimals", "which of the two is it?")
    for key, form in (("delimiter", "csv"), ("sheet", "xlsx")):
        if key in fields and fields["file"] != form:
            problem(key, f"{key} belongs to file: {form}", "leave it out")
    if fields["file"] == "json" and "header" in fields:
        problem("header", "a JSON file has no header", "leave it out")
    if "date_format" in fields:
        try:
            converter(fields["date_format"])
        except UnknownForm:
            hint = "such as DD.MM.YYYY HH:mm:ss, MM/DD/YYYY h:mm A, epoch_ms or excel"
            problem("date_format", f"'{fields['date_format']}' is no date format", hint)
    if "timezone" in fields:
        try:
            periods.zone(fields["timezone"])
        except Refusal as refusal:
            found = refusal.problems[0]
            log.add(fields.places["timezone"].problem("R013", found.message, found.hint))
