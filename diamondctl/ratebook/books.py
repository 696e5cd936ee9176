"""Two sets of rate files to compare, each from a file, a folder, a git revision or REVISION:PATH."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook import git, store
from diamondctl.ratebook.entries import Zone
from diamondctl.yamlfile import nodes

DEFAULT: Final = "rates"


class Place(NamedTuple):
    """Where a set of rate files is. `commit` blank: on disk. `path` None: a revision without a path."""

    text: str  # as it was said
    commit: str
    path: str | None

    @property
    def name(self) -> str:
        """How output names it: `rates`, `1a2b3c4d:rates`."""
        return f"{self.commit[:8]}:{self.path}" if self.commit else str(self.path)


class Book(NamedTuple):
    """Zones of a place, by platform and name."""

    name: str
    zones: dict[tuple[str, str], Zone]

    def regions(self, platform: str) -> dict[str, Zone]:
        """Each region of a platform and its zone. Where two files claim one, the first: `rates check` speaks of it."""
        zones: dict[str, Zone] = {}
        for zone in self.zones.values():
            if zone.platform == platform:
                for region in zone.regions:
                    zones.setdefault(region, zone)
        return zones


def read_both(base: str, head: str) -> tuple[Book, Book]:
    """Both sides; `head` blank is `rates/` on disk, or the path that the revision names.

    A bare revision is looked at where the other side is, and holds no rates when there are none. When one side is a single
    file, only its zone is compared.
    Refuses places that are not there (R301), a git that cannot be asked (R302) and every problem of the files.
    """
    first = _place(base)
    if head:
        second = _place(head)
    elif first.commit and first.path:
        second = Place("", "", os.path.join(git.top(), first.path))  # noqa: PTH118 (the path is git's, and may be anything)
    else:
        second = Place("", "", DEFAULT)
        if not os.path.exists(DEFAULT):
            hint = "name HEAD too: a file, a folder or a git revision"
            raise Refusal(Problem("R301", f"there is no folder {DEFAULT} here to compare with", hint))
    first, second = _fill(first, second), _fill(second, first)
    log = ProblemLog()
    books = [_read(place, log) for place in (first, second)]
    log.refuse_if_any()
    return _alike(books[0], books[1], [_is_file(place) for place in (first, second)])


def _place(text: str) -> Place:
    if os.path.exists(text):
        return Place(text, "", text)
    revision, colon, path = text.partition(":")
    commit = git.commit_of(revision)
    if commit is None:
        hint = "in a shallow clone older revisions are missing: fetch more history"
        raise Refusal(Problem("R301", f"'{text}' is neither a file, a folder nor a git revision", hint))
    return Place(text, commit, path.strip("/") if colon else None)


def _fill(place: Place, other: Place) -> Place:
    """A bare revision with the path that the other side has."""
    if place.path is not None:
        return place
    if other.commit and other.path is not None:
        return place._replace(path=other.path)
    folder = DEFAULT if other.commit or other.path is None else other.path
    path = os.path.relpath(os.path.realpath(folder), os.path.realpath(git.top()))
    if path == os.pardir or path.startswith(os.pardir + os.sep):
        hint = f"write {place.text}:FOLDER"
        raise Refusal(Problem("R301", f"{folder} lies outside the repository of {place.text}", hint))
    return place._replace(path="" if path == os.curdir else PurePosixPath(*Path(path).parts).as_posix())


def _read(place: Place, log: ProblemLog) -> Book:
    zones: dict[tuple[str, str], Zone] = {}
    for zone in _from_git(place, log) if place.commit else _from_disk(place, log):
        first = zones.setdefault((zone.platform, zone.name), zone)
        if first is not zone:
            log.add(Problem("R016", f"zone {zone.platform}/{zone.name} stands in {first.file} too", "", zone.file, zone.line))
    return Book(place.name, zones)


def _from_disk(place: Place, log: ProblemLog) -> list[Zone]:
    paths = store.paths_in(Path(str(place.path)))
    if not paths:
        log.add(Problem("R025", "no rate file here", "it should hold <platform>/<zone>.yaml", place.name))
    loaded = [store.load(path, file=str(path), origin="user", log=log) for path in paths]
    return [zone for zone in loaded if zone is not None]


def _from_git(place: Place, log: ProblemLog) -> list[Zone]:
    wanted = [blob for blob in git.blobs(place.commit, place.path or "") if _is_zone_file(blob.path, place.path or "")]
    if not wanted and ":" in place.text:  # what was spelt out is there, or misspelt
        hint = "it should hold <platform>/<zone>.yaml; another folder is written REVISION:FOLDER"
        log.add(Problem("R025", "no rate file here", hint, place.name))
    zones = []
    for blob in wanted:
        if blob.size > nodes.MAX_BYTES * 4:
            name = f"{place.commit[:8]}:{blob.path}"
            log.add(Problem("R005", f"more than {nodes.MAX_BYTES} characters", "split the file by rate zone", name))
    for blob, data in git.contents([blob for blob in wanted if blob.size <= nodes.MAX_BYTES * 4]):
        file = f"{place.commit[:8]}:{blob.path}"
        zone = store.load_data(data, name=PurePosixPath(blob.path).stem, file=file, origin="user", log=log)
        if zone is not None:
            zones.append(zone)
    return zones


def _is_zone_file(path: str, folder: str) -> bool:
    """The same files that `store.paths_in` finds on disk."""
    name = PurePosixPath(path).name
    if path == folder:
        return name.lower() not in store.NOT_ZONES
    inside = PurePosixPath(path).relative_to(folder) if folder else PurePosixPath(path)
    hidden = any(part.startswith(".") for part in inside.parts[:-1])
    return len(inside.parts) <= 2 and inside.suffix in (".yaml", ".yml") and name.lower() not in store.NOT_ZONES and not hidden


def _is_file(place: Place) -> bool:
    """Whether a place is one file."""
    if place.commit:
        return [blob.path for blob in git.blobs(place.commit, place.path or "")] == [place.path]
    return os.path.isfile(str(place.path))


def _alike(base: Book, head: Book, files: list[bool]) -> tuple[Book, Book]:
    """Beside a single file, the other side is the zone of that name, else the one that shares a region with it."""
    if files[1]:
        return _narrowed(base, head), head
    if files[0]:
        return base, _narrowed(head, base)
    return base, head


def _narrowed(book: Book, single: Book) -> Book:
    """A book with only the zone that the single file of the other side speaks of, under that file's name."""
    ((key, zone),) = single.zones.items()
    same = [other for other in book.zones.values() if (other.platform, other.name) == key]
    shared = [other for other in book.zones.values() if other.platform == key[0] and set(other.regions) & set(zone.regions)]
    narrowed = (same or shared)[:1]
    return book._replace(zones={key: narrowed[0]._replace(name=key[1])} if narrowed else {})
