"""`diamondctl verify`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, cast

import typer

from diamondctl.cli import options
from diamondctl.cli.choose import chosen_by
from diamondctl.cli.output import emit, target
from diamondctl.config.values import Config, Setting
from diamondctl.desk.books import statement_of
from diamondctl.desk.plain import back
from diamondctl.files import opened
from diamondctl.problems import Problem, Refusal
from diamondctl.readers import sources
from diamondctl.records import Record
from diamondctl.render.statement import view as statement_view
from diamondctl.render.verified import DOCUMENT, verified, view
from diamondctl.yamlfile.nodes import Place

_MOST: Final = 100_000_000
_SCHEMAS: Final = {"diamondctl.report-statement/1": False, "diamondctl.report-year/1": True}
_SAME: Final = ("creator", "region", "input_timezone", "encoding")


@options.expand
def verify(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="A statement as JSON: report statement -o NAME.json.")],
    output: options.Output,
    file: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE]...", help="The files it was made from. Default: the ledger."),
    ] = None,
    ledger: options.Ledger = "",
    rates: options.Rates = "",
    profile: options.Profile = "",
) -> int:
    """Compute it again, compare."""

    where = target(output, (statement, *(file or ())), DOCUMENT.columns)
    then = _read(statement)
    try:
        asked = _asked(then, file or [], ledger, rates, profile)
        records = tuple(back(Record, list(item.values())) for item in then["data"]["basis"]["records"])
        settings = tuple(map(_setting, then["data"]["basis"]["settings"]))
        given = dict(then["data"]["basis"]["options"])
        form = Decimal(given["form"]) if "form" in given else None
        config = Config("", "", settings)
        of_year = _SCHEMAS[then["schema"]]
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        raise _none(statement) from None
    hashes = _hashes(file or [])
    again = statement_of(chosen_by(asked, config), config, given, of_year=of_year, form=form, more=records if file else ())
    try:
        found = verified(then, statement_view(again).document(), hashes)
    except (AttributeError, LookupError, TypeError, ValueError):
        raise _none(statement) from None
    emit(where, view(found))
    return 0 if found.same else 1


def _read(name: str) -> dict[str, Any]:
    try:
        with opened(Path(name)) as stream:
            data = stream.read(_MOST + 1)
        then = json.loads(data)
    except OSError as error:
        raise Refusal(Problem("F001", f"cannot be read: {error.strerror}", "", name)) from None
    except (ValueError, RecursionError):
        raise _none(name) from None
    if len(data) > _MOST or not isinstance(then, dict) or then.get("schema") not in _SCHEMAS:
        raise _none(name)
    return cast(dict[str, Any], then)


def _none(name: str) -> Refusal:
    hint = "it takes the JSON of a statement: diamondctl report statement -p P -o statement.json"
    return Refusal(Problem("F014", "is no statement that can be computed again", hint, name))


def _asked(then: Mapping[str, Any], files: list[str], ledger: str, rates: str, profile: str) -> options.Inputs:
    """The options that it was made with, and how its documents were read where that is one way."""
    given: dict[str, Any] = {name: str(value) for name, value in then["data"]["basis"]["options"].items() if name != "form"}
    if unknown := given.keys() - set(options.Inputs._fields):
        raise ValueError(unknown)
    for name in ("salvage",):
        if name in given:
            given[name] = given[name] == "True"
    if "active_fans" in given:
        given["active_fans"] = int(given["active_fans"])
    readings = [item for item in then["data"]["basis"]["readings"] if item["sort"] != "movements"]
    for name in _SAME if files else ():
        values = {str(item[name]) for item in readings}
        if len(values) == 1 and (value := values.pop()):
            given.setdefault(name, value)
    return options.Inputs(file=files or None, ledger=ledger, rates=rates, profile=profile, **given)


def _setting(item: Mapping[str, str]) -> Setting:
    start = date.fromisoformat(item["from"]) if item["from"] else None
    key = tuple(item["key"].split("."))
    if key[0] == "creators" and len(key) > 3 and key[-2] not in ("agency", "missions"):
        key = (key[0], ".".join(key[1:-1]), key[-1])  # a name with dots
    return Setting(key, item["value"], Place("statement", 1, 1), start)


def _hashes(files: list[str]) -> dict[str, str]:
    """The names of files by their hashes, those of folders among them."""
    found = {}
    for name in sources.find(files).names if files else ():
        try:
            with opened(Path(name)) as stream:
                found[hashlib.file_digest(stream, "sha256").hexdigest()] = name
        except OSError as error:
            raise Refusal(Problem("F001", f"cannot be read: {error.strerror}", "", name)) from None
    return found
