"""Where bytes come from: literal file names, folders, standard input. Opened once, hashed while read, decoded strictly.

Convention: a name is only ever a name. `g[1].csv`, `-x.csv` and `http://x` are files; nothing is globbed or fetched.
"""

from __future__ import annotations

import codecs
import hashlib
import io
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from diamondctl.problems import NoGiftFile, Problem, Refusal
from diamondctl.words import counted

STDIN: Final = "-"
SHOWN_ASIDE: Final = 6
# What has to be in memory whole: standard input, a JSON list.
MAX_WHOLE: Final = 1 << 30
# Bytes of a line of a table, which is in memory several times while it is taken apart.
MAX_LINE: Final = 1 << 24
ENDINGS: Final = (".csv", ".tsv", ".json", ".jsonl", ".ndjson")
# Those of files that are no text but may hold some; `archives` reads them.
PACKED: Final = (".xlsx", ".zip")
COLUMNAR: Final = (".parquet",)

_PICTURE: Final = (
    "type what it shows: diamondctl record balance AMOUNT; or bring a log, export or table of the gifts: diamondctl help files"
)
_UNPACK: Final = "unpack it and name the files, or pack them as ZIP"
# First bytes that no gift text begins with, some after a length, and what to do about such a file.
_OTHER_KINDS: Final[tuple[tuple[int, bytes, str, str], ...]] = (
    (0, b"PK\x05\x06", "an empty ZIP archive", "export it again"),
    (0, b"\x1f\x8b", "gzip-compressed", "unpack it first: gunzip FILE"),
    (0, b"BZh", "bzip2-compressed", "unpack it first: bunzip2 FILE"),
    (0, b"\xfd7zXZ\x00", "xz-compressed", "unpack it first: unxz FILE"),
    (0, b"\x28\xb5\x2f\xfd", "zstd-compressed", "unpack it first: unzstd FILE"),
    (0, b"7z\xbc\xaf'\x1c", "a 7z archive", _UNPACK),
    (0, b"Rar!\x1a\x07", "a RAR archive", _UNPACK),
    (0, b"%PDF", "a PDF", _PICTURE),
    (0, b"\xd0\xcf\x11\xe0", "an old Office file (XLS)", "export the sheet as CSV UTF-8"),
    (0, b"SQLite format 3\x00", "a SQLite database", "export the table as CSV"),
    (0, b"\x89PNG\r\n\x1a\n", "a picture (PNG)", _PICTURE),
    (0, b"\xff\xd8\xff", "a picture (JPEG)", _PICTURE),
    (0, b"GIF8", "a picture (GIF)", _PICTURE),
    (8, b"WEBP", "a picture (WebP)", _PICTURE),
    *((4, b"ftyp" + brand, "a picture (HEIC)", _PICTURE) for brand in (b"hei", b"hev", b"mif1", b"msf1", b"avif")),
    (4, b"ftyp", "a video", "bring a log, export or table of the gifts"),
)
_BOMS: Final[tuple[tuple[bytes, str], ...]] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class Aside(NamedTuple):
    """A file of a folder or an archive that is none of gifts, and what it is."""

    name: str
    kind: str


def aside_words(left: Sequence[Aside]) -> str:
    """Files that are left aside, by what they are."""
    named = ", ".join(f"{Path(item.name).name} ({item.kind})" for item in left[:SHOWN_ASIDE])
    more = f" and {len(left) - SHOWN_ASIDE:,} more" if len(left) > SHOWN_ASIDE else ""
    return f"not read: {counted(len(left), 'file')} without gifts: {named}{more}"


def only_aside(left: Sequence[Aside]) -> Refusal:
    """The refusal (F006) of files of which all are left aside."""
    words = aside_words(left).removeprefix("not read: ")
    return Refusal(Problem("F006", f"no gift files: {words}", "bring a log, export or table of the gifts"))


class FileNames(NamedTuple):
    """The files a command line names, and what was passed over in folders."""

    names: tuple[str, ...]
    notices: tuple[str, ...]
    in_folders: frozenset[str] = frozenset()  # names that came from a folder, where other files may lie beside those of gifts


def find(arguments: list[str]) -> FileNames:
    """Expand folders, one level deep and sorted by name; refuses a folder without gift files (F006)."""
    names: list[str] = []
    notices: list[str] = []
    in_folders: list[str] = []
    for argument in arguments:
        folder = Path(argument)
        if argument == STDIN or not os.path.isdir(argument):  # Path.is_dir raises where os.path only says no
            names.append(argument)
            continue
        try:
            inside = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        except OSError as error:
            raise Refusal(Problem("F001", f"cannot be opened: {error.strerror}", "", argument)) from None
        chosen = [
            path
            for path in inside
            if path.suffix.lower() in ENDINGS + PACKED + COLUMNAR and path.is_file() and not path.is_symlink()
        ]
        if not chosen:
            hint = "files that could hold gifts end in " + " ".join(ENDINGS + PACKED + COLUMNAR)
            raise Refusal(Problem("F006", "no gift files in this folder", hint, argument))
        names += [str(path) for path in chosen]
        in_folders += [str(path) for path in chosen]
        taken = {path.name for path in chosen}
        if left := [path.name for path in inside if path.name not in taken]:
            more = f" and {len(left) - 3} more" if len(left) > 3 else ""
            notices.append(f"{argument}: not read: {', '.join(left[:3])}{more}")
    return FileNames(tuple(names), tuple(notices), frozenset(in_folders) - set(arguments))


class _Hashing(io.RawIOBase):
    """Passes bytes on and hashes them, so that hash and parse see the same bytes."""

    def __init__(self, stream: BinaryIO, name: str, longest: int) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self._name, self._longest = name, longest  # bytes of a line; 0: any
        self._line, self._length = 1, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        self._hash.update(data)
        if self._longest:
            self._measure(data)
        buffer[: len(data)] = data
        return len(data)

    def _measure(self, data: bytes) -> None:
        """Refuse (F010) a line that is too long, before all of it is read."""
        end = max(data.rfind(b"\n"), data.rfind(b"\r"))
        self._length = self._length + len(data) if end < 0 else len(data) - end - 1
        self._line += data.count(b"\n")
        if self._length > self._longest:
            message = f"a line of more than {self._longest:,} bytes"
            raise Refusal(Problem("F010", message, "is this a table of gifts?", self._name, self._line))

    def sha256(self) -> str:
        """Hash of everything, the unread rest included."""
        while data := self._stream.read(1 << 20):
            self._hash.update(data)
        return self._hash.hexdigest()


class Source:
    """One opened input: its text, line ends untouched, and its hash once read."""

    def __init__(self, name: str, stream: BinaryIO, encoding: str, size: int = 0) -> None:
        self.name = name
        self.stream = stream
        self.size = size  # of a file; 0 for standard input
        self._head = stream.read(65_536)
        self.is_zip = self._head.startswith(b"PK\x03\x04")  # a workbook too
        self.is_parquet = self._head.startswith(b"PAR1")
        self.asked_encoding = encoding
        self.left: tuple[str, ...] = ()  # members of an archive that are not read
        self.lost = ""  # what an archive that was cut off misses, in words
        self.is_binary = self.is_zip or self.is_parquet
        if not self.is_binary:
            self._refuse_other_kinds()
        self.encoding = next((codec for bom, codec in _BOMS if self._head.startswith(bom)), encoding)
        if self.encoding == "utf-8":
            self._refuse_unmarked_utf16()
        self.rewind()

    def rewind(self) -> None:
        """Begin at the first byte, with a fresh hash."""
        self.stream.seek(0)
        longest = 0 if self.is_binary or self._head.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] in (b"[", b"{") else MAX_LINE
        self._hashing = _Hashing(self.stream, self.name, longest)
        self.text = io.TextIOWrapper(
            io.BufferedReader(self._hashing, 1 << 18), encoding=self.encoding, errors="strict", newline=""
        )

    def _refuse_other_kinds(self) -> None:
        if not self._head:
            raise NoGiftFile("empty", Problem("F003", "the file is empty", "export it again", self.name))
        if len(self._head) >= 64 and not self._head[:64].strip(b"\0"):
            raise Refusal(Problem("F004", "this begins with zeros only, not with text", "export it again", self.name))
        for offset, magic, kind, remedy in _OTHER_KINDS:
            if self._head.startswith(magic, offset):
                what = "amounts cannot be read from it" if remedy is _PICTURE else "not text"
                raise NoGiftFile(kind, Problem("F004", f"this is {kind}, {what}", remedy, self.name))
        start = self._head.lstrip(b"\xef\xbb\xbf \t\r\n")[:15].lower()
        if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<script")):
            hint = "an expired login or a saved page; export the file again"
            raise NoGiftFile("a web page", Problem("F004", "this is a web page (HTML or XML), not an export", hint, self.name))

    def _refuse_unmarked_utf16(self) -> None:
        """Gift files begin with ASCII, a header or a bracket: in UTF-16 every second of their first bytes is zero."""
        head = self._head[: min(len(self._head), 16) & ~1]
        for codec, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
            if len(head) > 2 and not zeros.strip(b"\0") and b"\0" not in others:
                hint = f"say so: --encoding {codec}, or save it as CSV UTF-8"
                raise Refusal(Problem("F005", "this looks like UTF-16 without its mark", hint, self.name))

    @property
    def form(self) -> str:
        """What it is made of: csv, json, xlsx or parquet."""
        if self.is_binary:
            return "xlsx" if self.is_zip else "parquet"
        return "json" if self.begins_with("[", "{") else "csv"

    def begins_with(self, *openings: str) -> bool:
        """Whether its text, without white space and case, begins with one of these."""
        return self.head.lstrip("\ufeff \t\r\n")[:80].casefold().startswith(openings)

    @cached_property
    def head(self) -> str:
        """Up to the first 64 KiB as text, as far as it is text."""
        return codecs.getincrementaldecoder(self.encoding)("ignore").decode(self._head).lstrip("\ufeff")

    def first_line(self) -> str:
        """The first line that is not blank, as far as it lies in the head."""
        return next((line for line in self.head.splitlines() if line.strip()), "")

    def sha256(self) -> str:
        """SHA-256 of the whole input; call when reading is done."""
        return self._hashing.sha256()

    def bad_bytes(self) -> Problem:
        """F005 with line and byte of the first byte that is not `encoding`. Call after a `UnicodeDecodeError`."""
        self.stream.seek(0)
        # The mark at the beginning is counted like any other character.
        codec = self.encoding.removesuffix("-sig")
        if codec in ("utf-16", "utf-32"):
            codec += "-le" if self._head[:1] == b"\xff" else "-be"
        decoder = codecs.getincrementaldecoder(codec)("strict")
        offset, line, last = 0, 1, ""
        while True:
            data = self.stream.read(1 << 16)
            pending = len(decoder.getstate()[0])
            wrong: UnicodeDecodeError | None = None
            try:
                text = decoder.decode(data, final=not data)
            except UnicodeDecodeError as error:
                wrong, text = error, error.object[: error.start].decode(codec, "ignore")
            line += text.count("\n") + text.count("\r") - (last + text).count("\r\n")  # a CR LF may lie in two pieces
            last = text[-1:] or last
            if wrong is not None:
                byte = offset - pending + wrong.start + 1
                message = f"byte {byte} is not {self.encoding.removesuffix('-sig').upper()}"
                hint = "save it as CSV UTF-8, or name its encoding: --encoding cp1252"
                if any(self._head.startswith(bom) for bom, _ in _BOMS):
                    hint = "its first bytes say so; export it again"
                return Problem("F005", message, hint, self.name, line)
            if not data:
                return Problem("F005", f"not {self.encoding}", "name its encoding: --encoding cp1252", self.name)
            offset += len(data)


@contextmanager
def open_source(name: str, *, encoding: str, stdin: BinaryIO | None) -> Iterator[Source]:
    """Open a file (or standard input for `-`) as text.

    Refuses what is not a regular file (F002), cannot be opened (F001), is empty (F003) or plainly something else (F004),
    and a file that changed while it was read (F007).
    """
    if name == STDIN:
        if stdin is None:
            raise Refusal(Problem("F001", "standard input is closed", "pipe a file into it", "stdin"))
        data = stdin.read(MAX_WHOLE + 1)
        if len(data) > MAX_WHOLE:
            hint = "save it to a file and name that"
            raise Refusal(Problem("F010", f"more than {MAX_WHOLE:,} bytes", hint, "stdin"))
        yield Source("stdin", io.BytesIO(data), encoding)
        return
    try:
        # Without O_NONBLOCK, opening a FIFO would wait for a writer for ever.
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        descriptor = os.open(name, flags)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a file name"
        hint = _nearest(name) if isinstance(error, FileNotFoundError) else ""
        raise Refusal(Problem("F001", f"cannot be opened: {reason}", hint or "check the name and the folder", name)) from None
    with os.fdopen(descriptor, "rb") as stream:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise Refusal(Problem("F002", "not a regular file", "save it to a file, or pipe it in: ... -", name))
        yield Source(name, stream, encoding, before.st_size)
        if identity(os.fstat(descriptor)) != identity(before):
            raise Refusal(Problem("F007", "the file changed while it was read", "run again when it is complete", name))


def identity(facts: os.stat_result) -> tuple[int, int, int, int]:
    """What tells whether a file is still the one that was opened, with the bytes that it had."""
    return facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns


def _nearest(name: str) -> str:
    """What a file that is not there may have been meant to be."""
    folder, _, last = name.rpartition("/")
    try:
        there = [item for item in os.listdir(folder or ".") if not item.startswith(".")]  # noqa: PTH208 - of a text, not a path
    except OSError:
        return ""
    near = get_close_matches(last, there, n=1, cutoff=0.8)
    return f"did you mean {f'{folder}/' if folder else ''}{near[0]}?" if near else ""
