"""The plain gift format: the same gifts from every spelling, every problem at its place, and no other exception ever."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from diamondctl.problems import CODES
from diamondctl.readers.gift_rows import Settings
from diamondctl.records import Gift
from tests.readers import plain
from tests.readers.plain import Csv, Json, Result, Row, read_bytes, write_csv, write_json
from tests.work import calls_of

several_rows = st.lists(plain.rows(), min_size=1, max_size=5)
encoders = st.sampled_from(sorted(plain.ENCODERS))


def gifts_of(rows: list[Row], lines: list[int]) -> list[Gift]:
    return [row.gift._replace(line=line) for row, line in zip(rows, lines, strict=True)]


# The same gifts from every spelling


@given(several_rows, plain.csv_forms, encoders)
def test_every_spelling_of_a_csv_file_gives_the_same_gifts(rows: list[Row], form: Csv, encoding: str) -> None:
    written = write_csv(rows, form)
    data = plain.ENCODERS[encoding](written.text)
    result = read_bytes(data)
    assert result.problems == []
    assert result.gifts == gifts_of(rows, written.lines)
    assert result.facts is not None
    assert (result.facts.kind, result.facts.rows) == ("gift CSV", len(rows))
    assert result.facts.sha256 == hashlib.sha256(data).hexdigest()


@given(several_rows, plain.json_forms, encoders)
def test_every_spelling_of_a_json_file_gives_the_same_gifts(rows: list[Row], form: Json, encoding: str) -> None:
    written = write_json(rows, form)
    data = plain.ENCODERS[encoding](written.text)
    result = read_bytes(data)
    assert result.problems == []
    assert result.gifts == gifts_of(rows, written.lines)
    assert result.facts is not None
    assert (result.facts.kind, result.facts.rows) == ("gift JSONL" if form.lines else "gift JSON", len(rows))
    assert result.facts.sha256 == hashlib.sha256(data).hexdigest()


@given(several_rows)
def test_csv_json_list_and_json_lines_hold_the_same_gifts(rows: list[Row]) -> None:
    texts = (write_csv(rows, Csv()), write_json(rows, Json()), write_json(rows, Json(lines=True)))
    found = [[gift._replace(line=0) for gift in read_bytes(written.text.encode()).gifts] for written in texts]
    assert found == [[row.gift for row in rows]] * 3


def test_a_file_without_line_end_at_its_end_loses_nothing() -> None:
    rows = b'timestamp,creator,gift,coins\n2026-10-01T20:15:00Z,mara,Rose,1\n2026-10-01T20:15:00Z,mara,"Ro\nse",2'
    assert [(gift.gift, gift.coins, gift.line) for gift in read_bytes(rows).gifts] == [("Rose", 1, 2), ("Ro\nse", 2, 3)]


# Problems, and where they stand


DAMAGE = {
    "timestamp": ("yesterday", "G011"),
    "coins": ("1e3", "G020"),
    "quantity": ("-1", "G020"),
    "gift": ("x" * 1_025, "G030"),
    "event_id": ("7.54E+18", "G032"),
    "region": ("USA", "G033"),
}
damages = st.sampled_from(sorted(DAMAGE))


def damaged(rows: list[Row], index: int, name: str) -> list[Row]:
    return [
        row._replace(cells={**row.cells, name: DAMAGE[name][0]}) if number == index else row for number, row in enumerate(rows)
    ]


@given(several_rows, st.integers(0, 4), damages, plain.csv_forms, encoders)
def test_a_damaged_cell_of_a_csv_file_is_named_by_line_and_column(
    rows: list[Row], index: int, name: str, form: Csv, encoding: str
) -> None:
    index %= len(rows)
    written = write_csv(damaged(rows, index, name), form)
    result = read_bytes(plain.ENCODERS[encoding](written.text))
    assert [(problem.code, problem.line, problem.column) for problem in result.problems] == [
        (DAMAGE[name][1], *written.places[index][name])
    ]
    lines = written.lines[:index] + written.lines[index + 1 :]
    assert result.gifts == gifts_of(rows[:index] + rows[index + 1 :], lines)


@given(several_rows, st.integers(0, 4), damages, plain.json_forms, encoders)
def test_a_damaged_value_of_a_json_file_is_named_by_line_and_column(
    rows: list[Row], index: int, name: str, form: Json, encoding: str
) -> None:
    index %= len(rows)
    written = write_json(damaged(rows, index, name), form)
    result = read_bytes(plain.ENCODERS[encoding](written.text))
    # In JSON -1 and 1e3 are numbers of another form, and a text is a text.
    assert [(problem.code, problem.line, problem.column) for problem in result.problems] == [
        (DAMAGE[name][1], *written.places[index][name])
    ]
    lines = written.lines[:index] + written.lines[index + 1 :]
    assert result.gifts == gifts_of(rows[:index] + rows[index + 1 :], lines)


@pytest.mark.parametrize("line_end", plain.LINE_ENDS, ids=repr)
def test_a_cell_after_quoted_line_ends_stands_on_its_own_line(line_end: str) -> None:
    text = line_end.join(
        (
            "timestamp,creator,gift,coins",
            '2026-10-01T20:15:00Z,"mara',
            'the ""first""',
            '",Rose,1',
            '2026-10-01T20:15:00Z,"mara',
            '",Rose,1x',
            '2026-10-01T20:15:00Z,mara,"Ro',
            "se",
        )
    )
    result = read_bytes(text.encode())
    assert [(problem.code, problem.line, problem.column) for problem in result.problems] == [
        ("G020", 6, 8),
        ("C001", 7, 27),
    ]
    assert [(gift.creator, gift.line) for gift in result.gifts] == [(f'mara{line_end}the "first"{line_end}', 2)]


@given(several_rows, st.floats(0, 1, exclude_max=True), st.sampled_from(plain.LINE_ENDS))
def test_a_byte_that_is_not_utf8_is_named_by_line_and_number(rows: list[Row], where: float, line_end: str) -> None:
    text = write_csv(rows, Csv(line_end=line_end)).text
    start = int(where * len(text))
    before = text[:start]
    data = before.encode() + b"\xff" + text[start:].encode()
    (problem,) = read_bytes(data).problems
    assert problem.code == "F005"
    assert problem.message == f"byte {len(before.encode()) + 1} is not UTF-8"
    # A line end cut in two by the byte ends its line at the CR.
    assert problem.line == plain.place(before)[0]


@pytest.mark.parametrize("order", ["little", "big"])
def test_half_a_character_deep_in_a_utf16_file_is_named_by_line(order: str) -> None:
    codec, mark = {"little": ("utf-16-le", b"\xff\xfe"), "big": ("utf-16-be", b"\xfe\xff")}[order]
    head = "timestamp,creator,gift,coins\n" + "2026-10-01T20:15:00Z,mara,Rose,1\n" * 9_998
    # A low surrogate without a high one.
    data = mark + head.encode(codec) + "\udc00".encode(codec, "surrogatepass") + "\n".encode(codec)
    (problem,) = read_bytes(data).problems
    assert (problem.code, problem.line) == ("F005", 10_000)


def test_a_line_end_that_two_blocks_share_is_one_line_end() -> None:
    # Files are read in blocks of some power of two: put a CR LF over the end of each of them once.
    head, row = b"timestamp,creator,gift,coins\r\n", b"2026-10-01T20:15:00Z,mara,Rose,1\r\n"
    for longer in range(len(row)):
        data = head + row.replace(b"Rose", b"Rose" + b"e" * longer) + row * 3_000 + b"\xff\r\n"
        (problem,) = read_bytes(data).problems
        assert (problem.code, problem.line) == ("F005", 3_003)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (b"2026-10-01T20:15:00Z,mara,Rose", ("C002", 2, 0)),
        (b"2026-10-01T20:15:00Z,mara,Rose,1,2", ("C002", 2, 0)),
        (b'2026-10-01T20:15:00Z,ma"ra,Rose,1', ("C003", 2, 24)),
        (b'2026-10-01T20:15:00Z,"ma"ra,Rose,1', ("C003", 2, 25)),
        (b'2026-10-01T20:15:00Z,"mara,Rose,1', ("C001", 2, 22)),
        (b"2026-10-01T20:15:00Z,mara,,1", ("G010", 2, 27)),
        (b"2026-10-01T20:15:00Z,ma\0ra,Rose,1", ("G031", 2, 22)),
        (b"2026-02-30T20:15:00Z,mara,Rose,1", ("G012", 2, 1)),
        (b"2026-10-01T20:15:00+14:01,mara,Rose,1", ("G013", 2, 1)),
        (b"2015-12-31T23:59:59Z,mara,Rose,1", ("G014", 2, 1)),
        (b"2026-10-01T20:15:00Z,mara,Rose,1000000000000000", ("G021", 2, 32)),
        (b"timestamp,creator,gift,coins", ("G004", 2, 0)),
    ],
)
def test_one_broken_row_is_one_problem_and_the_next_row_is_read(row: bytes, expected: tuple[str, int, int]) -> None:
    good = b"2026-10-01T20:15:00Z,mara,Rose,7"
    result = read_bytes(b"timestamp,creator,gift,coins\n" + row + b"\n" + good + b"\n")
    assert [(problem.code, problem.line, problem.column) for problem in result.problems] == [expected]
    # An unclosed quote swallows the rest; everything else costs its own row only.
    assert [gift.coins for gift in result.gifts] == ([] if expected[0] == "C001" else [7])


# Anything at all: problems, never another exception, and never more work than the size explains


def assert_only_problems(data: bytes, settings: Settings | None = None) -> None:
    results: list[Result] = []
    calls = calls_of(lambda: results.append(read_bytes(data, settings)))
    (result,) = results
    for problem in result.problems:
        assert problem.code in CODES
        assert problem.line >= 0
        assert problem.column >= 0
        assert str(problem)
        assert len(str(problem)) < 2_000, "a message shows the beginning of a long cell"
    assert calls < 40 * len(data) + 50_000, f"{calls:,} calls for {len(data):,} bytes"


HEADER = b"timestamp,creator,gift,coins,quantity,event_id\n"
MARKS = (b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
STARTS = (b"", HEADER, HEADER.replace(b",", b"\t"), b"[", b'[{"', b'{"', b"[{}", b"\n\n", b" ")


@given(st.sampled_from(MARKS), st.sampled_from(STARTS), st.binary(max_size=300))
def test_random_bytes_make_only_problems(mark: bytes, start: bytes, data: bytes) -> None:
    assert_only_problems(mark + start + data)


alphabet = st.text('\n\r\t ",;|{}[]:0123456789.eE+-TZ:abcdefinrstu\\/\0\ufeffé\u2028', max_size=200)


@given(st.sampled_from(sorted(plain.ENCODERS)), st.sampled_from(STARTS), alphabet)
def test_random_text_makes_only_problems(encoding: str, start: bytes, text: str) -> None:
    assert_only_problems(plain.ENCODERS[encoding](start.decode() + text))


TOKENS = (
    b'"',
    b'""',
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b",",
    b"|",
    b"[",
    b"]",
    b"{",
    b"}",
    b":",
    b"\\",
    b"\\ud800",
    b"NaN",
    b"-Infinity",
    b"1e999",
    b"-0",
    b"null",
    b"true",
    b"timestamp",
    b"9" * 40,
    b"0" * 5_000,
    b"2026-02-30T25:61:61+99:99",
    b"9999-12-31T23:59:59-14:00",
    b"0001-01-01T00:00:00+14:00",
    b'{"timestamp":',
)
edits = st.lists(
    st.tuples(st.sampled_from(("insert", "replace", "delete", "repeat")), st.floats(0, 1), st.sampled_from(TOKENS)),
    min_size=1,
    max_size=4,
)


def edited(data: bytes, changes: list[tuple[str, float, bytes]]) -> bytes:
    for kind, where, token in changes:
        at = int(where * len(data))
        if kind == "insert":
            data = data[:at] + token + data[at:]
        elif kind == "replace":
            data = data[:at] + token + data[at + len(token) :]
        elif kind == "delete":
            data = data[:at] + data[at + len(token) :]
        else:
            data = data[:at] + data[at : at + 40] + data[at:]
    return data


timezones = st.sampled_from(("", "America/New_York", "Asia/Tokyo"))


@given(several_rows, plain.csv_forms | plain.json_forms, encoders, edits, timezones)
def test_mutations_of_valid_files_make_only_problems(
    rows: list[Row], form: Csv | Json, encoding: str, changes: list[tuple[str, float, bytes]], timezone: str
) -> None:
    written = write_csv(rows, form) if isinstance(form, Csv) else write_json(rows, form)
    data = plain.ENCODERS[encoding](written.text)
    assert_only_problems(edited(data, changes), Settings(input_timezone=timezone))


@given(st.text("0123456789-+:TZ. UC", max_size=40), timezones)
@example("0001-01-01T00:00:00", "Asia/Tokyo")
@example("9999-12-31T23:59:59", "America/New_York")
@example("2026-11-01T01:30:00", "America/New_York")
@example("2026-03-08T02:30:00", "America/New_York")
def test_random_timestamps_make_only_problems(cell: str, timezone: str) -> None:
    assert_only_problems(HEADER + f"{cell},mara,Rose,1,,\n".encode(), Settings(input_timezone=timezone))


ROW = b"2026-10-01T20:15:00Z,mara,Rose,1,,\n"
OBJECT = b'{"timestamp":"2026-10-01T20:15:00Z","creator":"mara","gift":"Rose","coins":1}'
HOSTILE = {
    "coins of 5,000 zeros": HEADER + b"2026-10-01T20:15:00Z,mara,Rose," + b"0" * 5_000 + b",,\n",
    "coins of 100,000 nines": HEADER + b"2026-10-01T20:15:00Z,mara,Rose," + b"9" * 100_000 + b",,\n",
    "a quote that is never closed": HEADER + b'"' + ROW * 20_000,
    "a quote that is never closed, over short lines": HEADER + b'"' + b"\n" * 60_000,
    "a quote that is never closed, over doubled quotes": HEADER + b'"' + b'""\n' * 4_000,
    "many quotes that are never closed": HEADER + b'"a\n' * 20_000,
    "many delimiters": HEADER + b"," * 500_000 + b"\n",
    "one long line": HEADER + b"x" * 1_000_000,
    "blank lines": HEADER + b"\n" * 300_000,
    "a header of 20,000 columns": b",".join(b"c%d" % number for number in range(20_000)) + b"\n" + ROW,
    "a header of one long name": b"timestamp,creator,gift,coins," + b"x" * 200_000 + b"\n" + ROW,
    "a bad row 10,000 times": HEADER + b"x,x,x,x,x,x\n" * 10_000,
    "an empty JSON list": b"[]",
    "a JSON list of 8,000 gifts": b"[" + b",\n".join([OBJECT] * 8_000) + b"]",
    "a JSON list of 8,000 bad gifts": b"[" + b",\n".join([OBJECT.replace(b":1}", b":-1}")] * 8_000) + b"]",
    "JSON nested 100,000 deep": b"[" * 100_000,
    "JSON nested 100,000 deep in a value": b"[" + OBJECT[:-1] + b',"note":' + b"[" * 100_000 + b"]" * 100_000 + b"}]",
    "JSON Lines nested 100,000 deep": b'{"a":' * 100_000,
    "a JSON number of 100,000 digits": OBJECT.replace(b":1}", b":" + b"9" * 100_000 + b"}"),
    "a JSON object of 10,000 keys": b"{" + b",".join(b'"k%d":1' % number for number in range(10_000)) + b"}",
    "a JSON string that is never closed": b'[{"timestamp":"' + b"x" * 1_000_000,
    "JSON Lines of nothing": b"{}\n" * 5_000,
    "half a million spaces before a JSON list": b" " * 500_000 + b"[" + OBJECT + b"]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_make_only_problems_and_work_in_proportion_to_their_size(name: str) -> None:
    assert_only_problems(HOSTILE[name])


def test_four_times_the_gifts_take_about_four_times_the_work() -> None:
    def work(data: bytes) -> int:
        return calls_of(lambda: read_bytes(data))

    def csv(count: int) -> bytes:
        return HEADER + ROW * count

    def json_list(count: int) -> bytes:
        return b"[" + b",\n".join([OBJECT] * count) + b"]"

    for make in (csv, json_list):
        assert not read_bytes(make(1_500)).problems
        few, many = (work(make(count)) for count in (1_500, 6_000))
        assert many < 5 * few
