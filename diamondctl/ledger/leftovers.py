"""Files of a ledger that nothing names any more: what an import, an undo or an erasure that was cut off leaves behind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from diamondctl import files
from diamondctl.ledger import catalog, rejects, staging
from diamondctl.ledger.catalog import Ledger


def sweep(ledger: Ledger) -> int:
    """Remove files of ours that no live document names and no living import writes. Under the write lock."""
    count = 0
    for path in _unnamed(ledger, named_files(ledger)):
        if path.name.startswith(staging.TEMPORARY):
            count += files.is_abandoned(path, remove=True)
            continue
        with suppress(OSError):
            path.unlink()
            count += 1
    files.remove_abandoned(ledger.folder, catalog.UNFINISHED)
    return count


def named_files(ledger: Ledger) -> set[str]:
    """Names of the files that live documents have in `documents/` and `rejected/`."""
    rows = ledger.sql.execute("SELECT id, file, rejects_sha256 FROM documents").fetchall()
    return {file for _, file, _ in rows} | {rejects.file_name(number, left_out) for number, _, left_out in rows if left_out}


def files_of(ledger: Ledger, numbers: Sequence[int]) -> list[Path]:
    """Files of these documents: their rows, and their rejected rows."""
    marks = ", ".join("?" * len(numbers))
    rows = ledger.sql.execute(f"SELECT id, file, rejects_sha256 FROM documents WHERE id IN ({marks})", list(numbers)).fetchall()
    left_out = [ledger.rejected / rejects.file_name(number, digest) for number, _, digest in rows if digest]
    return [ledger.documents / file for _, file, _ in rows] + left_out


_OURS: Final = re.compile(r"[0-9a-f]{16}\.parquet|\.incoming-[0-9a-f]{16}\.(parquet|csv)|d[0-9]{3,}-[0-9a-f]{16}\.csv")


def is_ours(name: str) -> bool:
    """Whether a file of this name can be one of a ledger's rows or rejected rows."""
    return _OURS.fullmatch(name) is not None


def unnamed(ledger: Ledger, named: set[str]) -> list[Path]:
    """Files of ours in the ledger's folders that are not among `named`, and that no living import writes."""
    return [path for path in _unnamed(ledger, named) if not path.name.startswith(staging.TEMPORARY) or files.is_abandoned(path)]


def _unnamed(ledger: Ledger, named: set[str]) -> list[Path]:
    return [
        path
        for folder in (ledger.documents, ledger.rejected)
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if is_ours(path.name) and path.name not in named and path.is_file()
    ]
