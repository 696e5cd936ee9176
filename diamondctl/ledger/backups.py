"""A ledger in one file and back: a ZIP archive with the catalog, the documents and the rejected rows, each by its hash."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from diamondctl import files
from diamondctl.files import opened, publish
from diamondctl.ledger import catalog, checkup, disk, opening
from diamondctl.ledger.catalog import Ledger
from diamondctl.problems import Problem, Refusal

MANIFEST: Final = "manifest.json"
FORMAT: Final = "diamondctl-backup/1"
_UNFINISHED: Final = ".diamondctl-"
_CHUNK: Final = 1 << 20
_ATTEMPTS: Final = 5
_MOST_FILES: Final = 100_000
_MOST_BYTES: Final = 200 * _MOST_FILES  # of the manifest


class Archive(NamedTuple):
    """What a backup holds."""

    files: int
    bytes: int
    sha256: str
    upgraded: tuple[str, ...] = ()  # what there is to say because the restored ledger is brought up to date, a line each


def write(ledger: Ledger, path: Path) -> Archive:
    """Write a backup of one moment. The file must not exist; it appears whole or not at all, for its owner only."""
    files.remove_abandoned(path.absolute().parent, _UNFINISHED)
    if os.path.lexists(path):
        raise Refusal(Problem("A009", "the file exists already and was kept", "choose another name", str(path)), exit_code=4)
    try:
        with disk.temporary_file(path.absolute().parent, _UNFINISHED, "") as temporary:
            count = _archive(ledger, temporary)
            disk.flush(temporary)
            with _said(ledger.changed, path):
                publish(temporary, path)
        disk.flush(path.absolute().parent)
    except FileExistsError:
        raise Refusal(Problem("A009", "the file exists already and was kept", "", str(path)), exit_code=4) from None
    except OSError as error:
        raise Refusal(Problem("A009", f"cannot be written: {error.strerror}", "", str(path)), exit_code=4) from None
    return Archive(count, path.stat().st_size, _hash(path))


def _archive(ledger: Ledger, path: Path) -> int:
    """Write the catalog of one moment and the files it names, each what was written.

    Begins again when one of them went meanwhile with its document; refuses a ledger that lacks one (L005).
    """
    for _ in range(_ATTEMPTS):
        with ledger.reading():
            copy = _copy(ledger.sql)
            wanted = checkup.files_of(ledger)
        hashes = {catalog.FILE: hashlib.sha256(copy).hexdigest()}
        other = None
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
            archive.writestr(catalog.FILE, copy)
            for file, digest in wanted.items():
                name = file.relative_to(ledger.folder).as_posix()
                hashes[name] = digest
                if _pack(archive, name, file) != digest:
                    other = file
                    break
            archive.writestr(MANIFEST, json.dumps({"format": FORMAT, "sha256": hashes}, indent=1))
        if other is None:
            return len(hashes)
        with ledger.reading():
            if other in checkup.files_of(ledger):
                raise catalog.damaged(ledger.folder, other.relative_to(ledger.folder).as_posix())
    problem = Problem("L006", "the ledger changes all the time", "run again when other commands are done", str(ledger.folder))
    raise Refusal(problem, exit_code=4)


def _copy(connection: sqlite3.Connection) -> bytes:
    """The catalog of this moment. `serialize` alone would put zeros in place of a page that cannot be read, and not say so."""
    with closing(sqlite3.connect(":memory:")) as copy:
        connection.backup(copy)
        return copy.serialize()


def _pack(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    """Put a file into the archive; returns its hash, blank when it is not there."""
    hashed = hashlib.sha256()
    try:
        source = opened(path)
    except OSError:
        return ""
    with source, archive.open(name, "w", force_zip64=True) as target:
        while data := source.read(_CHUNK):
            hashed.update(data)
            target.write(data)
    return hashed.hexdigest()


def restore(path: Path, folder: Path, changed: Callable[[], None] = lambda: None) -> Archive:
    """Make the ledger of a backup in a folder that does not exist yet or is empty; refuses everything else (L014)."""
    if os.path.lexists(folder) and (not folder.is_dir() or any(folder.iterdir())):
        hint = "name a new folder: --ledger DIR"
        raise Refusal(Problem("L003", "this folder is in use; nothing is overwritten", hint, str(folder)), exit_code=4)
    # Beside the final place, so that it gets its name in one step.
    folder = folder.absolute()
    prefix = f".{folder.name}-"
    files.remove_abandoned(folder.parent, prefix)
    try:
        with files.temporary_folder(folder.parent, prefix) as temporary:
            count = _unpack(path, temporary)
            _check_pages(path, temporary / catalog.FILE)
            with _as_backup(path), opening.open_ledger(temporary) as ledger:
                upgraded = ledger.upgraded
                damage = [item for item in checkup.examine(ledger) if item.status == "damaged"]
            if damage:
                raise _bad(path, f"{damage[0].what}: {damage[0].detail}")
            for part in (temporary / catalog.DOCUMENTS, temporary / catalog.REJECTED, temporary):
                disk.flush(part)
            with suppress(OSError):
                folder.rmdir()
            with _said(changed, folder):
                os.rename(temporary, folder)
        disk.flush(folder.parent)
    except OSError as error:
        raise Refusal(Problem("L007", f"cannot be restored: {error.strerror}", "", str(path)), exit_code=4) from None
    return Archive(count, path.stat().st_size, _hash(path), upgraded)


def _check_pages(path: Path, file: Path) -> None:
    """Refuse (L014) a catalog whose pages are not a whole database, before anything is asked of it: it might never answer."""
    try:
        with closing(catalog.connect(file)) as connection:
            sound = connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    except sqlite3.DatabaseError as error:
        if catalog.kind_of(error) == "SQLITE_INTERRUPT":
            raise KeyboardInterrupt from None
        sound = False
    if not sound:
        raise _bad(path, "its catalog is not a whole database")


@contextmanager
def _as_backup(path: Path) -> Iterator[None]:
    """What is wrong with the ledger that a backup holds is said of the backup (L014)."""
    try:
        yield
    except Refusal as refusal:
        problem = refusal.problems[0]
        if problem.code not in ("L002", "L005"):
            raise
        raise _bad(path, problem.message) from None


@contextmanager
def _said(changed: Callable[[], None], path: Path) -> Iterator[None]:
    """Say that something is there under its name, also when a signal comes in the moment it gets it."""
    try:
        yield
    except OSError:
        raise
    except BaseException:
        if os.path.lexists(path):
            changed()
        raise
    changed()


def _unpack(path: Path, folder: Path) -> int:
    """Every file of a backup, verified, into a folder; returns how many. Refuses what is none (L014)."""
    try:
        with _regular(path) as stream, zipfile.ZipFile(stream) as archive:
            _check_members(archive, path, os.fstat(stream.fileno()).st_size)
            expected = _manifest(archive, path)
            for part in (folder / catalog.DOCUMENTS, folder / catalog.REJECTED):
                disk.private_folder(part)
            for name, digest in expected.items():
                _extract(archive, name, folder / name, digest, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, LookupError, TypeError, ValueError, RuntimeError):
        raise _bad(path, "not a backup of a ledger, or a damaged one") from None
    return len(expected)


def _regular(path: Path) -> io.BufferedReader:
    try:
        return opened(path)
    except OSError as error:
        raise _bad(path, f"cannot be read: {error.strerror}") from None


def _check_members(archive: zipfile.ZipFile, path: Path, size: int) -> None:
    """Members of a backup are stored as they are, each once: so it never becomes more than it is."""
    members = archive.infolist()
    if len(members) > _MOST_FILES:
        raise _bad(path, f"{len(members):,} members, more than {_MOST_FILES:,}")
    if any(item.compress_type != zipfile.ZIP_STORED or item.compress_size != item.file_size for item in members):
        raise _bad(path, "packed members, where a backup stores them as they are")
    if sum(item.file_size for item in members) > size or len({item.filename for item in members}) < len(members):
        raise _bad(path, "members that share their bytes or their name")


def _bad(path: Path, what: str) -> Refusal:
    return Refusal(Problem("L014", what, "use another backup; nothing was changed", str(path)), exit_code=4)


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, str]:
    """Names and hashes, every name of the form that a ledger has."""
    info = archive.getinfo(MANIFEST)
    if info.file_size > _MOST_BYTES:
        raise _bad(path, "a manifest that is too large")
    manifest = json.loads(archive.read(info))
    expected = manifest["sha256"]
    if manifest["format"] != FORMAT or not isinstance(expected, dict) or catalog.FILE not in expected:
        raise _bad(path, "not a backup of a ledger")
    for name in expected:
        parts = name.split("/")
        good = name == catalog.FILE or (len(parts) == 2 and parts[0] in (catalog.DOCUMENTS, catalog.REJECTED))
        if not good or not checkup.is_ledger_file(parts[-1]):
            raise _bad(path, "a name that no ledger has")
    return dict(expected)


def _extract(archive: zipfile.ZipFile, name: str, target: Path, digest: str, path: Path) -> None:
    hashed = hashlib.sha256()
    descriptor = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with archive.open(name) as source, os.fdopen(descriptor, "wb") as file:
        disk.private_file(target)
        while data := source.read(_CHUNK):
            hashed.update(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if hashed.hexdigest() != digest:
        raise _bad(path, f"{name} is not what was backed up")


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
