"""Private files and folders of a ledger: made, flushed, locked while unfinished, swept when they are left."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from diamondctl.files import ATTEMPTS, HELD, opened, try_lock

_PROBE: Final = 0x40000000 + 1024  # a byte behind those that SQLite locks


def private_folder(path: Path) -> None:
    """A folder that only its owner may enter, whatever the umask; one that exists is closed as well."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(path.stat().st_mode) != 0o700:
        path.chmod(0o700)


def private_file(path: Path) -> None:
    """A file that only its owner may read, whatever the umask."""
    path.chmod(0o600)


def flush(path: Path) -> None:
    """Make a file or folder safe against a crash (folders where the system can)."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        if path.is_dir():
            return  # Windows opens no folders
        raise
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def temporary_file(folder: Path, prefix: str, suffix: str) -> Iterator[Path]:
    """A private file with a name of its own, locked while this process lives so that nobody sweeps it; removed at the end."""
    path, lock = locked_file(folder, prefix, suffix)
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        os.close(lock)


def locked_file(folder: Path, prefix: str, suffix: str) -> tuple[Path, int]:
    """A new private file and the descriptor that holds its lock; where the file system has no locks, none: then nobody who
    sweeps can have it either.
    """
    for _ in range(ATTEMPTS):
        path = folder / f"{prefix}{secrets.token_hex(8)}{suffix}"
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0), 0o600)
        try:
            private_file(path)
            # A sweeper may have come between the last two lines: then it has the lock, or had it and the file is gone.
            if try_lock(descriptor) is not False and os.path.lexists(path):
                return path, descriptor
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(descriptor)
            with suppress(OSError):
                path.unlink()
            raise
        os.close(descriptor)
    raise OSError(errno.EBUSY, "other commands remove every temporary file at once", str(folder))


def refuse_without_locks(descriptor: int) -> None:
    """Raise OSError for a file that SQLite could never lock: it would take that for another command, and wait."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, _PROBE)
    except OSError as error:
        if error.errno not in HELD:
            raise OSError(error.errno, f"its file system cannot lock files ({error.strerror})") from None


def sha256(path: Path) -> str:
    """SHA-256 of a regular file; blank when there is none that can be read."""
    try:
        with opened(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
