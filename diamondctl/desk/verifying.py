"""A statement as JSON that is computed again: what it was made with, as options, settings and records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast

from diamondctl.config.values import Config, Setting
from diamondctl.desk.books import correction_of, statement_of
from diamondctl.desk.choosing import Around, Options, chosen_by
from diamondctl.desk.plain import back
from diamondctl.files import opened
from diamondctl.problems import Problem, Refusal
from diamondctl.readers import sources
from diamondctl.records import Record
from diamondctl.reports.statement import Statement
from diamondctl.yamlfile.nodes import Place

_MOST: Final = 100_000_000
_SCHEMAS: Final = {"diamondctl.report-statement/1": False, "diamondctl.report-year/1": True}
_SAME: Final = ("creator", "region", "input_timezone", "encoding")
# What a statement may lack that is none.
MALFORMED: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


def read(name: str) -> dict[str, Any]:
    """The JSON of a statement. Refuses (F001) what cannot be read, (F014) what is none."""
    try:
        with opened(Path(name)) as stream:
            data = stream.read(_MOST + 1)
        then = json.loads(data)
    except OSError as error:
        raise Refusal(Problem("F001", f"cannot be read: {error.strerror}", "", name)) from None
    except (ValueError, RecursionError):
        raise none(name) from None
    if len(data) > _MOST or not isinstance(then, dict) or then.get("schema") not in _SCHEMAS:
        raise none(name)
    return cast(dict[str, Any], then)


def none(name: str) -> Refusal:
    """That a file is no statement (F014)."""
    hint = "it takes the JSON of a statement: diamondctl report statement -p P -o statement.json"
    return Refusal(Problem("F014", "is no statement that can be computed again", hint, name))


def again(name: str, then: Mapping[str, Any], places: Options, around: Around) -> Statement:
    """The statement that `name` holds, from the files or the ledger of `places`. Refuses (F014) what it does not say."""
    try:
        basis = then["data"]["basis"]
        options = _options(basis, places)
        records = tuple(back(Record, list(item.values())) for item in basis["records"])
        corrections = tuple(map(correction_of, basis.get("corrections", ())))
        config = Config("", "", tuple(map(_setting, basis["settings"])))
        given = dict(basis["options"])
        form = Decimal(given["form"]) if "form" in given else None
        of_year = _SCHEMAS[then["schema"]]
        closed = basis.get("closed") is True
    except MALFORMED:
        raise none(name) from None
    more, booked = (records, corrections) if places.get("file") else ((), ())
    chosen = chosen_by(options, around, config, closed=closed)
    return statement_of(chosen, given, of_year=of_year, form=form, more=more, corrections=booked)


def _options(basis: Mapping[str, Any], places: Options) -> Options:
    """The options that it was made with, and how its documents were read where that is one way."""
    given: dict[str, Any] = {name: str(value) for name, value in basis["options"].items() if name != "form"}
    if unknown := given.keys() - Options.__annotations__.keys():
        raise ValueError(unknown)
    if "salvage" in given:
        given["salvage"] = given["salvage"] == "True"
    if "active_fans" in given:
        given["active_fans"] = int(given["active_fans"])
    readings = [item for item in basis["readings"] if item["sort"] != "movements"]
    for name in _SAME if places.get("file") else ():
        values = {str(item[name]) for item in readings}
        if len(values) == 1 and (value := values.pop()):
            given.setdefault(name, value)
    return cast(Options, {**given, **places})


def _setting(item: Mapping[str, str]) -> Setting:
    start = date.fromisoformat(item["from"]) if item["from"] else None
    key = tuple(item["key"].split("."))
    if key[0] == "creators" and len(key) > 3 and key[-2] not in ("agency", "missions"):
        key = (key[0], ".".join(key[1:-1]), key[-1])  # a name with dots
    return Setting(key, item["value"], Place("statement", 1, 1), start)


def hashes(files: Sequence[str]) -> dict[str, str]:
    """The names of files by their hashes, those of folders among them. Refuses (F001) what cannot be read."""
    found = {}
    for name in sources.find(list(files)).names if files else ():
        try:
            with opened(Path(name)) as stream:
                found[hashlib.file_digest(stream, "sha256").hexdigest()] = name
        except OSError as error:
            raise Refusal(Problem("F001", f"cannot be read: {error.strerror}", "", name)) from None
    return found


def of_closed(then: Mapping[str, Any], given: Mapping[str, str]) -> Mapping[str, str]:
    """Of the files given, by their hashes, those that a statement of a closed month is made of, if they are all there.

    What came after it was closed is not in it.
    """
    try:
        used = {item["sha256"] for item in then["inputs"]["files"]}
        closed = then["data"]["basis"].get("closed") is True
    except MALFORMED:
        return given
    return {sha256: name for sha256, name in given.items() if sha256 in used} if closed and used <= given.keys() else given
