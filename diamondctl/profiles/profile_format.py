"""The format of a profile, of which a `Profile` is made."""

from __future__ import annotations

from typing import Any, Final

from diamondctl import periods
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.readers.csv_rows import DELIMITERS
from diamondctl.readers.date_formats import UnknownForm, converter
from diamondctl.readers.profile import FORMS, Profile
from diamondctl.readers.row_kinds import COLUMNS_OF, KINDS, NEEDED, SPANS
from diamondctl.yamlfile import schema as s
from diamondctl.yamlfile.nodes import Mapping, Node, Scalar, Sequence
from diamondctl.yamlfile.schema import SLUG, At, ListOf, MapOf, Number, Record, Text, Version, Word

MARKS: Final = {"point": ".", "comma": ",", "space": " ", "apostrophe": "'", "hard-space": "\u00a0", "thin-space": "\u202f"}
_NAMES: Final = tuple(dict.fromkeys(name for names in COLUMNS_OF.values() for name in names))
OPEN: Final = "decide"  # the key under which a proposal lists what a person has to decide


class _Names:
    """One text, or a list of them: a column of the file, or several whose texts are joined by a blank."""

    def __init__(self, expected: str = "a column of the file") -> None:
        self._one = Text(expected=expected)
        self._several = ListOf(self._one, 1)

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
    where: dict[str, tuple[str, ...]] | None = None,
    **fields: Any,
) -> Profile:
    several = {name: tuple(mine) for name, mine in (where or {}).items()}
    profile = Profile(form=file, columns=columns, values=values or {}, coins=coins_are, where=several, **fields)
    _contradictions(profile, at)
    return profile


def _contradictions(profile: Profile, at: At) -> None:
    def problem(key: str, message: str, hint: str) -> None:
        at.contradiction(key, "P004", message, hint)

    given = profile.columns.keys() | profile.values.keys()
    needed = NEEDED[profile.kind]
    for name in needed:
        if name not in given:
            problem("columns", f"no column for {name}", f"{profile.kind} need {' and '.join(needed)}")
    if profile.kind == "events":
        if not given & {"gift", "gift_id"}:
            problem("columns", "no column for gift and none for gift_id", "events need one of them")
        if {"end", "going_on"} <= given:
            problem("columns", "end and going_on are one flag and its reverse", "keep one of them")
    for name in sorted(given - set(COLUMNS_OF[profile.kind])):
        kinds = " or ".join(kind for kind, names in COLUMNS_OF.items() if name in names)
        place = "columns" if name in profile.columns else "values"
        problem(place, f"{name} belongs to kind: {kinds}", f"rows of kind {profile.kind} have no such column")
    for name in profile.columns:
        if name in profile.values:
            problem("values", f"{name} is a column and a value", "keep one of them")
    if profile.thousands and profile.thousands == profile.decimal:
        problem("decimal", "the same mark for thousands and decimals", "which of the two is it?")
    for key, form in (("delimiter", "csv"), ("sheet", "xlsx")):
        if getattr(profile, key) and profile.form != form:
            problem(key, f"{key} belongs to file: {form}", "leave it out")
    for key, its, usual in (("span", ("totals", "credits"), "day"), ("combos", ("gifts",), "")):
        if getattr(profile, key) != usual and profile.kind not in its:
            problem(key, f"{key} belongs to kind: {' or '.join(its)}", "leave it out")
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
        "columns": Record(dict, {}, dict.fromkeys(_NAMES, _Names())),
    },
    {
        "values": Record(dict, {}, dict.fromkeys(_NAMES, Text())),
        "where": MapOf(Text(expected="a column of the file"), _Names("what the column says"), 1),
        "span": Word(SPANS),
        "combos": Word(("folded",)),
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
    """A `Profile` from the tree of one file, or None when problems were logged; each open point of a proposal is one (P007)."""
    if isinstance(root, Mapping) and OPEN in root.items:
        place, points = root.items[OPEN]
        texts = [item for item in points.items if isinstance(item, Scalar)] if isinstance(points, Sequence) else []
        for text, at in [(item.text, item.place) for item in texts] or [("see its first lines", place)]:
            hint = "decide it in the profile, then remove this line; with the last one remove decide too"
            log.add(Problem("P007", f"still to decide: {text}", hint, at.file, at.line))
        return None
    profile: Profile | None = s.build(PROFILE, root, log)
    return profile and profile._replace(file=root.place.file, sha256=sha256, origin=origin)
