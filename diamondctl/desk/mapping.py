"""Mapping files: how somebody's books call accounts and columns. Read here, written by `render.journals`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from diamondctl.files import opened
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.reports.journal import KINDS
from diamondctl.reports.posting import ACCOUNTS, FORMS, OF_ACCOUNTS, OF_COLUMNS, PLACES, Target
from diamondctl.yamlfile import nodes
from diamondctl.yamlfile import schema as s
from diamondctl.yamlfile.schema import SLUG, At, MapOf, Number, Record, Text, Version, Word

_MAX_BYTES: Final = 200_000
_MARKS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_DATES: Final = r"(YYYY|YY|MM|DD|[-./ ])+"
_ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1", "ascii")
# Parts between colons; none can end a name for hledger or beancount.
_ACCOUNT: Final = r"[A-Za-z0-9{][A-Za-z0-9{}_&-]*( [A-Za-z0-9{}_&-]+)*(:[A-Za-z0-9{][A-Za-z0-9{}_&-]*( [A-Za-z0-9{}_&-]+)*)*"
_BEANCOUNT: Final = r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9{][A-Za-z0-9{}_-]*)+"


def _target(
    at: At,
    schema: str,
    name: str,
    form: str,
    accounts: dict[str, str] | None = None,
    columns: dict[str, str] | None = None,
    **more: Any,
) -> Target:
    accounts = {**ACCOUNTS[form], **(accounts or {})}
    for place, template in accounts.items():
        if form == "beancount" and not re.fullmatch(_BEANCOUNT, template):
            at.contradiction("accounts", "R008", f"{place}: '{template}' is no account of beancount", "Assets:Wallet:{creator}")
        _names(at, "accounts", template, OF_ACCOUNTS)
    for template in (columns or {}).values():
        _names(at, "columns", template, OF_COLUMNS)
    if (form == "csv") != bool(columns):
        at.contradiction("form", "R007" if form == "csv" else "R006", "columns belong to form: csv, which needs them")
    return Target(name, form, accounts, columns or {}, **more)


def _names(at: At, key: str, template: str, known: tuple[str, ...]) -> None:
    for name in re.findall(r"\{([^{}]*)\}", template):
        if name not in known:
            at.contradiction(key, "R009", f"'{{{name}}}' is no name here", "names: " + ", ".join(known))
    if re.sub(r"\{[^{}]*\}", "", template).strip("{}") != re.sub(r"\{[^{}]*\}", "", template):
        at.contradiction(key, "R008", f"'{template}': a brace without its other half", "a name is written {creator}")


MAPPING: Final = Record(
    _target,
    {"schema": Version(), "name": Text(SLUG, "a name in small letters, such as my-books"), "form": Word(FORMS)},
    {
        "accounts": Record(dict, {}, dict.fromkeys(PLACES, Text(_ACCOUNT, "an account, its parts between colons"))),
        "columns": MapOf(Text(expected="a column"), Text(r"(?s).*", "a text with names such as {date}"), 1),
        "tax_codes": Record(dict, {}, dict.fromkeys((*KINDS, "other"), Text())),
        "date": Text(_DATES, "a form of dates made of YYYY, YY, MM and DD"),
        "decimal": Word({"point": ".", "comma": ","}),
        "delimiter": Word(_MARKS),
        "encoding": Word(_ENCODINGS),
        "line_end": Word({"lf": "\n", "crlf": "\r\n"}),
        "text_limit": Number(digits=4, positive=True),
        "lines": Number(digits=6, positive=True),
    },
    placed=True,
)


def json_schema() -> dict[str, Any]:
    """The format as JSON Schema, for editors."""
    return s.document("diamondctl mapping of books, schema 1", MAPPING)


def load(path: str) -> Target:
    """Read a mapping file. Refuses with every problem of it."""
    log = ProblemLog()
    try:
        with opened(Path(path)) as stream:
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        raise Refusal(Problem("F001", f"cannot be read: {error.strerror}", "", path)) from None
    if len(data) > _MAX_BYTES:
        raise Refusal(Problem("R005", f"more than {_MAX_BYTES:,} bytes", "a mapping is a page of text", path))
    text = nodes.decode(data, path, log)
    root = nodes.parse(text, path, log) if text is not None and not log.total else None
    target = s.build(MAPPING, root, log) if root is not None and not log.total else None
    log.refuse_if_any()
    assert isinstance(target, Target)
    return target
