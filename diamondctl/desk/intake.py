"""The one loop over what a person names: files, the files of a folder, the members of an archive, standard input."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO, NamedTuple

from diamondctl.problems import NoGiftFile, Problem, Refusal
from diamondctl.readers import recognise, sources
from diamondctl.readers.gift_rows import Settings
from diamondctl.readers.sources import Aside, FileNames, Source


class Opening(NamedTuple):
    """How what was named is opened."""

    encoding: str = "utf-8"
    salvage: bool = False  # read what is whole of an archive that was cut off
    stdin: BinaryIO | None = None  # what `-` stands for


def each_source(
    found: FileNames,
    opening: Opening,
    take: Callable[[Source], None],
    refused: Callable[[Refusal], None],
    aside: list[Aside],
    before: Callable[[int, str], None] = lambda number, name: None,
) -> None:
    """Hand every file to `take`, open, and why it cannot be opened or read to `refused`; then comes the next one.

    `before` hears the number of each, from 1, and its name. A file of a folder that is none of gifts goes to `aside`.
    """
    for number, name in enumerate(found.names, 1):
        before(number, name)
        try:
            with sources.open_source(name, encoding=opening.encoding, stdin=opening.stdin) as source:
                take(source)
        except Refusal as refusal:
            if isinstance(refusal, NoGiftFile) and name in found.in_folders:
                aside.append(Aside(name, refusal.kind))
            else:
                refused(refusal)
        except OSError as error:
            refused(Refusal(Problem("F001", f"cannot be read: {error.strerror}", "check the disk and the folder", name)))


def documents_of(source: Source, opening: Opening, found: FileNames, rows: Settings, aside: list[Aside]) -> Iterator[Source]:
    """The documents of a file: itself, or the members of an archive. `left` and `lost` of the file then say what is not.

    One that is none of gifts, in a folder or an archive, goes to `aside`.
    """
    for part in _parts(source, opening):
        among = part is not source or source.name in found.in_folders
        if among and (kind := recognise.without_gifts(part, rows)):
            aside.append(Aside(part.name, kind))
        else:
            yield part


def _parts(source: Source, opening: Opening) -> Iterator[Source]:
    if not source.is_zip:
        yield source
        return
    from diamondctl.readers import archives

    yield from archives.documents(source, salvage=opening.salvage)
