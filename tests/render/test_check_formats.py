"""Every format of `rates check` against its own schema and against the problems that were found."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.problems import CODES, Problem
from diamondctl.ratebook.lints import Wanted
from diamondctl.ratebook.rules import severity
from diamondctl.render import check as render
from diamondctl.render import github, junit, sarif
from diamondctl.render.text import clean
from diamondctl.reports.check import Checked
from tests.support import ROOT, run

SCHEMAS = ROOT / "tests" / "schemas"
SARIF = jsonschema.Draft202012Validator(json.loads((SCHEMAS / "sarif-2.1.0-part.json").read_text("utf-8")))
JUNIT = xmlschema.XMLSchema10(str(SCHEMAS / "junit-part.xsd"))

texts = st.text(min_size=1, max_size=30)
problems_ = st.lists(
    st.builds(
        Problem,
        st.sampled_from([code for code in CODES if code[0] in "RF"]),
        texts,
        st.just("") | texts,
        st.sampled_from(("", "a.yaml", "rates/tiktok/us.yaml", "a b%,:\n.yaml", "\u202e.yaml")) | texts,
        st.integers(0, 99),
        st.integers(0, 99),
    ),
    max_size=40,
)


def checked(problems: list[Problem], *, strict: bool = False, more: int = 0) -> Checked:
    """A report of these problems, in two files."""
    total = len(problems) + more
    return Checked(tuple(problems), total, ("a.yaml", "fine.yaml"), 4, 0, 0, Wanted(date(2026, 11, 20)), strict)


@given(problems_)
def test_sarif_holds_its_schema_and_points_at_its_rules(problems: list[Problem]) -> None:
    text = sarif.log(problems)
    assert text.isascii()
    document = json.loads(text)
    SARIF.validate(document)
    (one,) = document["runs"]
    rules = one["tool"]["driver"]["rules"]
    levels = {"error": "error", "warning": "warning", "notice": "note"}
    assert len({rule["id"] for rule in rules}) == len(rules)
    for problem, result in zip(problems, one["results"], strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == problem.code
        assert result["level"] == levels[severity(problem.code)]
        assert bool(problem.file) == ("locations" in result)


@given(problems_, st.booleans(), st.integers(0, 3))
def test_junit_holds_its_schema_and_its_counts_are_right(problems: list[Problem], strict: bool, more: int) -> None:
    report = checked(problems, strict=strict, more=more)
    text = junit.suites(report)
    assert text.isascii()
    JUNIT.validate(text)
    root = ElementTree.fromstring(text)
    assert int(root.attrib["tests"]) == len(root.findall(".//testcase"))
    assert int(root.attrib["failures"]) == len(root.findall(".//failure"))
    assert bool(root.findall(".//failure")) == report.failed
    for suite in root:
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        assert int(suite.attrib["failures"]) == len(suite.findall(".//failure"))
    assert {"a.yaml", "fine.yaml"} <= {suite.attrib["name"] for suite in root}


@given(problems_)
def test_github_gets_at_most_ten_of_a_kind_and_no_line_of_a_name(problems: list[Problem]) -> None:
    lines = github.commands(problems, "counted.").split("\n")
    assert lines[-2:] == ["counted.", ""]
    kinds = []
    for line in lines[:-2]:
        match = re.fullmatch(r"::(error|warning|notice) ((?:[a-z]+=[^:,\n\r]*,?)*)::([^\n\r]*)", line)
        assert match, line
        kinds.append(match[1])
        assert all(re.fullmatch(r"(file|line|col|title)=.+", part) for part in match[2].split(","))
    order = ["error", "warning", "notice"]
    assert kinds == sorted(kinds, key=order.index)
    for kind in order:
        mine = sum(severity(problem.code) == kind for problem in problems)
        assert kinds.count(kind) == min(mine, 10)
        told = [line for line in lines if line.startswith(f"::{kind} ") and f"{mine - 10} more {kind}" in line]
        assert len(told) >= (mine > 10)


@given(problems_)
def test_concise_is_one_line_each_and_full_names_every_code(problems: list[Problem]) -> None:
    assert len(render.concise(problems).split("\n")) == len(problems) + 1
    shown = render.full(checked(problems), {"a.yaml": ["x" * 400, "\ty: 日本\x1b[0m"]})
    for problem in problems:
        assert f"{problem.code} {severity(problem.code)}: " in shown
    assert [clean(line) for line in shown.split("\n")] == shown.split("\n")


BAD = "tests/errors/R010/bad.yaml"


def test_the_tenth_annotation_says_how_many_more_and_the_summary_has_all(tmp_path: Path) -> None:
    lines = "".join(f"x{number}: 1\n" for number in range(25))
    (tmp_path / "bad.yaml").write_text((ROOT / BAD).read_text("utf-8") + lines, "utf-8")
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", "utf-8")
    result = run("rates", "check", "bad.yaml", "-f", "github", cwd=tmp_path, GITHUB_STEP_SUMMARY=str(summary))
    shown = result.out.splitlines()
    assert result.code == 1
    assert len(shown) == 11
    assert shown[0].startswith("::error file=bad.yaml,line=9,col=18,title=R010::'2026-02-30' is not a calendar date")
    assert shown[9].endswith(" - and 16 more errors: see the summary of the job")
    text = summary.read_text("utf-8")
    assert text.startswith("before\n### diamondctl rates check\n\n| severity | place | code | message |\n")
    assert text.count("R006") == 25
    assert text.endswith("26 errors in 1 file (0 entries, 0 examples: 0 pass).\n")


def test_a_summary_that_cannot_be_written_fails_nothing(tmp_path: Path) -> None:
    result = run("rates", "check", "rates", "-f", "github", GITHUB_STEP_SUMMARY=str(tmp_path))
    assert (result.code, result.err) == (0, "The summary of the job cannot be written: not a regular file\n")


@pytest.mark.parametrize(
    ("ending", "opens"), [(".sarif", '{\n "$schema"'), (".xml", "<?xml version"), (".json", '{\n  "schema"')]
)
def test_the_ending_of_a_file_picks_the_format(ending: str, opens: str, tmp_path: Path) -> None:
    target = tmp_path / f"found{ending}"
    assert run("rates", "check", BAD, "-o", str(target)).code == 1
    assert target.read_text("utf-8").startswith(opens)


def test_real_output_holds_the_schemas() -> None:
    for paths in (["rates"], ["tests/errors/R016/my-rates", BAD, "nowhere"]):
        for strict in ([], ["--strict"]):
            command = ("rates", "check", *paths, *strict, "--max-age", "100", "--as-of", "2026-11-20")
            SARIF.validate(json.loads(run(*command, "-f", "sarif").out))
            JUNIT.validate(run(*command, "-f", "junit").out)


def test_only_a_check_knows_its_formats() -> None:
    result = run("rates", "list", "-f", "sarif")
    assert result.code == 2
    assert "'sarif' is not one of: table, plain, json, jsonl, csv, tsv, md" in result.err
