"""Dotted names: what is written is read again, and what is no setting is refused with the nearest one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.config.keys import parse_key
from diamondctl.config.values import GENERAL, OF_CREATOR
from diamondctl.problems import Refusal
from diamondctl.render.text import clean
from diamondctl.words import key_text

names = st.text(min_size=1) | st.text(st.sampled_from('ab."\\ '), min_size=1)
keys = st.sampled_from(GENERAL) | st.tuples(names, st.sampled_from(OF_CREATOR)).map(
    lambda pair: ("creators", unicodedata.normalize("NFC", pair[0]), *pair[1])
)


@given(keys)
def test_a_key_is_read_as_it_is_written(key: tuple[str, ...]) -> None:
    assert parse_key(key_text(key)) == key


@given(st.text(st.sampled_from('ab."\\ creators.mara.share')))
def test_no_text_makes_more_than_a_refusal(text: str) -> None:
    try:
        assert parse_key(text)
    except Refusal as refused:
        assert [problem.code for problem in refused.problems] == ["K002"]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        (("region",), "region"),
        (("creators", "mara", "agency", "percent"), "creators.mara.agency.percent"),
        (("creators", "mara live", "region"), "creators.mara live.region"),
        (("creators", "mara.b", "region"), 'creators."mara.b".region'),
        (("creators", 'a"\\', "region"), 'creators."a\\"\\\\".region'),
    ],
)
def test_quotes_stand_only_where_a_name_needs_them(key: tuple[str, ...], text: str) -> None:
    assert key_text(key) == text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("regoin", "did you mean region?"),
        ("creators.mara.shar", "did you mean creators.mara.share?"),
        (
            "creators.mara.agency",
            "one of: creators.mara.agency.percent, creators.mara.agency.of",
        ),
        ("", """parts are joined by dots; one that holds a dot stands in double quotes: 'creators."mara.b".region'"""),
    ],
)
def test_what_is_no_setting_is_refused_with_the_nearest_one(text: str, hint: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_key(text)
    assert refused.value.problems[0].hint == hint


hidden = st.text(st.sampled_from("ab.[\u202e\x1b\u200b\x00\x7f\U000e0001"), min_size=1)


@given(hidden, st.sampled_from(OF_CREATOR))
def test_a_name_is_taken_as_screens_show_it(name: str, below: tuple[str, ...]) -> None:
    """A hidden character stands as `<U+202E>` in every command that is suggested."""
    key = ("creators", name, *below)
    assert parse_key(clean(key_text(key))) == key


@pytest.mark.parametrize("name", ["a<U+0041>", "a<U+D800>", "a<U+110000>", "a<U+202e>", "a<U+20>"])
def test_what_no_screen_shows_is_taken_literally(name: str) -> None:
    assert parse_key(f"creators.{name}.region") == ("creators", name, "region")


def test_a_creator_who_is_called_so_is_meant() -> None:
    assert parse_key("creators.a<U+202E>.region", ["a<U+202E>"])[1] == "a<U+202E>"
