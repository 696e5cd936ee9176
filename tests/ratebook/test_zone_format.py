"""Rate files: the walker and the JSON Schema it writes agree, and no text whatever makes more than problems."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from diamondctl.problems import CODES, Problem, ProblemLog
from diamondctl.ratebook import store, zone_format
from diamondctl.ratebook.entries import Zone
from diamondctl.yamlfile import nodes
from diamondctl.yamlfile.nodes import Mapping, Node, Place, Scalar, Sequence
from diamondctl.yamlfile.schema import Walk
from tests.work import calls_of

SHIPPED = store.paths_in(store.shipped_folder())
SCHEMA = zone_format.json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
US = next(path for path in SHIPPED if path.name == "us.yaml").read_text("utf-8")

# What JSON Schema cannot see: the calendar, the time zone database, one number beside another, the value of a text.
UNSEEN = {"R010", "R013", "R019", "R020", "R021"}


def check_text(text: str) -> tuple[Zone | None, list[Problem]]:
    """What `store.load` makes of a text, without the file."""
    log = ProblemLog(keep=1_000)
    root = nodes.parse(text, "x.yaml", log)
    if root is None:
        return None, log.problems
    zone = zone_format.build_zone(root, name="x", sha256="", origin="user", log=log)
    return zone if not log.total else None, log.problems


def tree(value: Any) -> Node:
    """The nodes of a plain tree."""
    place = Place("x.yaml", 1, 1)
    if isinstance(value, dict):
        return Mapping({key: (place, tree(item)) for key, item in value.items()}, place)
    if isinstance(value, list):
        return Sequence(tuple(map(tree, value)), place)
    return Scalar(value, place)


def walker_codes(value: Any) -> set[str]:
    log = ProblemLog(keep=1_000)
    zone_format.ZONE.check(tree(value), Walk(log))
    return {problem.code for problem in log.problems}


def plain_tree(path: Path) -> Any:
    log = ProblemLog()
    root = nodes.parse(path.read_text("utf-8"), path.name, log)
    assert root is not None and not log.total
    return nodes.plain(root)


TREES = [plain_tree(path) for path in SHIPPED]
Place_ = tuple[Any, ...]


def places(value: Any, at: Place_ = ()) -> list[Place_]:
    """Every place in a plain tree, the root first."""
    found = [at]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found += places(item, (*at, key))
    return found


def at(value: Any, place: Place_) -> Any:
    for key in place:
        value = value[key]
    return value


# JSON Schema as a cross-check


def test_the_schema_is_itself_valid() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.name))
def test_every_shipped_file_is_accepted_by_the_walker_and_by_its_schema(path: Path) -> None:
    zone, problems = check_text(path.read_text("utf-8"))
    assert (problems, zone is not None) == ([], True)
    VALIDATOR.validate(plain_tree(path))


class _Core(yaml.SafeLoader):
    """YAML as an editor reads it (the core schema of YAML 1.2): numbers are numbers, dates are texts."""


_Core.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] in ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:null")]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.name))
def test_every_shipped_file_is_accepted_as_an_editor_reads_it(path: Path) -> None:
    def keys_as_text(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): keys_as_text(item) for key, item in value.items()}
        return [keys_as_text(item) for item in value] if isinstance(value, list) else value

    document = keys_as_text(yaml.load(path.read_text("utf-8"), Loader=_Core))
    errors = [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in VALIDATOR.iter_errors(document)]
    assert errors == []


def assert_agreement(value: Any) -> None:
    codes, valid = walker_codes(value), VALIDATOR.is_valid(value)
    if not codes:
        assert valid, "the walker accepts what its schema refuses"
    elif valid:
        assert codes <= UNSEEN, f"the schema accepts {codes}"


WRONG = ("", " ", "no such word!", "-1", "1e5", "01", ".5", "1_000", "1,5", "NaN", "٣", "yes", "2026-13-45", "1234567890123")


@given(st.sampled_from(TREES), st.randoms(use_true_random=False), st.sampled_from(WRONG))
def test_a_wrong_word_or_number_is_refused_by_both_or_by_neither(value: Any, choice: random.Random, wrong: str) -> None:
    value = copy.deepcopy(value)
    scalars = [place for place in places(value) if isinstance(at(value, place), str)]
    place = choice.choice(scalars)
    at(value, place[:-1])[place[-1]] = wrong
    assert_agreement(value)


@given(st.sampled_from(TREES), st.randoms(use_true_random=False))
def test_a_missing_key_or_item_is_refused_by_both_or_by_neither(value: Any, choice: random.Random) -> None:
    value = copy.deepcopy(value)
    place = choice.choice(places(value)[1:])
    del at(value, place[:-1])[place[-1]]
    assert_agreement(value)


@given(st.sampled_from(TREES), st.randoms(use_true_random=False), st.sampled_from(("rate", "to", "Platform", "", "9")))
def test_an_unknown_key_is_refused_by_both_or_by_neither(value: Any, choice: random.Random, name: str) -> None:
    value = copy.deepcopy(value)
    place = choice.choice([place for place in places(value) if isinstance(at(value, place), dict)])
    at(value, place)[name] = "1"
    assert_agreement(value)


@given(st.sampled_from(TREES), st.randoms(use_true_random=False))
def test_a_value_in_the_place_of_another_is_refused_by_both_or_by_neither(value: Any, choice: random.Random) -> None:
    value = copy.deepcopy(value)
    one, other = choice.choice(places(value)), choice.choice(places(value)[1:])
    at(value, other[:-1])[other[-1]] = copy.deepcopy(at(value, one))
    assert_agreement(value)


# A small whole file

SMALL = """\
schema: 1
platform: tiktok
regions: [NO]
timezone: Europe/Oslo
sources:
  s: {title: "a source", retrieved: 2026-11-22}
rates:
  reward:
    - effective: 2026-01-01
      recorded: 2026-11-22
      value: {diamonds_per_coin: 1, cash_per_diamond: 0.01, currency: USD, share: {kind: flat, percent: 50}}
      confidence: reported
      sources: [s]
      verified: 2026-11-22
  settlement:
    - effective: 2026-01-01
      recorded: 2026-11-22
      value: {credit: stream, rounding: down}
      confidence: assumed
      sources: [s]
      verified: 2026-11-22
"""


def test_every_scalar_is_text_so_no_is_norway() -> None:
    zone, problems = check_text(SMALL)
    assert zone is not None and not problems
    assert zone.regions == ("NO",)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("regions: [NO]", "regions: [NO]\nregions: [SE]", [("R003", 4, 1)]),
        ("  s: {title", "  s: {title: x, title", [("R003", 6, 17)]),
        ("regions: [NO]", "regions: &r [NO]", [("R002", 3, 10)]),
        ("regions: [NO]", "regions: [*r]", [("R002", 3, 11), ("R015", 3, 11)]),
        ("regions: [NO]", "regions: !!set [NO]", [("R002", 3, 10)]),
        ("platform: tiktok", "platform: !!str tiktok", [("R002", 2, 11)]),
        ("  s: {title", "  s: {<<: {}, title", [("R002", 6, 7)]),
        ("platform: tiktok", "? [a]\n: b\nplatform: tiktok", [("R008", 2, 3)]),
        ("regions: [NO]", "regions: [NO]\n---\nregions: [SE]", [("R004", 4, 1)]),
        ("regions: [NO]", "regions: [NO", [("R001", 3, 10)]),
        ("platform: tiktok", "platfrom: tiktok", [("R007", 1, 1), ("R006", 2, 1)]),
        ("percent: 50", "percent: 0.5", [("R021", 11, 105)]),
        ("timezone: Europe/Oslo", "timezone: Europe/Oslow", [("R013", 4, 11)]),
    ],
)
def test_what_yaml_can_do_and_a_rate_file_must_not_is_a_problem_at_its_place(
    old: str, new: str, expected: list[tuple[str, int, int]]
) -> None:
    assert old in SMALL
    zone, problems = check_text(SMALL.replace(old, new, 1))
    assert zone is None
    assert sorted((problem.line, problem.column, problem.code) for problem in problems) == sorted(
        (line, column, code) for code, line, column in expected
    )


@pytest.mark.parametrize("before", ["", "# ascii\n" * 5, "# Ä日本 👍\n" * 5], ids=["none", "ascii", "wide"])
def test_a_character_that_yaml_does_not_allow_is_named_by_line_and_column(before: str) -> None:
    _, problems = check_text(before + "schema: 1\nplatform: tik\x00tok\n" + "# more\n" * 40)
    assert [(problem.code, problem.line, problem.column) for problem in problems] == [("R001", before.count("\n") + 2, 14)]


# Anything at all: problems, never another exception, and never more work than the size explains


def assert_only_problems(text: str, *, surely: bool = False) -> None:
    found: list[tuple[Zone | None, list[Problem]]] = []
    calls = calls_of(lambda: found.append(check_text(text)))
    zone, problems = found[0]
    assert (zone is None) == bool(problems)
    assert problems or not surely
    for problem in problems[:50]:
        assert problem.code in CODES
        assert len(str(problem)) < 2_000, "a message shows the beginning of a long value"
    assert calls < 40 * len(text) + 50_000, f"{calls:,} calls for {len(text):,} characters"


HOSTILE = {
    "10,000 lists in one line": "[" * 10_000,
    "10,000 lists, closed": "a: " + "[" * 10_000 + "]" * 10_000,
    "10,000 block lists": "- " * 10_000 + "a",
    "10,000 mappings in one line": "{a: " * 10_000,
    "1,500 nested lines": "\n".join(" " * depth + "a:" for depth in range(1_500)),
    "10,000 complex keys": "? " * 10_000 + "a",
    "5,000 anchors": "".join(f"k{number}: &a{number} 1\n" for number in range(5_000)),
    "5,000 aliases": "a: &a 1\n" + "".join(f"k{number}: *a\n" for number in range(5_000)),
    "a billion laughs": "a: &a [x]\n" + "".join(f"k{n}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 9}]\n" for n in range(9)),
    "10,000 documents": "---\na: 1\n" * 10_000,
    "30,000 unknown keys": "".join(f"key{number}: 1\n" for number in range(30_000)),
    "3,000 names of sources, none of them among 3,000 sources": SMALL.replace(
        "  s: {", "".join(f"  s{number}: {{title: x, retrieved: 2026-11-22}}\n" for number in range(3_000)) + "  s: {", 1
    ).replace("sources: [s]", "sources: [" + ", ".join(f"q{number}" for number in range(3_000)) + "]", 1),
    "20,000 equal regions": SMALL.replace("[NO]", "[" + "NO, " * 20_000 + "]"),
    "20,000 equal keys": "k: 1\n" * 20_000,
    "one long word": "platform: " + "x" * 1_900_000,
    "one long list": "regions: [" + "US, " * 20_000 + "]",
    "3 MB": "# comment\n" * 300_000,
    "nothing": "",
    "only a comment": "# nothing here\n",
    "only a mark": "\ufeff",
    "a tab for indentation": "a:\n\tb: 1\n",
    "a quote that is never closed": 'platform: "' + "x\n" * 20_000,
    "a block text": "platform: |\n" + "  x\n" * 20_000,
    "a NUL": "a: \0",
    "a directive": "%YAML 9.9\n---\na: 1\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_make_only_problems_and_work_in_proportion_to_their_size(name: str) -> None:
    assert_only_problems(HOSTILE[name], surely=True)


def test_a_file_of_3_megabytes_is_not_even_parsed(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_text(SMALL + "# comment\n" * 300_000)
    log = ProblemLog()
    assert store.load(path, file="big.yaml", origin="user", log=log) is None
    assert [problem.code for problem in log.problems] == ["R005"]


PIECES = (
    "a",
    "schema",
    "1",
    "regions",
    ":",
    ": ",
    "- ",
    "? ",
    "\n",
    "\n  ",
    "\n    ",
    "{",
    "}",
    "[",
    "]",
    ", ",
    "&x ",
    "*x",
    "!!str ",
    "!x",
    "<<: ",
    "|",
    ">-",
    "'",
    '"',
    "\\x41",
    "\\ud800",
    "# c",
    "---\n",
    "...\n",
    "%TAG ! x\n",
    "\t",
    "@",
    "`",
    "~",
    "é",
    "\u2028",
    "\x85",
    "\ufeff",
    "\x07",
    "2026-10-31",
    "0.01",
)


any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | any_text)
@example("? ")
@example("a: 'x")
@example("\ufeff\ufeff")
def test_random_yaml_makes_only_problems(text: str) -> None:
    assert_only_problems(text)


@given(
    st.sampled_from((SMALL, US)),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(("", *PIECES, "0001-01-01", "9999-12-31", "T23:45Z"))),
        min_size=1,
        max_size=3,
    ),
)
def test_mutations_of_a_valid_file_make_only_problems(text: str, changes: list[tuple[float, int, str]]) -> None:
    for where, gone, new in changes:
        start = int(where * len(text))
        text = text[:start] + new + text[start + gone :]
    assert_only_problems(text)


@given(st.binary(max_size=200) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"\xff")
@example(b"\xef\xbb\xbf")
@example(b"\xed\xa0\x80")
def test_random_bytes_in_a_file_make_only_problems(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.yaml"
    path.write_bytes(data)
    log = ProblemLog()
    assert store.load(path, file="random.yaml", origin="user", log=log) is None
    assert log.problems


DATES = ("0001-01-01", "1582-10-15", "1899-12-31", "1900-01-01", "1970-01-01", "2099-12-31", "2100-01-01", "9999-12-31")


@given(
    st.sampled_from(DATES) | st.dates().map(str),
    st.sampled_from(("Asia/Tokyo", "Pacific/Kiritimati", "America/New_York", "Pacific/Pago_Pago", "UTC")),
)
@example("0001-01-01", "Asia/Tokyo")
def test_every_day_of_the_calendar_is_a_beginning_or_a_problem(day: str, timezone: str) -> None:
    text = SMALL.replace("effective: 2026-01-01", f"effective: {day}").replace("Europe/Oslo", timezone)
    zone, problems = check_text(text)
    if zone is None:
        assert {problem.code for problem in problems} == {"R010"}
        assert not "1900" <= day[:4] <= "2099"
    else:
        assert zone.rates["reward"][0].effective_text == day
