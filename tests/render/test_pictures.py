"""Pictures hold no more than their figures, and a printer's figure is still the figure."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.money import Range
from diamondctl.render import pictures
from diamondctl.render.typeset import MINUS, pieces, plain, typeset
from tests.support import ROOT

CENTS = st.integers(0, 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
RANGES = st.tuples(CENTS, CENTS).map(lambda ends: Range(min(ends), max(ends)))


@st.composite
def ways(draw: st.DrawFn) -> list[pictures.Amount]:
    """What was there, what came or went, and what is left, in both stories."""
    value = draw(RANGES)
    lines = [pictures.Amount(value, True)]
    for _ in range(draw(st.integers(0, 4))):
        change = draw(RANGES)
        if draw(st.booleans()):
            change = Range(-min(change.high, value.low), -min(change.low, value.high))
        value = value + change
        lines.append(pictures.Amount(change, False))
    return [*lines, pictures.Amount(value, True)]


@given(ways())
def test_a_strip_stays_in_its_row_and_shows_both_ends(lines: list[pictures.Amount]) -> None:
    """Every box is inside; a total reaches from nothing to its ends; what is nothing is not drawn."""
    running = [lines[0].amount.high]
    for line in lines[1:-1]:
        running.append(running[-1] + line.amount.high)
    widest = max(running)
    for line, picture in zip(lines, pictures.ways(lines), strict=True):
        for box in picture.boxes:
            assert box.x >= 0
            assert box.width > 0
            assert box.x + box.width <= 100
            assert box.y + box.height <= picture.height
        ends = {box.tone: box.x + box.width for box in picture.boxes}
        if line.total and widest and line.amount.low == widest:
            assert ends["sure"] == 100
        if line.total and line.amount.low:
            assert ends.get("may", ends["sure"]) >= ends["sure"]
        if not line.amount.low and not line.amount.high:
            assert not picture.boxes


@given(st.lists(st.tuples(RANGES, st.booleans()), min_size=1, max_size=13))
def test_columns_are_as_high_as_their_amounts(rows: list[tuple[Range, bool]]) -> None:
    """The highest end fills the height, no column stands over another one, and the full part ends at the least."""
    items = [pictures.Column(f"m{at}", amount, (str(amount.high),)) for at, (amount, _) in enumerate(rows)]
    picture = pictures.columns(items, "told")
    boxes = [box for box in picture.boxes if box.tone != "ground"]
    assert all(box.x >= 0 and box.x + box.width <= 100 for box in picture.boxes)
    assert all(box.y >= 0 and box.y + box.height <= picture.height for box in picture.boxes)
    places = sorted({(box.x, box.x + box.width) for box in boxes})
    assert all(end <= start for (_, end), (start, _) in pairwise(places))
    if highest := max(amount.high for amount, _ in rows):
        ground = next(box.y for box in picture.boxes if box.tone == "ground")
        assert max(ground - box.y for box in boxes) == pictures.TALL
        for item, (amount, _) in zip(items, rows, strict=True):
            sure = [box.height for box in boxes if box.tone == "sure" and _of(box, item, items)]
            assert sum(sure) == int((amount.low * pictures.TALL / highest).to_integral_value())


def _of(box: pictures.Box, item: pictures.Column, items: list[pictures.Column]) -> bool:
    slot = Decimal(100) / len(items)
    return items.index(item) * slot <= box.x < (items.index(item) + 1) * slot


@given(st.from_regex(r"(about )?-?[0-9]{1,3}(,[0-9]{3})?\.[0-9]{2}( - -?[0-9]{1,3}\.[0-9]{2})?( USD)?", fullmatch=True))
def test_what_is_typeset_is_the_same_figure(text: str) -> None:
    """Nothing but signs and blanks changes, and no hyphen stands for a minus."""
    assert plain(typeset(text)) == text
    assert "-" not in typeset(text)
    assert typeset(text).count(MINUS) == text.replace(" - ", " ").count("-")


def test_what_is_no_figure_stays() -> None:
    """Dates, options and names."""
    for text in ("2026-10-31", "--penalty 0", "2026-10-03..2026-10-09", "d-1", "us-agency-payouts", "x - y"):
        assert typeset(text) == text


def test_amounts_stand_out_in_a_sentence() -> None:
    """Both ends with their currency are one piece."""
    found = pieces("October 2026: you earned about 36.37 to 127.61 USD.")
    assert [plain(piece.text) for piece in found if piece.amount] == ["about 36.37 to 127.61 USD"]
    assert plain("".join(piece.text for piece in found)) == "October 2026: you earned about 36.37 to 127.61 USD."


SHEET = (ROOT / "diamondctl/render/templates/sheet.css").read_text(encoding="utf-8")
SCHEMES = [dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block)) for block in re.findall(r":root \{(.*?)\}", SHEET, re.S)]


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """By WCAG 2, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", SCHEMES, ids=["light", "dark"])
def test_texts_can_be_read_and_tones_are_told_apart_without_colour(colours: dict[str, str]) -> None:
    """Texts on what they stand on: 4.5 at least. Tones that mean different things differ in lightness, not only in hue."""
    for text, ground in (("ink", "paper"), ("soft", "paper"), ("accent", "paper"), ("ink", "wash"), ("ink", "pale"),
                         ("ink", "gone-pale"), ("paper", "accent")):  # fmt: skip
        assert contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    assert contrast("#0e1118", colours["mid"]) >= 4.5
    for one, other in (("accent", "pale"), ("gone", "gone-pale"), ("accent", "mid"), ("mid", "pale")):
        assert contrast(colours[one], colours[other]) >= 1.5, (one, other)
    assert len(SCHEMES) == 2
    assert SCHEMES[0].keys() == SCHEMES[1].keys()
