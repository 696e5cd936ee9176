"""ZIP archives: never extracted, members read into memory in bounded pieces, everything checked before a byte is unpacked.

An XLSX file is one too; `xlsx` reads its members through `Archive`. A plain ZIP is a folder: `documents`.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import BinaryIO, Final, NoReturn

from diamondctl.problems import NoGiftFile, Problem, Refusal
from diamondctl.readers import not_gifts
from diamondctl.readers.sources import ENDINGS, PACKED, Source

MAX_MEMBERS: Final = 10_000
MAX_BYTES: Final = 1 << 30  # of all members together, unpacked
MAX_RATIO: Final = 250  # of a member, unpacked to packed; text of a log reaches 60
SMALL: Final = 1 << 20  # below this a ratio says nothing
_PIECE: Final = 1 << 18
_LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")  # the header before a member
_AFTER: Final = 8  # flag: checksum and sizes come after the member
_NESTED: Final = (".zip", ".7z", ".rar", ".gz", ".tar", ".tgz", ".bz2", ".xz", ".jar")
_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)
# In ZIPs that are told apart by a member, what to read of them.
WORKBOOK: Final = "xl/workbook.xml"
MEMBERS: Final = ("user_data_tiktok.json", "user_data.json")  # TikTok's data export, in its generations


class Archive:
    """An open archive whose directory is harmless. Refuses unsafe names, encryption, repeated members, bombs (Z001 to Z003)."""

    def __init__(self, file: str, stream: BinaryIO) -> None:
        self.file = file
        stream.seek(0)
        try:
            self._zip = zipfile.ZipFile(stream)
            members = self._zip.infolist()
        except (*_BROKEN, RuntimeError, UnicodeError) as error:
            self._refuse("Z001", f"not a whole ZIP archive: {_reason(error)}", "it may be cut off; fetch or export it again")
        if len(members) > MAX_MEMBERS:
            self._refuse("Z003", f"{len(members):,} members, more than {MAX_MEMBERS:,}", "unpack it and name the files")
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self._check(member)
        total = sum(member.file_size for member in members)
        if total > MAX_BYTES:
            self._refuse("Z003", f"{total:,} bytes when unpacked, more than {MAX_BYTES:,}", "unpack it and name the files")

    def _check(self, member: zipfile.ZipInfo) -> None:
        name = member.filename
        parts = PurePosixPath(name.replace("\\", "/")).parts
        if (
            not name
            or "\0" in name
            or ".." in parts
            or name.startswith(("/", "\\"))
            or ":" in "".join(parts[:1])
            or "\\" in name
        ):
            self._refuse("Z002", f"member '{name[:60]}' has an unsafe name", "no file of an export is called so")
        if member.flag_bits & 1:
            self._refuse("Z002", f"member '{name[:60]}' is encrypted", "unpack it with its password and name the files")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self._refuse("Z001", f"member '{name[:60]}' is packed in an unusual way", "pack it again as an ordinary ZIP")
        if name in self._members:
            self._refuse("Z002", f"member '{name[:60]}' is there twice", "which of them counts cannot be told")
        if member.file_size > SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            times = member.file_size // max(member.compress_size, 1)
            self._refuse(
                "Z003", f"member '{name[:60]}' unpacks to {times:,} times its size", "such archives are made to do harm"
            )
        self._members[name] = member

    def _refuse(self, code: str, message: str, hint: str) -> NoReturn:
        raise Refusal(Problem(code, message, hint, self.file))

    @property
    def names(self) -> tuple[str, ...]:
        """Members that are files."""
        return tuple(name for name, member in self._members.items() if not member.is_dir())

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, checked against what the directory says."""
        member = self._members[name]
        left = member.file_size
        try:
            with self._zip.open(member) as stream:
                while piece := stream.read(_PIECE):
                    left -= len(piece)
                    if left < 0:
                        self._refuse(
                            "Z003", f"member '{name[:60]}' is larger than it says", "such archives are made to do harm"
                        )
                    yield piece
        except (*_BROKEN, RuntimeError) as error:
            self._refuse("Z001", f"member '{name[:60]}' cannot be unpacked: {_reason(error)}", "fetch or export it again")
        if left:
            self._refuse("Z001", f"member '{name[:60]}' is cut off", "fetch or export it again")

    def read(self, name: str) -> bytes:
        """A whole member."""
        return b"".join(self.pieces(name))


class _Cut(Archive):
    """What is whole of an archive that was cut off: members are found by their own headers, for the directory is lost."""

    def __init__(self, file: str, stream: BinaryIO) -> None:
        self.file = file
        self._members = {}
        self._data: dict[str, bytes] = {}
        self.lost = "the archive is cut off, and its directory is lost"
        stream.seek(0)
        left = MAX_BYTES
        while len(self._members) < MAX_MEMBERS:
            head = stream.read(_LOCAL.size)
            if len(head) < _LOCAL.size or not head.startswith(b"PK\x03\x04"):
                break
            _, _, flags, method, *_, crc, packed, size, name_length, extra = _LOCAL.unpack(head)
            name = stream.read(name_length).decode("utf-8" if flags & 0x800 else "cp437", "replace")
            stream.seek(extra, 1)
            member = zipfile.ZipInfo(name or "-")
            member.flag_bits, member.compress_type, member.file_size, member.compress_size = flags, method, size, packed
            self._check(member)
            data = _whole(stream, flags, method, packed, left)
            if data is None or (not flags & _AFTER and zlib.crc32(data) != crc):
                del self._members[name]
                self.lost = f"the archive is cut off in '{name[:60]}', and what came after it is lost"
                break
            left -= len(data)
            self._data[name] = data

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of a member."""
        yield self._data[name]


def _whole(stream: BinaryIO, flags: int, method: int, packed: int, most: int) -> bytes | None:
    """The bytes of a member from its beginning on, and the stream behind it; None when they are not all there."""
    if method == zipfile.ZIP_STORED:
        if flags & _AFTER:
            return None  # nothing says where it ends
        data = stream.read(min(packed, most + 1))
        return data if len(data) == packed <= most else None
    inflate = zlib.decompressobj(-15)
    pieces, size, read = [], 0, 0
    while not inflate.eof:
        piece = stream.read(_PIECE)
        if not piece:
            return None
        read += len(piece)
        try:
            data = inflate.decompress(piece, most - size + 1)
        except zlib.error:
            return None
        size += len(data)
        pieces.append(data)
        if size > most or inflate.unconsumed_tail or (size > SMALL and size > MAX_RATIO * read):
            return None
    stream.seek(-len(inflate.unused_data), 1)
    if flags & _AFTER:  # checksum and sizes, with or without a signature
        after = stream.read(16)
        stream.seek((16 if after.startswith(b"PK\x07\x08") else 12) - len(after), 1)
    return b"".join(pieces)


def _reason(error: Exception) -> str:
    return str(error).partition("\n")[0][:80] or type(error).__name__


def _opened(source: Source, salvage: bool) -> Archive:
    try:
        return Archive(source.name, source.stream)
    except Refusal as refusal:
        problem = refusal.problems[0]
        if problem.code != "Z001":
            raise
        if not salvage:
            raise Refusal(problem._replace(hint=f"{problem.hint}; to read its whole members: --salvage")) from None
        cut = _Cut(source.name, source.stream)
        source.lost = cut.lost
        return cut


def documents(source: Source, *, salvage: bool = False) -> Iterator[Source]:
    """The documents of an input: itself, or the members of a ZIP archive that could hold gifts, by name.

    What an archive holds besides is said in `left` of the source. Refuses archives in archives (Z002) and archives without
    any such member (F006). To `salvage` is to read the whole members of one that was cut off; `lost` says so.
    """
    if not source.is_zip:
        yield source
        return
    archive = _opened(source, salvage)
    if WORKBOOK in archive.names and not source.lost:
        yield source
        return
    if "mimetype" in archive.names and b"opendocument" in archive.read("mimetype")[:80]:
        hint = "save it as XLSX or as CSV UTF-8"
        problem = Problem("F004", "this is an OpenDocument file (ODS), which is not read", hint, source.name)
        raise NoGiftFile("an OpenDocument file", problem)
    hidden = {name for name in archive.names if name.startswith("__MACOSX/") or PurePosixPath(name).name.startswith(".")}
    names = sorted(set(archive.names) - hidden)
    if nested := [name for name in names if name.lower().endswith(_NESTED)]:
        hint = "unpack it and name the files"
        raise Refusal(Problem("Z002", f"an archive in an archive: '{nested[0][:60]}'", hint, source.name))
    # A data export is one file; what lies beside it belongs to other apps.
    exports = [name for name in names if PurePosixPath(name).name.lower() in MEMBERS]
    chosen = exports[:1] or [name for name in names if name.lower().endswith((*ENDINGS, PACKED[0]))]
    if not chosen and any(map(not_gifts.EXPORTED.search, names)):
        raise not_gifts.text_export(source.name)
    if not chosen:
        hint = "members that could hold gifts end in " + " ".join((*ENDINGS, PACKED[0]))
        raise Refusal(Problem("F006", "no gift files in this archive", hint, source.name))
    source.left = tuple(name for name in names if name not in chosen)
    for name in chosen:
        data = archive.read(name)
        yield Source(f"{source.name}/{name}", io.BytesIO(data), source.asked_encoding, len(data))
