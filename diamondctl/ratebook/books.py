"""Two sets of rate files to compare, each from a file, a folder, a git revision or REVISION:PATH."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook import facts, git, layout, salvage, store
from diamondctl.ratebook.entries import Zone
from diamondctl.ratebook.gifts import as_zone
from diamondctl.yamlfile import nodes

DEFAULT: Final = "rates"
AUTO: Final = "auto"
_NO_REPOSITORY: Final = ("not a git repository", "not installed")


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
    """Zones of a place, by platform and name; a gift catalogue is one without regions."""

    name: str
    zones: dict[tuple[str, str], Zone]
    problems: tuple[Problem, ...] = ()  # of a base, which can only be read as far as it goes
    broken: frozenset[tuple[str, str]] = frozenset()  # its zones of which only a part could be read

    def regions(self, platform: str) -> dict[str, Zone]:
        """Each region of a platform and its zone. Where two files claim one, the first: `rates check` speaks of it."""
        zones: dict[str, Zone] = {}
        for zone in self.zones.values():
            if zone.platform == platform:
                for region in zone.regions:
                    zones.setdefault(region, zone)
        return zones


class Sides(NamedTuple):
    """What is to be compared, as it was said. With `revision` or `fork` there is no `base`."""

    base: str = ""
    head: str = ""
    revision: str = ""  # REV or REV:PATH, never a file
    fork: str = ""  # the base is where this revision and the other side parted; `AUTO`: the usual branch


def read_both(sides: Sides) -> tuple[Book, Book]:
    """Both sides; a head that is not named is `rates/` on disk, or the path that the revision names.

    A bare revision is looked at where the other side is, and holds no rates when there are none. When one side is a single
    file, only its zone is compared. Of the base everything counts that can be read, and its problems are told.
    Refuses places that are not there (R301), a git that cannot be asked (R302), a name that could mean two places (R303) and
    every problem of the head's files.
    """
    first = _base(sides)
    if sides.head:
        second = _place(sides.head)
    elif first.commit and first.path:
        second = Place("", "", os.path.join(git.top(), first.path))  # noqa: PTH118 (the path is git's, and may be anything)
    else:
        second = Place("", "", DEFAULT)
        if not os.path.exists(DEFAULT):
            hint = "name HEAD too: a file, a folder or a git revision"
            raise Refusal(Problem("R301", f"there is no folder {DEFAULT} here to compare with", hint))
    if sides.fork:
        first = _parted(first, second)
    first, second = _fill(first, second), _fill(second, first)
    log = ProblemLog()
    base, head = _read(first, None), _read(second, log)
    log.refuse_if_any()
    return _alike(base, head, [_is_file(place) for place in (first, second)])


_USUAL: Final = ("remotes/origin/HEAD", "remotes/origin/main", "remotes/origin/master", "heads/main", "heads/master")


def _base(sides: Sides) -> Place:
    named = [text for text in (sides.base, sides.revision, sides.fork) if text]
    if len(named) != 1:
        what = "one base: BASE, --base-rev or --merge-base"
        raise Refusal(Problem("R301", f"{'several bases are' if named else 'no base is'} named", f"name {what}"))
    if sides.fork != AUTO:
        return _place(sides.base) if sides.base else _revision(named[0])
    for name in _USUAL:
        if (commit := git.commit_of(f"refs/{name}")) is not None:
            return Place(name.partition("/")[2], commit, None)
    if git.commit_of("HEAD") is None:  # the very first commit is being made
        return Place("nothing", git.empty_tree(), None)
    hint = "fetch it, or name another: --merge-base REF"
    raise Refusal(Problem("R301", "there is no branch main or master here, nor one of origin's", hint))


def _place(text: str) -> Place:
    """A path, or else a revision. Whoever names files could name one like a revision, so what is both is neither (R303)."""
    if not os.path.lexists(text):
        return _revision(text)
    if (here := _commit_beside_path(text.partition(":")[0])) is not None:
        inside = text if Path(text).is_absolute() else f"./{text}"
        hint = f"write {inside} for the path; --base-rev {text} or --merge-base {text} for the revision of the base"
        raise Refusal(Problem("R303", f"'{text}' is a path, and a git revision too ({here[:8]})", hint))
    if store.linked(Path(text)):
        raise Refusal(Problem("R031", "a link, which may lead anywhere", "name what it leads to", text))
    return Place(text, "", text)


def _commit_beside_path(text: str) -> str | None:
    """The commit that a path names too. Where there is no git or no repository it names none."""
    try:
        return git.commit_of(text)
    except Refusal as refusal:
        if refusal.problems[0].code == "R302" and any(word in refusal.problems[0].message for word in _NO_REPOSITORY):
            return None
        raise


def _revision(text: str) -> Place:
    revision, colon, path = text.partition(":")
    commit = git.commit_of(revision)
    if commit is None:
        hint = "in a shallow clone older revisions are missing: fetch more history"
        raise Refusal(Problem("R301", f"'{text}' is neither a file, a folder nor a git revision", hint))
    return Place(text, commit, path.strip("/") if colon else None)


def _parted(base: Place, head: Place) -> Place:
    here = head.commit or git.commit_of("HEAD")
    if here is None:
        return base
    commit = git.merge_base(base.commit, here)
    if commit is None:
        hint = "in a shallow clone older revisions are missing: fetch more history"
        raise Refusal(Problem("R301", f"'{base.text}' has no commit in common with what is compared", hint))
    return base._replace(commit=commit)


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


class _File(NamedTuple):
    """One rate file of a place, read."""

    name: str  # in output
    stem: str
    folder: str  # of the platform; blank where it stands beside the platforms
    gifts: bool
    data: bytes


def _read(place: Place, log: ProblemLog | None) -> Book:
    """Everything that a place holds. Without a `log`, its problems are kept in the book, and what can be read counts."""
    problems = log or ProblemLog(keep=1_000)
    zones: dict[tuple[str, str], Zone] = {}
    broken = set[tuple[str, str]]()
    for file in _from_git(place, problems) if place.commit else _from_disk(place, problems):
        zone = _zone(file, problems)
        whole = zone is not None
        if zone is None and log is None:
            zone = _salvaged(file)
        if zone is None:
            continue
        key = (zone.platform, zone.name)
        if whole and file.folder and file.folder != zone.platform:
            message = f"the folder says '{file.folder}', the file says platform: {zone.platform}"
            problems.add(Problem("R024", message, "move the file or correct it", file.name, 1))
        if not whole:
            broken.add(key)
        first = zones.setdefault(key, zone)
        if first is not zone:
            message = f"zone {zone.platform}/{zone.name} stands in {first.file} too"
            problems.add(Problem("R016", message, "keep one of them", zone.file, zone.line))
    return Book(place.name, zones, () if log else tuple(problems.problems), frozenset(broken))


def _zone(file: _File, log: ProblemLog) -> Zone | None:
    if file.name.endswith(layout.FACTS):
        return facts.load(file.data, file=file.name, origin="user", log=log)
    if not file.gifts:
        return store.load_data(file.data, name=file.stem, file=file.name, origin="user", log=log)
    gifts = store.load_gift_data(file.data, file=file.name, origin="user", log=log)
    return gifts and as_zone(gifts)


def _salvaged(file: _File) -> Zone | None:
    if file.name.endswith(layout.FACTS):
        return None
    root = store.tree(file.data, file.name)
    if root is None:
        return None
    sha256 = hashlib.sha256(file.data).hexdigest()
    if file.gifts:
        gifts = salvage.gifts_of(root, platform=file.folder, sha256=sha256)
        return gifts and as_zone(gifts)
    return salvage.zone_of(root, name=file.stem, platform=file.folder, sha256=sha256)


def _from_disk(place: Place, log: ProblemLog) -> Iterator[_File]:
    folder = Path(str(place.path))
    found = store.listing(folder, deep=True)
    if layout.nothing(found):
        raise Refusal(Problem("R025", "no rate file here", "it should hold <platform>/<zone>.yaml", place.name))
    for problem in store.strays(folder, found):
        log.add(problem)
    for gifts, items in ((False, (*found.zones, *found.facts)), (True, found.gifts)):
        for item in items:
            path = folder.joinpath(*item.parts)
            data = store.read(path, str(path), log)
            if data is not None:
                yield _File(str(path), path.stem, item.parts[0] if len(item.parts) == 2 else "", gifts, data)


def _from_git(place: Place, log: ProblemLog) -> Iterator[_File]:
    blobs, found = _layout(place)
    if layout.nothing(found) and ":" in place.text:  # what was spelt out is there, or misspelt
        hint = "it should hold <platform>/<zone>.yaml; another folder is written REVISION:FOLDER"
        raise Refusal(Problem("R025", "no rate file here", hint, place.name))
    for item, why in found.strays:
        log.add(layout.problem(item, why, f"{place.commit[:8]}:{blobs[item.parts].path}"))
    wanted = []
    for item in (*found.zones, *found.gifts, *found.facts):
        blob, file = blobs[item.parts], f"{place.commit[:8]}:{blobs[item.parts].path}"
        if blob.kind != "file":
            log.add(Problem("F002", "not a regular file", "a rate file is a text file", file))
        elif blob.size > nodes.MAX_BYTES * 4:
            log.add(Problem("R005", f"more than {nodes.MAX_BYTES} characters", "split the file by rate zone", file))
        else:
            wanted.append((blob, item))
    read = git.contents([blob for blob, _ in wanted])
    for (blob, item), (_, data) in zip(wanted, read, strict=True):
        path = PurePosixPath(blob.path)
        folder = item.parts[0] if len(item.parts) == 2 else ""
        yield _File(f"{place.commit[:8]}:{blob.path}", path.stem, folder, item in found.gifts, data)


def _layout(place: Place) -> tuple[dict[tuple[str, ...], git.Blob], layout.Layout]:
    """What a place in git holds, by the same rule as a folder on disk; a single file by an empty path inside."""
    folder = place.path or ""
    blobs = git.blobs(place.commit, folder)
    if [blob.path for blob in blobs] == [folder]:
        item = layout.Item((), blobs[0].kind)
        if item.kind != "file":
            return {(): blobs[0]}, layout.Layout((), (), ((item, "a link, which may lead anywhere"),))
        if PurePosixPath(folder).name == layout.FACTS:
            return {(): blobs[0]}, layout.Layout((), (), (), (), (item,))
        gifts = PurePosixPath(folder).name in layout.GIFTS
        return {(): blobs[0]}, layout.Layout(() if gifts else (item,), (item,) if gifts else (), ())
    inside = {PurePosixPath(blob.path).relative_to(folder).parts: blob for blob in blobs}
    return inside, layout.sort_out(layout.Item(parts, blob.kind) for parts, blob in inside.items())


def _is_file(place: Place) -> bool:
    """Whether a place is one file."""
    if place.commit:
        return [blob.path for blob in git.blobs(place.commit, place.path or "")] == [place.path]
    return os.path.isfile(str(place.path))


def _alike(base: Book, head: Book, files: list[bool]) -> tuple[Book, Book]:
    """Beside a single file, the other side is the zone of that name, else the one that shares a region with it."""
    if files[1] and head.zones:
        return _narrowed(base, head), head
    if files[0] and base.zones:
        return base, _narrowed(head, base)
    return base, head


def _narrowed(book: Book, single: Book) -> Book:
    """A book with only the zone that the single file of the other side speaks of, under that file's name."""
    ((key, zone),) = single.zones.items()
    same = [other for other in book.zones.values() if (other.platform, other.name) == key]
    shared = [other for other in book.zones.values() if other.platform == key[0] and set(other.regions) & set(zone.regions)]
    narrowed = (same or shared)[:1]
    return book._replace(zones={key: narrowed[0]._replace(name=key[1])} if narrowed else {})
