"""The pass over all bytes of a large CSV: hash, line ends, UTF-8, quotes, odd characters. It proves that a file is plainly
clean, so that `fast_csv` may count on what DuckDB reads from it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from typing import BinaryIO, Final, NamedTuple

from diamondctl.readers import cells
from diamondctl.readers.csv_rows import split_fields
from diamondctl.readers.gift_csv import Header
from diamondctl.readers.gift_rows import COLUMNS

_LONGEST_LINE: Final = 1 << 20
_EXPECTED_BYTES: Final = bytes(range(0x20, 0x7F)) + b"\n"
_HIGH_BYTES: Final = bytes(range(0x80, 0x100))
TEXTS: Final = ("creator", "gift", "gifter", "gift_id", "stream", "receiver")


class Bytes(NamedTuple):
    """What the pass over all bytes found."""

    sha256: str
    lines: int  # line feeds, and one more for a last line without
    odd_texts: int  # as `GiftRows` counts them
    characters: frozenset[str]  # beyond ASCII


def look_at_bytes(stream: BinaryIO, header: Header) -> Bytes | None:
    """One pass: hash, line ends, control characters, UTF-8, quotes. None when the file is not plainly clean."""
    hash_ = hashlib.sha256()
    expected = _EXPECTED_BYTES + (b"\t" if header.delimiter == "\t" else b"")
    strict = _strict_line(header.delimiter)
    lines, odd_texts, rest_of_line, last = 0, 0, b"", b"\n"
    characters: set[str] = set()
    stream.seek(0)
    while chunk := stream.read(1 << 20):
        hash_.update(chunk)
        lines += chunk.count(b"\n")
        last = chunk[-1:]
        text = rest_of_line + chunk
        end = text.rfind(b"\n") + 1
        rest_of_line = text[end:]
        look = _look_at_lines(text[:end], expected, header, strict)
        if look is None or len(rest_of_line) > _LONGEST_LINE:
            return None
        characters |= look[0]
        odd_texts += look[1]
    if rest_of_line:
        look = _look_at_lines(rest_of_line + b"\n", expected, header, strict)
        if look is None:
            return None
        characters |= look[0]
        odd_texts += look[1]
    return Bytes(hash_.hexdigest(), lines + (last != b"\n"), odd_texts, frozenset(characters))


def _look_at_lines(
    text: bytes, expected: bytes, header: Header, strict: Callable[[bytes], object]
) -> tuple[set[str], int] | None:
    """Characters beyond ASCII in whole lines, and how many texts hold odd ones; None for anything that is not clean."""
    rest = text.translate(None, expected)
    if rest.translate(None, _HIGH_BYTES):
        return None  # a control character, a carriage return included
    if b'"' in text and not all(map(strict, _lines_with(b'"', text).values())):
        return None
    if not rest:
        return set(), 0
    try:
        text.decode()  # alone, `rest` could join the halves of two broken characters
        characters = set(rest.decode())
    except UnicodeDecodeError:
        return None
    odd: dict[int, bytes] = {}
    for character in characters:
        if cells.is_odd(character):
            odd |= _lines_with(character.encode(), text)
    columns = [column for name in TEXTS if (column := header.columns[COLUMNS.index(name)]) is not None]
    count = 0
    for line in odd.values():
        fields = split_fields(line.decode(), header.delimiter)
        count += sum(1 for column in columns if column < len(fields) and cells.is_odd(fields[column]))
    return characters, count


def _lines_with(mark: bytes, text: bytes) -> dict[int, bytes]:
    """Lines that hold a mark, by where they begin; the others are never looked at. `text` ends in a line end."""
    lines: dict[int, bytes] = {}
    at = text.find(mark)
    while at >= 0:
        begin, after = text.rfind(b"\n", 0, at) + 1, text.index(b"\n", at)
        lines[begin] = text[begin:after]
        at = text.find(mark, after)
    return lines


def _strict_line(delimiter: str) -> Callable[[bytes], object]:
    """Whether a line is made of fields that are quoted whole or not at all: DuckDB would accept more."""
    mark = re.escape(delimiter)
    field = f'(?:"(?:[^"]|"")*+"|[^"{mark}]*+)'
    whole = re.compile(f"{field}(?:{mark}{field})*+".encode()).fullmatch
    edge = delimiter.encode()

    def strict(line: bytes) -> object:
        if b'""' in line:
            return whole(line)
        # Cut at its quotes, every second piece lies outside of them and must begin and end with a delimiter.
        first, *pieces = line.split(b'"')
        if len(pieces) % 2 or (first and not first.endswith(edge)):
            return False
        last = pieces.pop()
        if last and not last.startswith(edge):
            return False
        return all(piece.startswith(edge) and piece.endswith(edge) for piece in pieces[1::2])

    return strict


def may_change_when_normalised(characters: frozenset[str]) -> bool:
    """Whether a text of such characters may not be NFC, so that normalising it could change it."""
    return any(
        unicodedata.category(character).startswith("M")
        or not unicodedata.is_normalized("NFC", character)
        or "\u1100" <= character <= "\u11ff"
        for character in characters
    )
