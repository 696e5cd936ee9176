"""Files that appear whole or not at all, and files that are files."""

from __future__ import annotations

import errno
import io
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

# A file system that has no locks, or none that work just now: nobody holds it, and nobody can.
_NO_LOCKS: Final = frozenset((errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL))
HELD: Final = frozenset((errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES))
_DAY: Final = 86_400
ATTEMPTS: Final = 100


def opened(path: Path) -> io.BufferedReader:
    """A file for reading; OSError for anything but a regular file: a FIFO is not waited for, a device has no end."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a regular file", str(path))
    except OSError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def umask() -> int:
    """The umask; it can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def write(path: Path, text: str, *, mode: int, replace: bool, prefix: str, suffix: str = "") -> None:
    """Write UTF-8 as `write_bytes` does."""
    write_bytes(path, text.encode(), mode=mode, replace=replace, prefix=prefix, suffix=suffix)


def write_bytes(path: Path, data: bytes, *, mode: int, replace: bool, prefix: str, suffix: str = "") -> None:
    """Write to a temporary file in the same folder, flush it to disk and put it in place. Links are not followed.

    `mode` holds whatever the umask; without `replace` raises FileExistsError for a name that is taken.
    """
    temporary = path.with_name(f"{prefix}{os.urandom(8).hex()}{suffix}")
    try:
        descriptor = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
            stream.flush()
            temporary.chmod(mode)
            os.fsync(stream.fileno())
        if replace:
            os.replace(temporary, path)
        else:
            publish(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def publish(temporary: Path, final: Path) -> None:
    """Give a finished file its name, or raise FileExistsError; never replaces anything. The first name may stay."""
    try:
        os.link(temporary, final)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links
        if os.path.lexists(final):
            raise FileExistsError(final) from None
        os.rename(temporary, final)


@contextmanager
def temporary_folder(parent: Path, prefix: str) -> Iterator[Path]:
    """A private folder with a name of its own, locked while this process lives so that nobody sweeps it; removed at the end.
    Missing parents are made. It may get another name meanwhile, and then stays.
    """
    for _ in range(ATTEMPTS):
        path = parent / f"{prefix}{os.urandom(8).hex()}"
        path.mkdir(mode=0o700, parents=True)
        try:
            path.chmod(0o700)
            lock = os.open(path, os.O_RDONLY)
        except FileNotFoundError:
            continue  # a sweeper came before the lock
        except PermissionError:  # Windows opens no folders
            lock = -1
        try:
            if lock < 0 or (try_lock(lock) is not False and path.exists()):
                yield path
                return
        finally:
            _remove(path)
            if lock >= 0:
                os.close(lock)
    raise OSError(errno.EBUSY, "other commands remove every temporary folder at once", str(parent))


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
        if error.errno in HELD:
            return False
        if error.errno in _NO_LOCKS:
            return None
        raise
    return True


def is_abandoned(path: Path, *, remove: bool = False) -> bool:
    """Whether a temporary file or folder belongs to no living command; then it can be removed at once."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return False
    try:
        free = _is_free(descriptor, path.parent.stat().st_mtime)
        if free and remove:  # while the lock is held
            _remove(path)
        return free
    except OSError:
        return False
    finally:
        os.close(descriptor)


def _is_free(descriptor: int, changed: float) -> bool:
    """Whether no living command can have an open file: nobody holds its lock, or, without locks, it was a day old already when
    its folder was `changed` for the last time.
    """
    free = try_lock(descriptor)
    return changed - os.fstat(descriptor).st_mtime > _DAY if free is None else free


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        import shutil

        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink()


def remove_abandoned(folder: Path, prefix: str) -> None:
    """Remove what commands of this user that were killed left in a folder under names with this prefix and 16 hex digits."""
    with suppress(OSError):
        for path in sorted(folder.iterdir()):
            if re.fullmatch(re.escape(prefix) + "[0-9a-f]{16}", path.name) and _is_mine(path):
                is_abandoned(path, remove=True)


def _is_mine(path: Path) -> bool:
    return not hasattr(os, "getuid") or path.lstat().st_uid == os.getuid()
