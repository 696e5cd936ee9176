"""The schema walker: records make values of their own types, problems have places, and work grows with the file alone."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from diamondctl.problems import ProblemLog
from diamondctl.yamlfile import nodes
from diamondctl.yamlfile.schema import At, ListOf, MapOf, Number, Record, Schema, Text, Word, build
from tests.work import calls_of


class Pack(NamedTuple):
    """What the example format speaks of."""

    name: str
    coins: int
    channel: str = "web"


PACK = Record(Pack, {"name": Text(), "coins": Number(digits=4)}, {"channel": Word({"site": "web", "phone": "in_app"})})


def _span(at: At, low: int, high: int) -> range:
    if low > high:
        at.contradiction("high", "R019", f"{low} is above {high}")
    return range(low, high)


SPANS = ListOf(Record(_span, {"low": Number(digits=4), "high": Number(digits=4)}, placed=True))


def read(schema: Schema, text: str, keep: int = 20) -> tuple[object, list[str]]:
    """The value and the problems of a text."""
    log = ProblemLog(keep=keep)
    root = nodes.parse(text, "x.yaml", log)
    assert root is not None
    return build(schema, root, log), [str(problem) for problem in log.problems]


def test_a_record_makes_its_type_and_leaves_defaults_to_it() -> None:
    assert read(PACK, "{name: small, coins: 70}") == (Pack("small", 70), [])
    assert read(PACK, "{coins: 70, channel: phone, name: small}") == (Pack("small", 70, "in_app"), [])


def test_all_problems_are_told_at_once_each_at_its_place() -> None:
    assert read(ListOf(PACK), "- {nmae: small, coins: 7x}\n- [a]") == (
        None,
        [
            "x.yaml:1:4 R006 unknown key 'nmae' (did you mean name?)",
            "x.yaml:1:24 R011 '7x' is not a whole number from 0 to 9,999",
            "x.yaml:1:3 R007 'name' is missing",
            "x.yaml:2:3 R008 expected a mapping with name, coins, found a list",
        ],
    )


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("[{low: 2, high: 1}, {low: 4, high: 3}]", ["x.yaml:1:17 R019 2 is above 1", "x.yaml:1:36 R019 4 is above 3"]),
        ("[{low: 2, high: 1}, {low: x, high: 3}]", ["x.yaml:1:27 R011 'x' is not a whole number from 0 to 9,999"]),
    ],
)
def test_contradictions_are_told_when_every_value_is_right(text: str, problems: list[str]) -> None:
    assert read(SPANS, text) == (None, problems)


@pytest.mark.parametrize(
    ("schema", "line"),
    [
        (PACK, "nam{}: 1\n"),
        (MapOf(Text(), Word(tuple("abcdefghij"))), "k{}: abc{}\n"),
        (MapOf(Text(), PACK), "k{}: {{nam: 1}}\n"),
    ],
    ids=["keys", "words", "keys below"],
)
def test_what_was_meant_is_looked_for_only_where_it_is_shown(schema: Schema, line: str) -> None:
    """40,000 unknown keys once took seconds: each was compared with every key there is. What each costs is its cause."""

    def work(count: int) -> int:
        log = ProblemLog(keep=20)
        root = nodes.parse("".join(line.format(number, number) for number in range(count)), "x.yaml", log)
        assert root is not None
        return calls_of(lambda: build(schema, root, log))

    assert work(4_000) - work(2_000) < 2_000 * 150
