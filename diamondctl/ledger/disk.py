"""Private files and folders of a ledger: made, flushed, locked while unfinished, swept when they are left."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from diamondctl.files import opened

_ATTEMPTS: Final = 100
# A file system that has no locks, or none that work just now: nobody holds it, and nobody can.
_NO_LOCKS: Final = frozenset((errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL))
_PROBE: Final = 0x40000000 + 1024  # a byte behind those that SQLite locks
_DAY: Final = 86_400
_HELD: Final = frozenset((errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES))


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


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """The same as a folder. Missing parents are made. It may get another name meanwhile, and then stays."""
    path = parent / f"{prefix}{secrets.token_hex(8)}"
    private_folder(path)
    try:
        lock = os.open(path, os.O_RDONLY)
    except PermissionError:  # Windows opens no folders
        lock = -1
    try:
        if lock >= 0:
            try_lock(lock)
        yield path
    finally:
        _remove(path)
        if lock >= 0:
            os.close(lock)


def locked_file(folder: Path, prefix: str, suffix: str) -> tuple[Path, int]:
    """A new private file and the descriptor that holds its lock; where the file system has no locks, none: then nobody who
    sweeps can have it either.
    """
    for _ in range(_ATTEMPTS):
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


def try_lock(descriptor: int) -> bool | None:
    """Take the lock of a file: True; False when another process has it; None where there are no locks (Windows, some network
    file systems). Any other error is the caller's.
    """
    try:
        import fcntl
    except ImportError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD:
            return False
        if error.errno in _NO_LOCKS:
            return None
        raise
    return True


def refuse_without_locks(descriptor: int) -> None:
    """Raise OSError for a file that SQLite could never lock: it would take that for another command, and wait."""
    try:
        import fcntl
    except ImportError:
        return
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, _PROBE)
    except OSError as error:
        if error.errno not in _HELD:
            raise OSError(error.errno, f"its file system cannot lock files ({error.strerror})") from None


def is_abandoned(path: Path, *, remove: bool = False) -> bool:
    """Whether a temporary file or folder belongs to no living command; then it can be removed at once."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        free = _is_free(descriptor)
        if free and remove:  # while the lock is held
            _remove(path)
        return free
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _is_free(descriptor: int) -> bool:
    """Whether no living command can have an open file: nobody holds its lock, or, without locks, nobody wrote for a day."""
    free = try_lock(descriptor)
    return time.time() - os.fstat(descriptor).st_mtime > _DAY if free is None else free


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def remove_abandoned(folder: Path, prefix: str) -> None:
    """Remove what commands that were killed left in a folder under names with this prefix and 16 hex digits."""
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if re.fullmatch(re.escape(prefix) + "[0-9a-f]{16}", path.name):
                is_abandoned(path, remove=True)


def sha256(path: Path) -> str:
    """SHA-256 of a regular file; blank when there is none that can be read."""
    try:
        with opened(path) as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""
