"""Problems as a Code Quality report of GitLab, which shows each in the diff of a merge request."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from diamondctl.problems import Problem
from diamondctl.ratebook.rules import severity
from diamondctl.render.text import clean

_SEVERITIES: Final = {"error": "critical", "warning": "minor", "notice": "info"}


def report(problems: Sequence[Problem]) -> str:
    """The whole file. A fingerprint stays as long as code, file and message do, so that a problem is told to be an old one."""
    seen: Counter[str] = Counter()
    items = []
    for problem in problems:
        base = "\0".join((problem.code, problem.file, problem.message))
        seen[base] += 1
        fingerprint = hashlib.sha256(f"{base}\0{seen[base]}".encode("utf-8", "surrogateescape")).hexdigest()
        hint = f" ({problem.hint})" if problem.hint else ""
        items.append(
            {
                "description": clean(problem.message + hint),
                "check_name": problem.code,
                "fingerprint": fingerprint,
                "severity": _SEVERITIES[severity(problem.code)],
                "location": {"path": clean(problem.file), "lines": {"begin": max(problem.line, 1)}},
            }
        )
    return json.dumps(items, indent=1, ensure_ascii=True).replace("\x7f", "\\u007f") + "\n"
