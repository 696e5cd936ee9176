"""The pass over all bytes of a large CSV: hash, line ends, UTF-8, quotes, odd characters. It proves that a file is plainly
clean, so that `fast_csv` may count on what DuckDB reads from it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import BinaryIO, Final, NamedTuple

from diamondctl.readers import cells
from diamondctl.readers.csv_rows import split_fields
from diamondctl.readers.gift_csv import Header
from diamondctl.readers.gift_rows import COLUMNS

LONGEST_LINE: Final = 1 << 20
_CHUNK: Final = 1 << 15  # what is made of more would be given fresh memory each time, which takes as long again
_COUNTED: Final = b'\n"'
_EXPECTED_BYTES: Final = bytes(range(0x20, 0x7F)).replace(b'"', b"")
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
    quoted = _quoted_field(header.delimiter)
    lines, odd_texts = 0, 0
    characters: set[str] = set()
    stream.seek(0)
    while text := stream.read(_CHUNK):
        text += stream.readline(LONGEST_LINE)  # whole lines
        hash_.update(text)
        if not text.endswith(b"\n"):
            if stream.read(1):  # a line too long
                return None
            text += b"\n"
        # What is counted is what is left of them: that is little.
        rest = text.translate(None, expected)
        lines += rest.count(b"\n")
        look = _look_at_lines(text, rest, header, quoted)
        if look is None:
            return None
        characters |= look[0]
        odd_texts += look[1]
    return Bytes(hash_.hexdigest(), lines, odd_texts, frozenset(characters))


def _look_at_lines(text: bytes, rest: bytes, header: Header, quoted: re.Pattern[bytes]) -> tuple[set[str], int] | None:
    """Characters beyond ASCII in whole lines, and how many texts hold odd ones; None for anything that is not clean.

    `rest` is what is left of them without what is expected.
    """
    if rest.translate(None, _HIGH_BYTES + _COUNTED):
        return None  # a control character, a carriage return included
    # DuckDB would accept quotes anywhere: each has to be of a field that is quoted whole.
    quotes = rest.count(b'"')
    if quotes and b"".join(quoted.findall(b"\n" + text if text.startswith(b'"') else text)).count(b'"') != quotes:
        return None
    rest = rest.translate(None, _COUNTED)
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
        fields = split_fields(line.decode(), header.delimiter) if b'"' in line else line.decode().split(header.delimiter)
        count += sum(cells.is_odd(fields[column]) for column in columns if column < len(fields))
    return characters, count


def _lines_with(mark: bytes, text: bytes) -> dict[int, bytes]:
    """Lines that hold a mark, by where they begin; the others are never looked at. `text` ends in a line end."""
    lines: dict[int, bytes] = {}
    for found in re.finditer(re.escape(mark), text):  # `find` takes twice as long
        begin = text.rfind(b"\n", 0, found.start()) + 1
        lines[begin] = text[begin : text.index(b"\n", begin)]
    return lines


def _quoted_field(delimiter: str) -> re.Pattern[bytes]:
    """A field of a line that is quoted whole. It begins with the quote, which is what makes looking for it fast."""
    mark = re.escape(delimiter)
    return re.compile(f'"(?<=[{mark}\\n]")[^"\\n]*+(?:""[^"\\n]*+)*+"(?=[{mark}\\n])'.encode())


def may_change_when_normalised(characters: frozenset[str]) -> bool:
    """Whether a text of such characters may not be NFC, so that normalising it could change it."""
    return any(
        unicodedata.category(character).startswith("M")
        or not unicodedata.is_normalized("NFC", character)
        or "\u1100" <= character <= "\u11ff"
        for character in characters
    )
