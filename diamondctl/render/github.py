"""Problems as GitHub annotations, and as the summary of a job.

GitHub shows ten annotations of each kind for a step and drops the rest without a word. So ten are written, the worst
first, and the tenth says how many more there are; the summary of the job has all of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from diamondctl.problems import Problem
from diamondctl.ratebook.rules import SEVERITIES, severity
from diamondctl.render import shape as f
from diamondctl.render.formats import as_markdown
from diamondctl.render.text import clean
from diamondctl.words import counted

SHOWN: Final = 10


def commands(problems: Sequence[Problem], counts: str) -> str:
    """Workflow commands, at most ten of each kind, then the count as text."""
    lines: list[str] = []
    for kind in SEVERITIES:
        mine = [problem for problem in problems if severity(problem.code) == kind]
        for position, problem in enumerate(mine[:SHOWN], 1):
            rest = len(mine) - SHOWN if position == SHOWN else 0
            more = f" - and {counted(rest, f'more {kind}')}: see the summary of the job" if rest > 0 else ""
            lines.append(_command(kind, problem, more))
    return "".join(line + "\n" for line in [*lines, counts])


def _command(kind: str, problem: Problem, more: str) -> str:
    properties = [("file", problem.file), ("line", problem.line), ("col", problem.column), ("title", problem.code)]
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties if value)
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"::{kind} {listed}::{_data(problem.message + hint + more)}"


def _data(text: str) -> str:
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def summary(problems: Sequence[Problem], counts: str, title: str) -> str:
    """Every problem as Markdown, for the file that GITHUB_STEP_SUMMARY names."""
    return f"### {title}\n\n{table(problems)}{counts}\n"


_ROW: f.Fields = (
    f.Field("severity", of=lambda problem: severity(problem.code)),
    f.Field("place", of=lambda problem: str(problem._replace(code="", message="", hint="")).strip()),
    f.Field("code"),
    f.Field("message", of=lambda problem: problem.message + (f" ({problem.hint})" if problem.hint else "")),
)


def table(problems: Sequence[Problem]) -> str:
    """Problems as a Markdown table, the worst first; blank when there is none."""
    worst_first = sorted(problems, key=lambda problem: SEVERITIES.index(severity(problem.code)))
    return as_markdown(f.records_of(_ROW, worst_first)) + "\n" if problems else ""
