"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


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
