"""The config's format: the walker and the JSON Schema it writes agree, and what is read is what was written."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import jsonschema
import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from diamondctl.config import format as config_format
from diamondctl.config.values import Config
from diamondctl.problems import CODES, Problem, ProblemLog
from tests.support import EXAMPLES, ROOT

SCHEMA = json.loads((ROOT / "diamondctl/schemas/config.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
EXAMPLE = (EXAMPLES / "config.yaml").read_text("utf-8")

# What JSON Schema cannot see: the calendar, the time zone database, the value of a text, two items beside each other.
UNSEEN = {"R010", "R013", "R020", "R021", "K001", "K005"}


def read(text: str) -> tuple[Config | None, list[Problem]]:
    """What a text says, and what is wrong with it."""
    log = ProblemLog(keep=1_000)
    found = config_format.read(text, file="config.yaml", sha256="", log=log)
    assert (found is None) == bool(log.total)
    return found, log.problems


def codes(text: str) -> list[str]:
    return [f"{problem.line}:{problem.column} {problem.code}" for problem in read(text)[1]]


def as_texts(value: Any) -> Any:
    """A tree as YAML's own loader makes it, with every scalar as text, as an editor's validator would see it quoted."""
    if isinstance(value, dict):
        return {str(key): as_texts(item) for key, item in value.items()}
    return [as_texts(item) for item in value] if isinstance(value, list) else str(value)


def holds(text: str) -> bool:
    """Whether the JSON Schema holds."""
    return bool(VALIDATOR.is_valid(as_texts(yaml.load(text, Loader=yaml.BaseLoader))))


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_example_says_what_it_says() -> None:
    found, problems = read(EXAMPLE)
    assert problems == [] and found is not None and holds(EXAMPLE)
    assert found.text("creator") == "mara"
    assert found.creators == ("mara", "lee")
    assert [(name, setting.text, setting.start) for name, setting in found.of_creators("share")] == [
        ("mara", "46", date(2026, 1, 1)),
        ("mara", "48", date(2026, 10, 15)),
        ("lee", "50", None),
    ]
    assert [(setting.text, setting.start) for _, setting in found.of_creators("agency", "percent")] == [
        ("10", date(2026, 7, 1))
    ]
    for setting in found.settings:  # each stands where it is said to stand
        line = EXAMPLE.splitlines()[setting.place.line - 1]
        assert line[setting.place.column - 1 :].startswith(setting.text)


@pytest.mark.parametrize("text", ["", "\n", "# nothing yet\n\n  # at all", "#", "\r\n# x\r\n"])
def test_nothing_but_comments_sets_nothing(text: str) -> None:
    assert read(text) == (Config("config.yaml", ""), [])


def test_every_problem_of_a_file_is_reported_with_its_place() -> None:
    text = """regoin: US
region: us
timezone: America/Chigaco
creators:
  mara:
    share: 0.48
    agency: {of: all}
    mehtod: paypal
  lee:
    share:
      - {from: 2026-02-30, percent: 48%}
      - {percent: 101}
"""
    assert codes(text) == [
        "1:1 R006",
        "2:9 R015",
        "3:11 R013",
        "6:12 R021",
        "7:18 R009",
        "7:13 R007",
        "8:5 R006",
        "11:16 R010",
        "11:37 R011",
        "12:19 R020",
        "12:9 R007",
    ]
    problems = read(text)[1]
    assert problems[0].hint == "did you mean region?"
    assert problems[6].hint == "did you mean method?"
    assert problems[8].hint == "a percentage is written without the sign"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("just words\n", ["1:1 R008"]),
        ("- region: US\n", ["1:1 R008"]),
        ("region: [US]\n", ["1:9 R008"]),
        ("region:\n", ["1:8 R015"]),
        ("creators:\n  mara:\n", ["2:8 R008"]),
        ("creators: {mara: {share: []}}\n", ["1:26 R008"]),
        ("region: US\nregion: GB\n", ["2:1 R003"]),
        ("region: &a US\ncreators: {mara: {region: XXX}}\n", ["1:9 R002", "2:27 R015"]),
        ("region: US\ncreators: {a: *x}\n", ["2:15 R002"]),
        ("region: US\n---\nregion: GB\n", ["2:1 R004"]),
        ("region: US\n  timezone: UTC\n", ["2:11 R001"]),
        ("creators: {mara: {agency: 10}}\n", ["1:27 R008"]),
        ("creators: {mara: {share: [{from: 2026-01-01, percent: 1}, {from: 2026-01-01, percent: 2}]}}\n", ["1:66 K001"]),
        ("rates: ''\n", ["1:8 R008"]),
        ("creators: {mara: {region: [{from: 2026-01-01, region: us}]}}\n", ["1:55 R015"]),
        ("creators: {mara: {region: [{from: 2026-01-01, regoin: US}]}}\n", ["1:47 R006", "1:28 R007"]),
        ("creators: {mara: {region: [{from: 2026-01-01, region: US}, {from: 2026-01-01, region: GB}]}}\n", ["1:67 K001"]),
    ],
)
def test_a_broken_config_has_these_problems(text: str, found: list[str]) -> None:
    assert codes(text) == found


def test_names_are_normalised_as_readers_normalise_them() -> None:
    found, _ = read("creator: cafe\u0301\ncreators: {cafe\u0301: {region: US}}\n")
    assert found is not None
    assert (found.text("creator"), found.creators) == ("caf\u00e9", ("caf\u00e9",))


def test_words_that_other_yaml_readers_take_for_truth_values_are_text() -> None:
    found, _ = read("region: NO\ncreators: {on: {region: NO}}\n")
    assert found is not None
    assert (found.text("region"), found.creators) == ("NO", ("on",))


percents = st.sampled_from(("48", "36.5", "0", "100", "0.48", "101", "-1", "48%", "1e1", "")) | st.decimals(
    0, 120, places=2
).map(str)
days = st.dates(date(1990, 1, 1), date(2110, 1, 1)).map(str) | st.sampled_from(("2026-02-30", "2026-1-1", "today"))
regions = st.sampled_from(("US", "GB", "us", "USA", "", "NO"))
words = st.sampled_from(("reward", "gifts", "all", "paypal", "Pay Pal", "America/Chicago", "Mars/Base", "x y"))
anything: st.SearchStrategy[Any] = regions | percents | words | st.just([]) | st.just({})


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A mapping with some of these keys, and now and then another."""
    return st.fixed_dictionaries({}, optional={**fields, "other": anything})


dated = some(**{"from": days, "percent": percents, "of": words})
creators = some(
    region=regions,
    timezone=words,
    method=words,
    share=percents | st.lists(dated, max_size=3) | anything,
    agency=dated | st.lists(dated, max_size=3) | anything,
)
configs = some(
    platform=words,
    region=regions,
    timezone=words,
    input_timezone=words,
    rates=words,
    ledger=words,
    creator=words,
    creators=st.dictionaries(st.sampled_from(("mara", "x.y", "", " ")), creators | anything, max_size=2) | anything,
)


@given(configs)
def test_the_walker_and_the_json_schema_agree(tree: Any) -> None:
    """Where the schema sees a problem the walker does, and the other way round but for what a schema cannot see."""
    if tree == {}:
        return
    text = json.dumps(tree)  # JSON is YAML
    found = {problem.code for problem in read(text)[1]}
    if not holds(text):
        assert found
    elif found:
        assert found <= UNSEEN


@given(st.text() | st.text(st.sampled_from("ab:{}[]-&*!|>'\"#%@,? \n\t0")))
@example("a: !!python/object/apply:os.system ['x']")
@example("? [a]\n: b")
@example("creators: {? {a: b} : c}")
@example("\ufeffregion: US")
def test_no_text_makes_more_than_problems(text: str) -> None:
    for problem in read(text)[1]:
        assert problem.code in CODES
        assert problem.line >= 0
