"""Laws of tables: figures are whole or the table takes another form; nothing is cut; colour changes nothing."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from diamondctl.render.screen import rich_text
from diamondctl.render.tables import Column, Grid, Laid, Table, join, lay_out, notes, wrap
from diamondctl.render.text import clean

widths = st.none() | st.integers(20, 160)
limited = st.integers(20, 160)
FIGURES = ("", "0", "1,008.80", "-20.1%", "999,999,999,999,999", "0.00 - 1,099.21", "1,000,000.00 - 1,234,567.89")
WORDS = ("a", "of", "mara", "reported", "official,", "2026-11-22", "us.yaml:14", "日本語", "[bold]", ":smile:", "👍")
HEADERS = ("Gifts", "Your reward", "Earned to 2026-10-31", "Value (lowest known)", "Where", "Seen to hold", "日付")
figures = st.sampled_from(FIGURES)
any_words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).map(clean)
sentences = st.lists(st.sampled_from(WORDS) | any_words, max_size=8).map(" ".join)
headers = st.sampled_from(HEADERS)


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Tables as the reports make them: the first column names the row, others are figures or texts."""
    columns = [Column(draw(headers), figure=False)]
    for number in range(draw(st.integers(0, 5))):
        name = f"{draw(headers)} {number}"
        if draw(st.booleans()):
            columns.append(Column(name, right=draw(st.booleans())))
        else:
            columns.append(Column(name, figure=False, drop=draw(st.integers(0, 3))))
    row = st.tuples(*(figures if column.figure else sentences for column in columns))
    return Table(tuple(columns), tuple(draw(st.lists(row, max_size=4))), draw(st.just("") | sentences))


def plain(coloured: str) -> str:
    """Without ANSI codes, and without the spaces that fill a line up."""
    return "\n".join(line.rstrip() for line in re.sub(r"\x1b\[[0-9;]*m", "", coloured).split("\n"))


def grid_of(laid: Laid) -> Grid | None:
    return next((part for part in laid.parts if isinstance(part, Grid)), None)


def without_spaces(text: str) -> str:
    return re.sub(" ", "", text)


NARROW = Table(
    (Column("Creator", figure=False), Column("Earned to 2026-10-31", right=True), Column("Minimum", figure=False, drop=1)),
    (("mara", "1,000,000.00 - 1,234,567.89", "above"),),
)


@given(tables(), widths)
@example(NARROW, 20)
def test_every_figure_appears_whole(table: Table, width: int | None) -> None:
    lines = lay_out(table, width).text().split("\n")
    for row in table.rows:
        for column, cell in zip(table.columns, row, strict=True):
            if column.figure and cell:
                assert any(cell in line for line in lines), (cell, lines)


@given(tables(), limited)
@example(NARROW, 20)
def test_no_line_is_wider_than_the_width_unless_it_holds_one_word_or_one_figure(table: Table, width: int) -> None:
    unbroken = {cell for row in table.rows for column, cell in zip(table.columns, row, strict=True) if column.figure}
    for line in lay_out(table, width).text().split("\n"):
        if cell_len(line) > width:
            assert " " not in line.strip() or line.strip() in unbroken, line


@given(tables(), widths)
def test_no_ellipsis_is_ever_added(table: Table, width: int | None) -> None:
    given_text = "".join(cell for row in table.rows for cell in row) + table.title
    text = lay_out(table, width).text()
    if "…" not in given_text:
        assert "…" not in text
    if "..." not in given_text:
        assert "..." not in text


@given(tables(), widths)
def test_every_word_of_every_column_that_is_shown_appears_and_a_dropped_column_is_named_in_a_note(
    table: Table, width: int | None
) -> None:
    laid = lay_out(table, width)
    grid = grid_of(laid)
    shown = list(table.columns) if grid is None else list(grid.columns)
    note = " ".join(part.text for part in laid.parts if not isinstance(part, Grid) and part.kind == "note")
    for column in table.columns:
        if column not in shown:
            assert not column.figure
            assert column.drop
            assert column.header in note
    text = laid.text()
    for row in table.rows:
        for column, cell in zip(table.columns, row, strict=True):
            if column in shown:
                assert all(word.strip() in text for word in cell.split(" "))


@given(tables())
def test_without_a_width_nothing_is_wrapped_or_dropped(table: Table) -> None:
    laid = lay_out(table, None)
    grid = grid_of(laid)
    assert grid is not None
    assert grid.columns == table.columns
    assert [cell for row in grid.rows for cell in row] == [[cell] for row in table.rows for cell in row]
    assert len(laid.text().split("\n")) == len(table.rows) + 3 + bool(table.title)


@given(tables(), widths)
def test_a_wider_screen_never_drops_more_columns(table: Table, width: int | None) -> None:
    narrow = grid_of(lay_out(table, width))
    wide = grid_of(lay_out(table, None if width is None else width + 10))
    if narrow is not None:
        assert wide is not None
        assert set(narrow.columns) <= set(wide.columns)


@given(tables(), widths, st.lists(sentences, max_size=3), st.sampled_from("─-"))
def test_colour_changes_nothing_but_colour(table: Table, width: int | None, sentences: list[str], rule: str) -> None:
    laid = join([lay_out(table, width, rule), notes(sentences, width, kind="warning", mark="! "), Laid(())])
    assert plain(rich_text(laid)) == plain(laid.text())


@given(sentences | st.text("ab 日", max_size=60), limited, st.sampled_from(("", "  ")))
def test_wrapping_moves_only_spaces_and_breaks_no_word(text: str, width: int, indent: str) -> None:
    lines = wrap(text, width, indent)
    assert without_spaces("".join(lines)) == without_spaces(text)
    assert [word for line in lines for word in line.split(" ") if word] == [word for word in text.split(" ") if word]
    for line in lines:
        assert cell_len(line) <= width or " " not in line.strip(), line


@given(st.lists(sentences, max_size=4), widths)
def test_notes_begin_with_their_mark_and_go_on_below_it(texts: list[str], width: int | None) -> None:
    lines = notes(texts, width, mark="- ").text().splitlines()
    assert sum(line.startswith("- ") or line == "-" for line in lines) >= len(texts)
    assert all(line.startswith(("- ", "  ")) or line in ("-", "") for line in lines)
