"""The fast path finds what the strict reader finds, or leaves the file to it: in rows, in money, in notices, in refusals."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.combos import no_price
from diamondctl.ledger.gather import Gathering
from diamondctl.problems import ProblemLog, Refusal
from diamondctl.readers import clean_bytes, fast_csv, recognise
from diamondctl.readers.csv_rows import QuoteError, split_fields
from diamondctl.readers.gift_csv import Header
from diamondctl.readers.gift_rows import COLUMNS, Settings
from diamondctl.readers.sources import open_source
from diamondctl.records import Document, Usage
from tests.support import EXAMPLES, run

HEADER = ("timestamp", "creator", "gift", "coins", "quantity", "event_id", "gifter", "gift_id", "stream", "receiver", "region")
GOOD: dict[str, tuple[str, ...]] = {
    "timestamp": (
        "2026-10-31T20:15:00Z",
        "2026-10-31 20:15",
        "2026-10-31T20:14:59.999999999Z",
        "2026-10-31T23:59:59+14:00",
        "2026-10-31T00:00:00-03:30",
        "2026-10-31 20:15:00 UTC",
        "2016-01-01T00:00:00Z",
        "2099-12-31T23:59:59Z",
        "2028-02-29T12:00:00Z",
    ),
    "creator": ("mara", "Mära", "ма ра", "a, b", 'says "hi"', "👩", "  mara "),
    "gift": ("Rose", "Perfume", "=1+1", "名前", ","),
    "coins": ("1", "0", "007", "999999999999999", "29999"),
    "quantity": ("", "1", "25", "0001"),
    "event_id": ("", "a1", "7400000000000001234", "7400000000000001235", "e-9", "b2", "1", "2", "3"),
    "gifter": ("", "fan", "'; DROP", "é", "e\u0301", "x" * 400),
    "gift_id": ("", "5655", "g-1"),
    "stream": ("", "s1", "s2", "7400000000000000099"),
    "receiver": ("", "", "mara", "guest"),
    "region": ("", "US", "us", "DE"),
}
BAD: dict[str, tuple[str, ...]] = {
    "timestamp": (
        "",
        "2026-02-30T20:15:00Z",
        "2026-10-31T24:00:00Z",
        "2026-10-31T20:15:60Z",
        "2026-10-31T20:15:00+14:01",
        "2026-10-31T20:15:00+05:60",
        "31.10.2026",
        "2015-12-31T23:59:59Z",
        "2099-12-31T23:59:59-01:00",
        "2016-01-01T00:30:00+01:00",
        "٢٠٢٦-10-31T20:15:00Z",
        " 2026-10-31T20:15:00Z",
        "timestamp",
        "2026-10-31T20:15:00+00",
        "2026-10-31T20:15:00+0930",
        "2026-10-31\u202f20:15:00Z",
        "Total",
    ),
    "creator": ("", "6800000000000000001 ", "👩‍👩‍👧", "ma\u202era", "ma\x07ra", "x" * 1025, "ma\u0378ra"),
    "gift": ("", "Ro\x00se", "two\nlines", "e\u0301" * 600),
    "coins": ("", "-1", "1.0", "1e3", "1_000", " 1", "１", "1000000000000000", "NaN", "+5", "0x10"),
    "quantity": ("0", "1000000000", "-1", " ", "2.0"),
    "event_id": (
        "7.54E+18",
        "7400000000000000000",
        "740000000000000000",
        "x" * 129,
        "7400000000000000000.0",
        "ä",
        "1e5",
        "01",
        '="7400000000000001234"',
        "'e-9",
    ),
    "gifter": (
        "\u200b",
        "\u2028",
        "a\tb",
        "\x7f",
        '="6800000000000000001"',
        "'6800000000000000001",
        "\u00a06800000000000000001",
    ),
    "gift_id": ("7.54e+18", "5655.5"),
    "stream": ("7,54E+18", "s\u00a0", "7400000000000000000"),
    "receiver": ("gu\u0065\u0301st",),
    "region": ("USA", "U", "ÜS", "U1"),
}
LINES = ("\n", "\n", "\n", "\n", "\n", "\r\n", "\r\n", "\r")


class Outcome(NamedTuple):
    """What came of a file."""

    refused: tuple[str, ...]
    document: Document | None
    usage: tuple[Usage, ...]
    elsewhere_coins: int


def strict(path: Path, settings: Settings) -> Outcome:
    """What the strict reader finds."""
    log = ProblemLog()
    gathering = Gathering(region_of=lambda *_: "US", log=log, one_document=True)
    try:
        with open_source(str(path), encoding="utf-8", stdin=None) as source:
            gathering.begin(source.name)
            facts = recognise.read(source, settings, log, gathering.take)
        log.refuse_if_any()
    except Refusal as refusal:
        return Outcome(tuple(map(str, refusal.problems)), None, (), 0)
    gathering.end(facts.kind, facts.sha256, facts.notices)
    usage = tuple(gathering.usage())
    return Outcome((), gathering.documents[0], usage, gathering.elsewhere_coins)


def fast(path: Path, settings: Settings) -> Outcome | None:
    """What the fast path finds, or None when it leaves the file to the strict reader."""
    gathering = Gathering(region_of=lambda *_: "US", log=ProblemLog(), one_document=True)
    with open_source(str(path), encoding="utf-8", stdin=None) as source:
        found = recognise.read_fast(source, settings, lambda: no_price)
        if found is None:
            return None
        gathering.begin(source.name)
        facts, sums = found
        gathering.take_usage(sums.usage, sums.rows, sums.elsewhere, sums.elsewhere_coins)
    gathering.end(facts.kind, facts.sha256, facts.notices)
    usage = tuple(gathering.usage())
    return Outcome((), gathering.documents[0], usage, gathering.elsewhere_coins)


def quoted(cell: str, delimiter: str, style: int) -> str:
    """A cell as one writer or another puts it down; style 3 is a careless one."""
    if style == 3:
        return cell
    if style == 2 or any(mark in cell for mark in ('"', delimiter, "\n", "\r")):
        return '"' + cell.replace('"', '""') + '"'
    return cell


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """CSV files: mostly clean, some nearly, some hostile."""
    names = [name for name in HEADER if name in HEADER[:4] or draw(st.booleans())]
    names = draw(st.permutations(names))
    if draw(st.integers(0, 9)) == 0:
        names.append(draw(st.sampled_from(["note", "", "region2", "coins"])))
    delimiter = draw(st.sampled_from([",", ",", ",", ";", "\t", "|"]))
    rate = draw(st.sampled_from([0, 0, 0, 1, 3]))
    careless = draw(st.integers(0, 19)) == 0
    end = draw(st.sampled_from(LINES))
    lines = [delimiter.join(names)]
    for number in range(draw(st.integers(0, 8))):
        cells = []
        for name in names:
            bad = rate and draw(st.integers(0, 29)) < rate
            pool = (BAD if bad else GOOD).get(name, ("x", "", "ñ"))
            cell = draw(st.sampled_from(pool))
            if name == "event_id" and not bad and cell and draw(st.integers(0, 15)):
                cell = f"{cell}{number}"
            cells.append(quoted(cell, delimiter, 3 if careless else draw(st.sampled_from([0, 0, 1, 2]))))
        lines.append(delimiter.join(cells))
    if rate and draw(st.booleans()):
        spoil = draw(st.sampled_from(["", "   ", lines[0], '"', delimiter * 3, 'a"b' + delimiter, "\ufeff"]))
        lines.insert(draw(st.integers(0, len(lines))), spoil)
    data = (end.join(lines) + draw(st.sampled_from([end, end, ""]))).encode("utf-8", "surrogatepass")
    if rate and draw(st.integers(0, 9)) == 0:
        at = draw(st.integers(0, len(data)))
        data = data[:at] + draw(st.sampled_from([b"\xff", b"\xc3", b"\x00", b"\x1a", b"\r", b"\n", b'"'])) + data[at:]
    return data


@given(data=files(), creator=st.sampled_from(["", "mara"]))
def test_the_fast_path_agrees_with_the_strict_reader(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, creator: str
) -> None:
    """Every file that the fast path takes gives the same document, usage and notices; every other is left alone."""
    path = tmp_path_factory.mktemp("fast") / "gifts.csv"
    path.write_bytes(data)
    settings = Settings(creator=creator)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fast_csv, "WORTH_IT", 0)
        try:
            found = fast(path, settings)
        except Refusal:
            found = None  # not even text: both open it the same way
    if found is not None:
        assert found == strict(path, settings)


CLEAN = ("2026-10-31T20:15:00Z", "mara", "Rose", "1", "2", "", "fan", "5655", "s1", "", "")


def rows(count: int, **changed: str) -> str:
    """A clean file of `count` rows; the last has other cells."""
    lines = [",".join(HEADER)]
    for number in range(count):
        cells = dict(
            zip(HEADER, ("2026-10-31T20:15:00Z", "mara", "Rose", "1", "2", "", "fan", "5655", "s1", "", ""), strict=True)
        )
        cells["event_id"] = str(7_400_000_000_000_000_001 + number * 7)
        if number == count - 1:
            cells |= changed
        lines.append(",".join(cells.values()))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("creator", ["mara", "Mära", "名前"])
def test_a_clean_file_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, creator: str) -> None:
    """Or the agreement would be an empty promise."""
    monkeypatch.setattr(fast_csv, "WORTH_IT", 0)
    path = tmp_path / "gifts.csv"
    path.write_text(rows(50, creator=creator, gifter='"a, ""b"""'), encoding="utf-8")
    found = fast(path, Settings())
    assert found is not None
    assert found == strict(path, Settings())
    assert found.document is not None
    assert found.document.rows == 50


BREAKS = [(name, cell) for name, cells in BAD.items() for cell in cells]


@pytest.mark.parametrize(("name", "cell"), BREAKS, ids=lambda value: ascii(value)[:24])
def test_one_bad_cell_in_a_clean_file_is_never_taken_for_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, cell: str
) -> None:
    """The fast path leaves the file alone, or finds exactly what the strict reader finds."""
    monkeypatch.setattr(fast_csv, "WORTH_IT", 0)
    path = tmp_path / "gifts.csv"
    path.write_bytes(rows(20, **{name: quoted(cell, ",", 1)}).encode("utf-8", "surrogatepass"))
    found = fast(path, Settings())
    assert found is None or found == strict(path, Settings())


@pytest.fixture(autouse=True)
def _in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """As large files are looked at."""
    monkeypatch.setattr(clean_bytes, "_CHUNK", 64)


@given(st.lists(st.text('aé", ', max_size=12), min_size=1, max_size=12), st.booleans(), st.sampled_from(",;|\t"))
def test_quotes_are_clean_where_the_strict_reader_can_split_every_line(lines: list[str], ended: bool, delimiter: str) -> None:
    """A field is quoted whole or not at all, within its line."""
    lines = [line.replace(",", delimiter) for line in lines]
    header = Header(("creator",), ("creator",), delimiter, 1, (None,) * len(COLUMNS), ())
    look = clean_bytes.look_at_bytes(BytesIO(("\n".join(lines) + "\n" * ended).encode()), header)
    try:
        for line in lines:
            split_fields(line, delimiter)
    except QuoteError:
        assert look is None
    else:
        assert look is not None
        assert look.lines == len(lines) - (not ended and not lines[-1])


def test_the_same_id_twice_is_left_to_the_strict_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only it can say whether it is the same gift."""
    monkeypatch.setattr(fast_csv, "WORTH_IT", 0)
    path = tmp_path / "gifts.csv"
    path.write_text(rows(20, event_id="7400000000000000001"))
    assert fast(path, Settings()) is None


def test_the_command_says_the_same_either_way(tmp_path: Path) -> None:
    """A file large enough for the fast path, through the real entry point."""
    lines = (EXAMPLES / "2026-10.csv").read_text().splitlines()
    body = [line.replace(",74", f",{number}74", 1) for number in range(10, 60) for line in lines[1:]]
    path = tmp_path / "large.csv"
    path.write_text("\n".join([lines[0], *body]) + "\n")
    assert path.stat().st_size > fast_csv.WORTH_IT
    command = ("summary", str(path), "--region", "US", "--share", "48", "--json")
    quick = run(*command)
    assert quick.code == 0, quick.err
    assert quick == run(*command, DIAMONDCTL_NO_FAST_PATH="1")


def test_columns_are_those_of_the_strict_reader() -> None:
    """This file tries every column there is."""
    assert set(HEADER) == set(COLUMNS)


def test_a_file_with_an_end_flag_is_left_to_the_strict_reader(tmp_path: Path) -> None:
    """Whatever is in it: only the rows tell whether they are events."""
    row = "2026-10-31T20:15:00Z,mara,Rose,1,true\n"
    path = tmp_path / "x.csv"
    path.write_text("timestamp,creator,gift,coins,repeatEnd\n" + row * (fast_csv.WORTH_IT // len(row) + 1), "utf-8")
    assert fast(path, Settings()) is None
    path.write_text(path.read_text("utf-8").replace("repeatEnd", "note", 1), "utf-8")
    assert fast(path, Settings()) is not None
