"""Rate files on disk: where they are, which one covers a region, loading them with all their problems.

Of the shipped zone files only those a command needs are read whole, of the others just the first keys. A user's files are
few and all read whole: one that is wrong must be refused, never passed over in favour of a shipped one.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import yaml

import diamondctl
from diamondctl.problems import Problem, ProblemLog, Refusal
from diamondctl.ratebook import facts, layout, unseen
from diamondctl.ratebook.entries import Zone, uncovered
from diamondctl.ratebook.zone_format import build_zone
from diamondctl.regions import REGIONS, meant
from diamondctl.yamlfile import nodes

if TYPE_CHECKING:  # only event logs need them
    from diamondctl.ratebook.evidence_format import Evidence
    from diamondctl.ratebook.gifts import Catalogue, GiftFile

_DEEPEST = 16  # levels of folders, where every one is looked into
HOW_TO_WRITE = "write your own: diamondctl rates new {}; then use --rates DIR"


class ZoneFile(NamedTuple):
    """A zone file that has been found, not yet read whole."""

    path: Path
    file: str  # how it is named in output
    origin: str  # shipped | user
    platform: str
    regions: tuple[str, ...]
    zone: Zone | None = None  # of a user's file, which has been read whole


def shipped_folder() -> Path:
    """The rate files that came with this installation (in a checkout: the `rates/` beside the package)."""
    package = Path(diamondctl.__file__).parent
    packed = package / "shipped_rates"
    return packed if packed.is_dir() else package.parent / "rates"


def paths_in(folder: Path) -> list[Path]:
    """Zone files of a rates folder, in order of path; or the one file given. What it is otherwise, `load` says.

    Refuses (F001) a folder that cannot be read.
    """
    return [_path(folder, item) for item in listing(folder, links=True).zones]


def gift_paths_in(folder: Path) -> list[Path]:
    """Gift catalogues of a rates folder, in order of path; or the one file given."""
    return [_path(folder, item) for item in listing(folder, links=True).gifts]


def _is_evidence(path: Path) -> bool:
    """Whether the first line that says anything is the mark of a calibration."""
    from diamondctl.ratebook.evidence_format import MARK

    try:
        if not path.is_file():
            return False
        with path.open(encoding="utf-8", errors="replace") as stream:
            said = (line for line in stream.read(nodes.MAX_BYTES).splitlines() if line.strip() and not line.startswith("#"))
            return next(said, "").startswith(MARK)
    except OSError:
        return False


def load_evidence(path: Path, *, file: str, log: ProblemLog) -> Evidence | None:
    """Read one calibration. Logs every problem of the file and returns None when there is any."""
    from diamondctl.ratebook.evidence_format import build_evidence

    before = log.total
    data = read(path, file, log)
    root = None if data is None else _tree(data, file, log)
    return None if root is None or log.total > before else build_evidence(root, log)


def facts_path(user_folder: Path | None) -> Path:
    """The facts about platforms: the user's, where her folder has them, else those that came with this installation."""
    mine = user_folder / layout.FACTS if user_folder is not None else None
    return mine if mine is not None and mine.is_file() else shipped_folder() / layout.FACTS


def load_facts(path: Path, *, file: str, origin: str, log: ProblemLog) -> Zone | None:
    """Read facts about platforms. Logs every problem of the file and returns None when there is any."""
    data = read(path, file, log)
    return None if data is None else facts.load(data, file=file, origin=origin, log=log)


def listing(folder: Path, *, links: bool = False, deep: bool = False) -> layout.Layout:
    """What a rates folder holds, or the one file given, whose path inside is empty.

    With `links` they count as what they lead to, as where an installation is made of them. Unless it is `deep`, folders too
    deep for a rate file are not looked into.
    """
    if not folder.is_dir():
        item = layout.Item((), "file")
        if folder.name in layout.GIFTS:
            return layout.Layout((), (item,), ())
        if folder.name == layout.FACTS:
            return layout.Layout((), (), (), (), (item,))
        return layout.Layout((), (), (), (item,)) if _is_evidence(folder) else layout.Layout((item,), (), ())
    return layout.sort_out(_items(folder, (), links, _DEEPEST if deep else 3))


def _items(folder: Path, parts: tuple[str, ...], links: bool, levels: int) -> Iterator[layout.Item]:
    for path in _inside(folder):
        inner = (*parts, path.name)
        if path.is_symlink() and not links:
            yield layout.Item(inner, "link")
        elif path.is_dir() and (not path.name.lower().endswith(layout.ENDINGS) or any(path.iterdir())):
            if len(inner) < levels and not path.name.startswith("."):
                yield from _items(path, inner, links, levels)
        else:
            yield layout.Item(inner, "file" if path.is_file() or links else "other")


def _path(folder: Path, item: layout.Item) -> Path:
    return folder.joinpath(*item.parts)


def strays(folder: Path, found: layout.Layout, *, every: bool = True) -> Iterator[Problem]:
    """What nobody reads in a folder (R031); without `every` only what a person would take for a rate file."""
    for item, why in found.strays:
        if every or layout.alike(item):
            yield layout.problem(item, why, str(_path(folder, item)))


def linked(path: Path) -> bool:
    """Whether a folder that is named is a link, or lies behind one: then what it holds is not what git has at that path."""
    # What leads to the repository may be a link.
    return any(part.is_symlink() for part in ((path,) if path.is_absolute() else (path, *path.parents)))


def _inside(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        hint = "check its permissions"
        raise Refusal(Problem("F001", f"cannot be read: {error.strerror}", hint, name_of(folder, folder))) from None


def name_of(path: Path, folder: Path) -> str:
    """How a file of a user's rates folder (or that one file) is named in output: never by where the folder lies.

    As it was given where that is relative, or from the working folder on where it lies in there; else from the name of the
    rates folder on.
    """
    if not path.is_absolute():
        return str(path)
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError):
        return path.relative_to(folder.parent).as_posix()


def load(path: Path, *, file: str, origin: str, log: ProblemLog) -> Zone | None:
    """Read one zone file whole. Logs every problem of the file and returns None when there is any."""
    data = read(path, file, log)
    return None if data is None else load_data(data, name=path.stem, file=file, origin=origin, log=log)


def load_data(data: bytes, *, name: str, file: str, origin: str, log: ProblemLog) -> Zone | None:
    """The same from the bytes of a file that is called `file` in output; `name` is the zone's."""
    before, kept = log.total, len(log.problems)
    root = _tree(data, file, log)
    if root is None or any(problem.message.startswith("alias") for problem in log.problems[kept:]):
        return None  # an alias stands for a value that is not there to be checked
    # A tree with forbidden parts is still checked, so that one run names everything.
    zone = build_zone(root, name=name, sha256=hashlib.sha256(data).hexdigest(), origin=origin, log=log)
    return zone if log.total == before else None


def load_gifts(path: Path, *, file: str, origin: str, log: ProblemLog) -> GiftFile | None:
    """Read one gift catalogue. Logs every problem of the file and returns None when there is any."""
    data = read(path, file, log)
    if data is not None and origin == "shipped" and (made := _made_from(path, file, data)) is not None:
        return made
    return None if data is None else load_gift_data(data, file=file, origin=origin, log=log)


def load_gift_data(data: bytes, *, file: str, origin: str, log: ProblemLog) -> GiftFile | None:
    """The same from the bytes of a file that is called `file` in output."""
    from diamondctl.ratebook.gift_format import build_gifts

    before = log.total
    root = _tree(data, file, log)
    if root is None or log.total > before:
        return None
    return build_gifts(root, sha256=hashlib.sha256(data).hexdigest(), origin=origin, log=log)


def _made_from(path: Path, file: str, data: bytes) -> GiftFile | None:
    """The same catalogue from the form beside it that is fast to read; None where that was not made of these bytes."""
    from diamondctl.ratebook import gift_cache

    try:
        text = path.with_suffix(".json").read_bytes()
    except OSError:
        return None
    return gift_cache.load(text, file=file, sha256=hashlib.sha256(data).hexdigest())


def tree(data: bytes, file: str) -> nodes.Node | None:
    """What can be read of a file, whatever is wrong with it: what cannot be seen is a blank, as it looks like."""
    log = ProblemLog(keep=0)
    text = nodes.decode(data, file, log)
    if text is None:
        return None
    text = unseen.blanked(text)
    ends = [found.start() for found in re.finditer(r"(?m)^---(?=\s|$)", text)]
    # Of several documents the first counts, whatever comes after it.
    roots = (nodes.parse(text[:end], file, log) for end in (None, *ends) if end != 0)
    return next((root for root in roots if root is not None), None)


def catalogue(platform: str, user_folder: Path | None) -> Catalogue:
    """The gift catalogue of a platform, the user's beside the shipped one; refuses every problem of the files."""
    from diamondctl.ratebook.gifts import Catalogue

    log = ProblemLog()
    folder = shipped_folder()
    files = [
        load_gifts(path, file=path.relative_to(folder).as_posix(), origin="shipped", log=log) for path in gift_paths_in(folder)
    ]
    if user_folder is not None:
        mine = [
            (path, load_gifts(path, file=name_of(path, user_folder), origin="user", log=log))
            for path in gift_paths_in(user_folder)
        ]
        for path, gifts in mine:
            if gifts is not None and (problem := misplaced(gifts, path, user_folder)):
                log.add(problem)
        files = [gifts for _, gifts in mine] + files
    log.refuse_if_any()
    return Catalogue(file for file in files if file is not None and file.platform == platform)


def catalogue_zone(platform: str, user_folder: Path | None) -> list[Zone]:
    """The same as one zone, whose fingerprint is that of all its files; nothing where a platform has none."""
    from diamondctl.ratebook.gifts import as_zone

    files = catalogue(platform, user_folder).files
    if len(files) < 2:
        return [as_zone(file) for file in files]
    joined = hashlib.sha256("".join(file.sha256 for file in files).encode("ascii")).hexdigest()
    return [as_zone(files[0])._replace(sha256=joined)]


def _tree(data: bytes, file: str, log: ProblemLog) -> nodes.Node | None:
    """The YAML tree of a file, with what is forbidden in it already in the log."""
    if len(data) > nodes.MAX_BYTES * 4:
        log.add(Problem("R005", f"more than {nodes.MAX_BYTES} characters", "split the file by rate zone", file))
        return None
    text = nodes.decode(data, file, log)
    if text is None:
        return None
    unseen.refuse(text, file, log)
    root = nodes.parse(text, file, log)
    if root is not None:
        unseen.refuse_escaped(root, log)
    return root


def read(path: Path, file: str, log: ProblemLog) -> bytes | None:
    """The bytes of a rate file on disk, which must be a regular one (F001, F002)."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # before it is opened: a pipe would wait for ever
            log.add(Problem("F002", "not a regular file", "a rate file is a text file", file))
            return None
        with path.open("rb") as stream:
            return stream.read(nodes.MAX_BYTES * 4 + 1)
    except OSError as error:
        log.add(Problem("F001", f"cannot be read: {error.strerror}", "", file))
        return None


def find(user_folder: Path | None) -> list[ZoneFile]:
    """Every zone file, the user's before the shipped ones. Refuses with every problem of the user's files."""
    folder = shipped_folder()
    shipped = [_peek(path, path.relative_to(folder).as_posix()) for path in paths_in(folder)]
    return (_users(user_folder) if user_folder is not None else []) + shipped


def _users(folder: Path) -> list[ZoneFile]:
    found = listing(folder)
    paths = [_path(folder, item) for item in found.zones]
    log = ProblemLog()
    for stray in strays(folder, found, every=False):
        log.add(stray)
    log.refuse_if_any()
    if not paths and not found.gifts:
        raise Refusal(Problem("R025", "no rate file here", "it should hold <platform>/<zone>.yaml", name_of(folder, folder)))
    files = []
    for path in paths:
        zone = load(path, file=name_of(path, folder), origin="user", log=log)
        if zone is not None:
            zone = zone._replace(elsewhere=path.is_absolute() and not Path(zone.file).exists())
            if problem := misplaced(zone, path, folder):
                log.add(problem)
            files.append(ZoneFile(path, zone.file, zone.origin, zone.platform, zone.regions, zone))
    log.refuse_if_any()
    return files


def misplaced(zone: Zone | GiftFile, path: Path, folder: Path) -> Problem | None:
    """What is wrong with the platform of a file: another one than its folder says (R024), or a misspelt one (R009)."""
    if folder.is_dir() and path.parent != folder and path.parent.name != zone.platform:
        message = f"the folder says '{path.parent.name}', the file says platform: {zone.platform}"
        return Problem("R024", message, "move the file or correct it", zone.file, 1)
    platforms = sorted({item.parent.name for item in paths_in(shipped_folder())})
    near = difflib.get_close_matches(zone.platform, platforms, 1, 0.8)
    if zone.platform not in platforms and near:
        hint = "correct it, or choose a name that cannot be mistaken"
        return Problem("R009", f"platform '{zone.platform}' looks like '{near[0]}'", hint, zone.file, 1)
    return None


def _peek(path: Path, file: str) -> ZoneFile:
    """Platform and regions from the first keys of a shipped file; one where they are not is loaded whole to say why."""
    platform, regions = "", []
    try:
        with path.open("rb") as stream:
            text = stream.read(nodes.MAX_BYTES).decode("utf-8-sig", "replace")
        depth, key, events = 0, "", yaml.parse(text, Loader=nodes.LOADER)
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                if depth == 1 and not key:
                    key = event.value
                    continue
                if depth == 1 and key == "platform":
                    platform = event.value
                if depth == 2 and key == "regions":
                    regions.append(event.value)
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > nodes.MAX_DEPTH:
                    break
                if depth == 1:
                    continue
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth <= 1:
                key = ""
            if platform and regions and depth <= 1:
                return ZoneFile(path, file, "shipped", platform, tuple(regions))
    except (OSError, ValueError, yaml.YAMLError):
        pass
    log = ProblemLog()
    zone = load(path, file=file, origin="shipped", log=log)
    log.refuse_if_any()
    if zone is None:
        raise AssertionError(f"{file}: not loaded, and yet no problem")
    return ZoneFile(path, file, "shipped", zone.platform, zone.regions, zone)  # what could not be opened can be now


def load_all(rates: Path | None, platform: str, *, may_be_none: bool = False) -> list[Zone]:
    """Every zone of a platform; a shipped one of which the user's files cover every region is left out.

    Refuses (A006) a platform of which there is none, unless there `may_be_none`.
    """
    log = ProblemLog()
    zones: list[Zone] = []
    taken: set[str] = set()
    for item in find(rates):
        if item.platform != platform:
            continue
        if item.origin == "shipped" and taken.issuperset(item.regions):
            continue
        if item.origin == "user":
            taken.update(item.regions)
        zone = item.zone or load(item.path, file=item.file, origin=item.origin, log=log)
        if zone is not None:
            zones.append(zone)
    log.refuse_if_any()
    if not zones and not may_be_none:
        raise Refusal(Problem("A006", f"no rate file for platform '{platform}'", "see: diamondctl rates list"))
    return zones


def covered(platform: str, user_folder: Path | None) -> frozenset[str]:
    """The regions of a platform that a rate file covers."""
    return frozenset(region for item in find(user_folder) if item.platform == platform for region in item.regions)


def zones_for(platform: str, regions: Iterable[str], user_folder: Path | None, *, known_only: bool = False) -> dict[str, Zone]:
    """The zone of each region, the user's file before the shipped one; `uncovered` where no file covers one that exists.

    Refuses an unknown platform (A006), a region that does not exist (A005, listing the covered ones; `known_only`: any that
    no file covers) and every problem of the files needed.
    """
    files = find(user_folder)
    platforms = sorted({item.platform for item in files})
    if platform not in platforms:
        raise Refusal(Problem("A006", f"no rate file for platform '{platform}'", "there are: " + ", ".join(platforms)))
    files = [item for item in files if item.platform == platform]
    log = ProblemLog()
    loaded: dict[Path, Zone | None] = {}
    zones: dict[str, Zone] = {}
    for region in sorted(set(regions)):
        claims = [item for item in files if region in item.regions]
        if not claims and region in REGIONS and not known_only:
            zones[region] = uncovered(platform, region)
            continue
        if not claims:
            names = ", ".join(sorted({name for item in files for name in item.regions}))
            way = HOW_TO_WRITE.format(region) if region in REGIONS else meant(region) or f"no country is called {region}"
            log.add(Problem("A005", f"no rate file covers region {region}", f"covered: {names}; {way}"))
            continue
        origin = claims[0].origin
        if len([item for item in claims if item.origin == origin]) > 1:
            log.add(Problem("R016", f"region {region} is claimed by {claims[0].file} too", "", claims[1].file))
            continue
        item = claims[0]
        if item.path not in loaded:
            loaded[item.path] = item.zone or load(item.path, file=item.file, origin=item.origin, log=log)
        zone = loaded[item.path]
        if zone is not None:
            zones[region] = zone
    log.refuse_if_any()
    return zones
