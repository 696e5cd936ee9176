"""What a check found as JUnit XML, which GitLab and most test viewers read: a suite per file, a case per problem.

A problem that decides the exit code is a failure; one that does not is a case that passes and says so. A file without
problems is one case that passes.
"""

from __future__ import annotations

from xml.etree import ElementTree

from diamondctl.problems import Problem
from diamondctl.ratebook.rules import severity
from diamondctl.render.text import clean
from diamondctl.reports.check import Checked


def suites(checked: Checked) -> str:
    """A whole JUnit file."""
    by_file: dict[str, list[Problem]] = {file: [] for file in checked.files}
    for problem in checked.problems:
        by_file.setdefault(problem.file, []).append(problem)
    if (rest := checked.total - len(checked.problems)) > 0:
        by_file["(not listed)"] = [Problem("R005", f"{rest:,} more problems")]
    root = ElementTree.Element("testsuites", name="diamondctl rates check")
    tests = failures = 0
    for file, problems in by_file.items():
        failing = sum(map(checked.fails, problems))
        cases = max(len(problems), 1)
        tests, failures = tests + cases, failures + failing
        numbers = {"tests": str(cases), "failures": str(failing), "errors": "0", "skipped": "0"}
        suite = ElementTree.SubElement(root, "testsuite", {"name": clean(file) or "-", **numbers})
        if not problems:
            ElementTree.SubElement(suite, "testcase", classname=clean(file), name="no problem", file=clean(file))
        for problem in problems:
            _case(suite, file, problem, checked.fails(problem))
    root.set("tests", str(tests))
    root.set("failures", str(failures))
    ElementTree.indent(root)
    # ASCII, other characters as references: so it is the same file whatever encoding it is written in.
    text = ElementTree.tostring(root, encoding="us-ascii", xml_declaration=False).decode("ascii")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _case(suite: ElementTree.Element, file: str, problem: Problem, fails: bool) -> None:
    message = clean(problem.message)
    name = f"{problem.code} line {problem.line}: {message}" if problem.line else f"{problem.code} {message}"
    case = ElementTree.SubElement(suite, "testcase", classname=clean(file) or "-", name=name, file=clean(file))
    text = clean(f"{severity(problem.code)}: {problem}")
    if fails:
        failure = ElementTree.SubElement(case, "failure", message=message, type=problem.code)
        failure.text = text
    else:
        ElementTree.SubElement(case, "system-out").text = text
