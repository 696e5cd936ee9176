"""Problems as SARIF 2.1.0, for code scanning: one run, its rules with their pages, one result each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any, Final
from urllib.parse import quote

from diamondctl import __version__
from diamondctl.problems import CODES, Problem
from diamondctl.ratebook.rules import RULES, severity
from diamondctl.render.text import clean

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# The project has no site: the name of its package tells it, at whatever address that is found.
_DRIVER: Final = {"name": "diamondctl", "version": __version__, "informationUri": "urn:diamondctl:rates-rules"}
_LEVELS: Final = {"error": "error", "warning": "warning", "notice": "note"}


def log(problems: Sequence[Problem]) -> str:
    """A whole SARIF file."""
    codes = sorted({problem.code for problem in problems})
    run = {
        "tool": {"driver": {**_DRIVER, "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code)) for problem in problems],
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"


def _rule(code: str) -> dict[str, Any]:
    rule = RULES.get(code)
    found: dict[str, Any] = {
        "id": code,
        "shortDescription": {"text": CODES[code]},
        "defaultConfiguration": {"level": _LEVELS[severity(code)]},
    }
    if rule is not None:
        found["fullDescription"] = {"text": rule.why}
        found["help"] = {"text": f"{rule.why}\n\nBroken:\n{rule.broken}\n\nMended:\n{rule.mended}"}
    return found


def _result(problem: Problem, index: int) -> dict[str, Any]:
    hint = f" ({problem.hint})" if problem.hint else ""
    result: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": _LEVELS[severity(problem.code)],
        "message": {"text": clean(problem.message + hint)},
    }
    if problem.file:
        place: dict[str, Any] = {
            "artifactLocation": {"uri": quote(PurePath(problem.file).as_posix(), errors="surrogateescape")}
        }
        if problem.line:
            place["region"] = {"startLine": problem.line}
            if problem.column:
                place["region"]["startColumn"] = problem.column
        result["locations"] = [{"physicalLocation": place}]
    return result
