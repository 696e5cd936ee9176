"""The one text gate, over every code point there is."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.render.text import clean

HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
BLOCK = 0x1000
BLOCKS = range(0, sys.maxunicode + 1, BLOCK)
ENCODINGS = ("utf-8", "utf-16", "ascii", "latin-1", "cp1252", "cp437", "shift_jis")
encodings = st.sampled_from(ENCODINGS)
texts = st.text(st.characters(), max_size=30)


def category(character: str) -> str:
    return unicodedata.category(character)


def test_there_are_1114112_code_points() -> None:
    assert len(BLOCKS) * BLOCK == sys.maxunicode + 1 == 1_114_112


def test_no_code_point_that_acts_comes_through_and_every_other_is_kept() -> None:
    for start in BLOCKS:
        block = list(map(chr, range(start, start + BLOCK)))
        result = clean("".join(block))
        assert not {category(character) for character in set(result)} & HIDDEN
        expected = [f"<U+{ord(one):04X}>" if category(one) in HIDDEN else one for one in block]
        assert result == "".join(expected)


def test_every_code_point_comes_out_as_printable_ascii_when_the_encoding_is_ascii() -> None:
    for start in BLOCKS:
        result = clean("".join(map(chr, range(start, start + BLOCK))), "ascii")
        assert result.isascii()
        assert result.isprintable()


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_what_an_encoding_lacks_is_shown_by_its_number(encoding: str) -> None:
    for start in range(0, 0x20000, BLOCK):
        result = clean("".join(map(chr, range(start, start + BLOCK))), encoding)
        assert not {category(character) for character in set(result)} & HIDDEN
        assert result.encode(encoding).decode(encoding) == result


@pytest.mark.parametrize(
    ("text", "encoding", "expected"),
    [
        ("mara\x1b[31m", "utf-8", "mara<U+001B>[31m"),
        ("\u202eevil", "utf-8", "<U+202E>evil"),
        ("a\nb\tc\rd", "utf-8", "a<U+000A>b<U+0009>c<U+000D>d"),
        ("\x00\x7f\x9b", "utf-8", "<U+0000><U+007F><U+009B>"),
        ("\u2028\u2029", "utf-8", "<U+2028><U+2029>"),
        ("\ud800", "utf-8", "<U+D800>"),
        ("\U000e0041", "utf-8", "<U+E0041>"),
        ("\ue000", "utf-8", "<U+E000>"),
        ("é 日本", "utf-8", "é 日本"),
        ("é 日本", "latin-1", "é <U+65E5><U+672C>"),
        ("é 日本", "ascii", "<U+00E9> <U+65E5><U+672C>"),
        ("[bold]:smile:[/]", "utf-8", "[bold]:smile:[/]"),
    ],
)
def test_what_acts_is_shown_by_its_number(text: str, encoding: str, expected: str) -> None:
    assert clean(text, encoding) == expected


@given(texts, encodings)
def test_cleaning_a_clean_text_changes_nothing(text: str, encoding: str) -> None:
    once = clean(text, encoding)
    assert clean(once, encoding) == once
    assert clean(once) == once


@given(texts, texts, encodings)
def test_texts_are_cleaned_character_by_character(one: str, other: str, encoding: str) -> None:
    assert clean(one + other, encoding) == clean(one, encoding) + clean(other, encoding)
