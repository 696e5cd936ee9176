"""ZIP archives: members as documents, nothing extracted, everything doubtful refused before it is unpacked."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diamondctl.problems import Refusal
from diamondctl.readers import archives
from diamondctl.readers.sources import Source
from tests.support import run
from tests.workbooks import archive

GIFTS = "timestamp,creator,gift,coins,event_id\n2026-10-03T10:00:00Z,mara,Rose,1,e{0}\n"


def names(data: bytes) -> list[str]:
    """Documents of an archive."""
    return [part.name for part in archives.documents(Source("x.zip", io.BytesIO(data), "utf-8", len(data)))]


def code(data: bytes) -> str:
    """The code with which an archive is refused."""
    with pytest.raises(Refusal) as refused:
        names(data)
    return refused.value.problems[0].code


def test_members_that_could_hold_gifts_are_documents_by_name() -> None:
    data = archive(
        {"b/two.csv": "x", "one.JSON": "x", "read.me": "x", "__MACOSX/b/._two.csv": "x", ".hidden.csv": "x", "b/": ""}
    )
    source = Source("x.zip", io.BytesIO(data), "utf-8", len(data))
    assert [part.name for part in archives.documents(source)] == ["x.zip/b/two.csv", "x.zip/one.JSON"]
    assert source.left == ("read.me",)


def test_what_is_no_archive_is_itself() -> None:
    assert names(b"a,b\n") == ["x.zip"]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (archive({"../a.csv": "x"}), "Z002"),
        (archive({"/a.csv": "x"}), "Z002"),
        (archive({"C:/a.csv": "x"}), "Z002"),
        (archive({"a\\b.csv": "x"}), "Z002"),
        (archive({"a.csv": "x", "b.zip": "x"}), "Z002"),
        (archive({"a.csv": "0" * 3_000_000}), "Z003"),
        (archive({"a.txt": "x"}), "F006"),
        (archive({"a.csv": "x"})[:-10], "Z001"),
        (archive({f"{number}.csv": "" for number in range(archives.MAX_MEMBERS + 1)}), "Z003"),
    ],
)
def test_an_unsafe_archive_is_refused(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_the_same_name_twice_and_encryption_are_refused() -> None:
    twice = archive({"a.csv": "x", "b.csv": "y"}).replace(b"b.csv", b"a.csv")
    assert code(twice) == "Z002"
    data = bytearray(archive({"a.csv": "x"}))
    at = data.index(b"PK\x01\x02") + 8
    data[at : at + 2] = struct.pack("<H", 1)
    assert code(bytes(data)) == "Z002"


def test_a_member_that_is_larger_than_it_says_is_refused() -> None:
    data = bytearray(archive({"a.csv": "x" * 1_000}))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 10)
    assert code(bytes(data)) in ("Z001", "Z003")


@given(st.binary(max_size=40), st.integers(0, 400), st.integers(0, 40))
def test_any_bytes_in_an_archive_give_documents_or_a_refusal(noise: bytes, at: int, drop: int) -> None:
    data = archive({"a.csv": GIFTS, "b.json": "[]"})
    try:
        names(data[:at] + noise + data[at + drop :])
    except Refusal as refusal:
        assert refusal.problems


def test_a_report_counts_the_members_of_an_archive_as_documents(tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(
        archive({"one.csv": GIFTS.format(1), "two.csv": GIFTS.format(1) + "2026-10-03T10:00:00Z,mara,Rose,1,e2\n"})
    )
    (tmp_path / "more.csv").write_text(GIFTS.format(3))
    result = run("summary", str(tmp_path), "--region", "US", "--csv", "--columns", "gifts,coins")
    assert result.out == "gifts,coins\n3,3\n"
    assert "- 1 row repeats a gift that another row holds; it counts once (1 coin).\n" in result.err
    piped = run("summary", "-", "--region", "US", "--csv", "--columns", "gifts", stdin=(tmp_path / "all.zip").read_bytes())
    assert piped.out == "gifts\n2\n"


def test_rows_without_ids_that_two_members_hold_count_once(tmp_path: Path) -> None:
    text = "timestamp,creator,gift,coins\n2026-10-03T10:00:00Z,mara,Rose,1\n"
    (tmp_path / "all.zip").write_bytes(archive({"one.csv": text, "two.csv": text}))
    assert run("summary", str(tmp_path / "all.zip"), "--region", "US", "--csv", "--columns", "gifts").out == "gifts\n1\n"
