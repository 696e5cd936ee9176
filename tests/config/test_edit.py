"""Changing one setting: it says what was meant, and every other character stays what it was."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.config import format as config_format
from diamondctl.config.edit import change, new_text
from diamondctl.config.keys import parse_key
from diamondctl.config.values import Config, Key
from diamondctl.problems import CODES, ProblemLog, Refusal
from diamondctl.words import key_text

Values = dict[tuple[Key, date | None], str]


def config_of(text: str) -> Config:
    log = ProblemLog()
    found = config_format.read(text, file="config.yaml", sha256="", log=log)
    assert found is not None, log.problems
    return found


def values_of(text: str) -> Values:
    return {(setting.key, setting.start): setting.text for setting in config_of(text).settings}


def set_(text: str, key: str, value: str, start: str = "") -> str:
    return change(text, parse_key(key), value, date.fromisoformat(start) if start else None, file="config.yaml")


def refusal(text: str, key: str, value: str, start: str = "") -> list[str]:
    with pytest.raises(Refusal) as refused:
        set_(text, key, value, start)
    return [str(problem) for problem in refused.value.problems]


# Cases in words


@pytest.mark.parametrize(
    ("before", "key", "value", "start", "after"),
    [
        # Nothing there yet.
        ("", "region", "US", "", "region: US\n"),
        ("# mine", "region", "US", "", "# mine\nregion: US\n"),
        ("# mine\r\n", "creators.mara.share", "48", "", "# mine\r\ncreators:\r\n  mara:\r\n    share: 48\r\n"),
        ("", "creators.mara.agency.percent", "10", "2026-01-01",
         "creators:\n  mara:\n    agency:\n      - {from: 2026-01-01, percent: 10}\n"),
        # A value that is there: only its characters.
        ("region: 'US'   # home\n", "region", "GB", "", "region: GB   # home\n"),
        ("region: US", "region", "GB", "", "region: GB"),
        ("{region: US, timezone: UTC}", "timezone", "Europe/London", "", "{region: US, timezone: Europe/London}"),
        # A new one goes below the last of its mapping, with its indentation, above what follows.
        ("region: US # home\n\n# end\n", "timezone", "UTC", "", "region: US # home\ntimezone: UTC\n\n# end\n"),
        ("region: US", "timezone", "UTC", "", "region: US\ntimezone: UTC"),
        ("creators:\n    mara:\n          region: US\n    lee: {region: GB}\n", "creators.mara.share", "48", "",
         "creators:\n    mara:\n          region: US\n          share: 48\n    lee: {region: GB}\n"),
        ("creators:\n  mara: {region: US}\n", "creators.mara.share", "48", "", "creators:\n  mara: {region: US, share: 48}\n"),
        ("creators:\n  mara: {}\n", "creators.mara.share", "48", "", "creators:\n  mara: {share: 48}\n"),
        ("creators: {mara: {region: US,},}\n", "creators.lee.agency.of", "gifts", "", None),  # an agency needs a percentage
        ("creators: {mara: {region: US,},}\n", "creators.lee.region", "GB", "",
         "creators: {mara: {region: US,}, lee: {region: GB},}\n"),
        # Dated lists.
        ("creators:\n  mara:\n    share:\n    - from: 2026-01-01  # new year\n      percent: 46\n", "creators.mara.share", "48",
         "2026-07-01",
         "creators:\n  mara:\n    share:\n    - from: 2026-01-01  # new year\n      percent: 46\n"
         "    - {from: 2026-07-01, percent: 48}\n"),
        ("creators:\n  mara:\n    share:\n      - {from: 2026-01-01, percent: 46} # a\n", "creators.mara.share", "48",
         "2026-01-01", "creators:\n  mara:\n    share:\n      - {from: 2026-01-01, percent: 48} # a\n"),
        ("creators: {mara: {share: [{from: 2026-01-01, percent: 46}]}}\n", "creators.mara.share", "48", "2026-07-01",
         "creators: {mara: {share: [{from: 2026-01-01, percent: 46}, {from: 2026-07-01, percent: 48}]}}\n"),
        ("creators: {mara: {agency: [{from: '2026-01-01', percent: 10}]}}\n", "creators.mara.agency.of", "gifts", "2026-01-01",
         "creators: {mara: {agency: [{from: '2026-01-01', percent: 10, of: gifts}]}}\n"),
        ("", "creators.mara.region", "GB", "2026-06-01",
         "creators:\n  mara:\n    region:\n      - {from: 2026-06-01, region: GB}\n"),
        # Who moves was somewhere before.
        ("creators:\n  mara:\n    region: US  # so far\n", "creators.mara.region", "GB", "2026-06-01",
         "creators:\n  mara:\n    region: [{from: 2000-01-01, region: US}, {from: 2026-06-01, region: GB}]  # so far\n"),
        ("creators: {mara: {region: [{from: 2026-06-01, region: GB}]}}\n", "creators.mara.region", "DE", "2026-08-01",
         "creators: {mara: {region: [{from: 2026-06-01, region: GB}, {from: 2026-08-01, region: DE}]}}\n"),
        # Quotes where another reader would take a word for something else.
        ("", "region", "NO", "", 'region: "NO"\n'),
        ("", 'creators."a: b # \\"c\\" \u202e".region', "US", "",
         'creators:\n  "a: b # \\"c\\" \\U0000202E":\n    region: US\n'),
        # A name in another spelling of Unicode is the same creator.
        ("creators: {cafe\u0301: {region: US}}", "creators.caf\u00e9.region", "DE", "", "creators: {cafe\u0301: {region: DE}}"),
        ("--- # start\nregion: US\n...\n", "timezone", "UTC", "", "--- # start\nregion: US\ntimezone: UTC\n...\n"),
    ],
)  # fmt: skip
def test_a_change_is_this(before: str, key: str, value: str, start: str, after: str | None) -> None:
    if after is None:
        assert refusal(before, key, value, start) == [f"R007 {key}: 'percent' is missing"]
        return
    assert set_(before, key, value, start) == after
    assert set_(after, key, value, start) == after


@pytest.mark.parametrize(
    ("before", "key", "value", "start", "found"),
    [
        ("regoin: US\n", "region", "US", "", ["config.yaml:1:1 R006 unknown key 'regoin' (did you mean region?)"]),
        ("region: US\n", "creators.mara.share", "0.48", "",
         ["R021 creators.mara.share: 0.48 looks like a fraction, percentages are written 48 (did you mean 48?)"]),
        ("region: US\n", "region", "", "", ["R015 region: blank, where a region of two capital letters belongs"]),
        ("rates: |\n  folder\n", "rates", "x", "",
         ["config.yaml:1 K003 rates cannot be changed here without touching other settings "
          "(by hand, please: `diamondctl config path` names the file)"]),
        ("rates: >\n  folder\n", "region", "US", "",
         ["config.yaml K003 region cannot be changed here without touching other settings "
          "(by hand, please: `diamondctl config path` names the file)"]),
        ("creators: {mara: {share: 48}}\n", "creators.mara.share", "50", "2026-01-01",
         ["config.yaml:1:26 K003 creators.mara.share always holds, so no day can begin beside it (make it a list with a first "
          "day there: [{from: DATE, percent: ...}])"]),
        ("creators: {mara: {share: [{from: 2026-01-01, percent: 48}]}}\n", "creators.mara.share", "50", "",
         ["config.yaml:1:55 K003 creators.mara.share has dates (say from which day on: --from DATE)"]),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_is_refused(before: str, key: str, value: str, start: str, found: list[str]) -> None:
    assert refusal(before, key, value, start) == found


def test_a_whole_config_is_made_of_changes() -> None:
    text = new_text("# head\n", [(("creator",), "x: y"), (("creators", "x: y", "region"), "US")])
    assert text == '# head\ncreator: "x: y"\ncreators:\n  "x: y":\n    region: US\n'


# Laws, over configs written in any style

names = st.sampled_from(("mara", "mara.b", "on", "a: b", "\U0001f600 live", 'q"q', "#x"))
regions = st.sampled_from(("US", "GB", "NO"))
zones = st.sampled_from(("UTC", "Europe/London", "America/Chicago"))
percents = st.sampled_from(("0", "48", "36.5", "100"))
days = st.dates(date(2025, 1, 1), date(2027, 1, 1)).map(str)
paths = st.sampled_from(("rates", "/a b/c", "~/x", "C:\\x", "- x", "a # b"))


def dated(item: dict[str, st.SearchStrategy[str]]) -> st.SearchStrategy[list[dict[str, str]]]:
    return st.lists(st.fixed_dictionaries({"from": days, **item}), min_size=1, max_size=3, unique_by=lambda each: each["from"])


trees = st.fixed_dictionaries(
    {},
    optional={
        "region": regions,
        "timezone": zones,
        "rates": paths,
        "creator": names,
        "creators": st.dictionaries(
            names,
            st.fixed_dictionaries(
                {},
                optional={
                    "region": regions | dated({"region": regions}),
                    "method": st.sampled_from(("paypal", "bank")),
                    "share": percents | dated({"percent": percents}),
                    "agency": st.fixed_dictionaries(
                        {"percent": percents}, optional={"of": st.sampled_from(("reward", "gifts"))}
                    )
                    | dated({"percent": percents}),
                },
            ),
            max_size=3,
        ),
    },
)


def scalar(text: str, style: random.Random) -> str:
    """A scalar in one of the styles that can hold it."""
    quoted = "'" + text.replace("'", "''") + "'"
    double = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    plain = [text] if text.replace("/", "").replace(".", "").replace("-", "").isalnum() else []
    return style.choice([quoted, double, *plain, *plain])


def flow(value: Any, style: random.Random) -> str:
    if isinstance(value, str):
        return scalar(value, style)
    comma = style.choice((", ", ",", " , "))
    if isinstance(value, dict):
        inside = comma.join(f"{scalar(key, style)}: {flow(item, style)}" for key, item in value.items())
        return "{" + inside + "}"
    return "[" + comma.join(flow(item, style) for item in value) + "]"


def written(value: Any, style: random.Random, indent: int) -> Iterator[str]:
    """Lines of a mapping or a list in block style, with comments here and there."""
    pad = " " * indent
    for item in value.items() if isinstance(value, dict) else [("-", item) for item in value]:
        if style.random() < 0.2:
            yield style.choice((f"{pad}# about it", "# at the left", ""))
        key, below = item
        head = pad + ("-" if isinstance(value, list) else scalar(key, style) + ":")
        comment = style.choice(("", "", "  # said: 'so'"))
        if isinstance(below, str) or not below or style.random() < 0.3:
            yield f"{head} {flow(below, style)}{comment}"
        elif isinstance(value, list):
            lines = list(written(below, random.Random(0), 0))
            lines = [line for line in lines if line and not line.startswith("#")]
            yield f"{head} {lines[0]}"
            yield from (f"{pad}  {line}" for line in lines[1:])
        else:
            yield head + comment
            yield from written(below, style, indent + style.choice((1, 2, 4)))


def text_of(tree: Any, style: random.Random) -> str:
    end = style.choice(("\n", "\n", "\r\n"))
    if not tree:
        return style.choice(("", "# nothing" + end))
    lines = [flow(tree, style)] if style.random() < 0.15 else list(written(tree, style, 0))
    return end.join(lines) + style.choice(("", end, end + end + "# end" + end))


changes = st.one_of(
    st.tuples(st.just(("region",)), regions, st.none()),
    st.tuples(st.just(("timezone",)), zones, st.none()),
    st.tuples(st.just(("ledger",)), paths, st.none()),
    st.tuples(names.map(lambda name: ("creators", name, "region")), regions, st.none() | days.map(date.fromisoformat)),
    st.tuples(names.map(lambda name: ("creators", name, "share")), percents, st.none() | days.map(date.fromisoformat)),
    st.tuples(
        names.map(lambda name: ("creators", name, "agency", "percent")), percents, st.none() | days.map(date.fromisoformat)
    ),
)


@given(trees, st.integers(0, 2**32), changes)
def test_a_change_says_what_was_meant_and_leaves_the_rest_to_the_character(
    tree: Any, style: int, wanted: tuple[Key, str, date | None]
) -> None:
    key, value, start = wanted
    before = text_of(tree, random.Random(style))
    old = values_of(before)
    mixed = any(
        (setting.start is None) != (start is None) for setting in config_of(before).settings if setting.key[:3] == key[:3]
    )
    try:
        after = change(before, key, value, start, file="config.yaml")
    except Refusal as refused:
        assert [problem.code for problem in refused.problems] == ["K003"]
        # Nothing else in these styles is refused.
        assert mixed and (key[2] in ("share", "agency") or (key[2] == "region" and start is None)), before
        return
    assert not mixed or key[2] == "region"
    if mixed:  # who moves was somewhere before
        old = {(of, date(2000, 1, 1) if of == key else day): text for (of, day), text in old.items()}
    assert values_of(after) == {**old, (key, start): value}, (before, after)
    if not mixed:
        assert same_ends(before, after) if (key, start) in old else is_inside(before, after)
    assert change(after, key, value, start, file="config.yaml") == after


@given(trees, st.integers(0, 2**32), st.data())
def test_a_damaged_config_is_refused_or_changed_as_meant(tree: Any, style: int, data: st.DataObject) -> None:
    """A few characters put in or taken out anywhere: never another end than a refusal."""
    text = text_of(tree, random.Random(style))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        put = data.draw(st.text(st.sampled_from(" \t\n:-{}[],#'\"&*!|>?a\x85\ufeff"), max_size=3))
        text = text[:at] + put + text[at + data.draw(st.integers(0, 3)) :]
    key, value, start = data.draw(changes)
    try:
        after = change(text, key, value, start, file="config.yaml")
    except Refusal as refused:
        assert all(problem.code in CODES for problem in refused.problems)
        return
    assert values_of(after) == {**values_of(text), (key, start): value}


def is_inside(before: str, after: str) -> bool:
    """Whether `after` is `before` with one piece put in."""
    more = len(after) - len(before)
    return any(after[:at] + after[at + more :] == before for at in range(len(before) + 1))


def same_ends(before: str, after: str) -> bool:
    """Whether the two differ in one piece of at most 40 characters: one value."""
    start = next(
        (at for at, pair in enumerate(zip(before, after, strict=False)) if pair[0] != pair[1]), min(len(before), len(after))
    )
    rest = len(before) - start
    tail = next((at for at in range(rest) if before[len(before) - 1 - at] != after[len(after) - 1 - at]), rest)
    return rest - tail <= 40


@given(names, st.sampled_from(("region", "share")))
def test_a_key_that_was_set_is_found_under_its_written_name(name: str, last: str) -> None:
    key = ("creators", name, last)
    text = set_("", key_text(key), "48" if last == "share" else "US")
    assert config_of(text).text(*key)
